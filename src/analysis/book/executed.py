"""Executed notebooks beside their pages: the notebook itself, to take away, and a plain page, made
by nbconvert, to be printed or read where nothing may run.
"""

from __future__ import annotations

import base64
import functools
import shutil
from pathlib import Path

import nbformat
from jupyter_core.paths import ENV_JUPYTER_PATH
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from traitlets.config import Config

from analysis import paths
from analysis.book.nodes import address
from analysis.book.notebooks import attachments, description, showable, told_apart
from analysis.book.settings import BookError
from analysis.book.upstream import mended
from analysis.book.weight import plainly
from analysis.engine.runs import notebook_runs
from analysis.files.markdown import first_heading
from analysis.wording import Wording

TEMPLATE = Path(__file__).with_name("executed.html.j2")
# What is shown of an output, best first: nothing that a program would have to draw.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


class _Exporter(HTMLExporter):
    """nbconvert's, without its second reading of every page, which takes most of the time and adds
    what the template has already: texts of pictures, parts to be reached by keyboard.
    """

    def from_notebook_node(self, nb, resources=None, **settings):
        self.register_filter("highlight_code", Highlight2HTML("ipython3", parent=self))
        return TemplateExporter.from_notebook_node(self, nb, resources, **settings)


@functools.cache
def _exporter() -> HTMLExporter:
    """One for all notebooks: it compiles the templates of this environment, nobody's own, once."""
    return _Exporter(
        template_file=str(TEMPLATE),
        template_data_paths=[f"{ENV_JUPYTER_PATH[0]}/nbconvert/templates"],
        config=Config(
            NbConvertBase={"display_data_priority": SHOWN},
            CSSHTMLHeaderPreprocessor={"style": "a11y-high-contrast-light"},
        ),
        embed_images=True,
        optimistic_validation=True,  # once, not before and after each of twelve changes
        exclude_anchor_links=True,
    )


def export(
    notebook: str, page: str, *, title: str, alt: str, language: str, figure: Path | None = None
) -> str:
    """An executed notebook as a page of HTML that runs nothing and asks no other host for anything.

    page: the name of that of the report. alt: what its pictures show, in `language`. figure: a
    picture that the site has in its folder `figures`, where the page shows it; any other it holds
    itself.
    """
    node = nbformat.v4.reads(notebook)
    node.metadata["title"] = title
    for cell in node.cells:
        for written, kind, content in attachments(cell):
            cell.source = cell.source.replace(written, f"data:{kind};base64,{content}")
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = showable(output.data)
    about = {"alt": alt or title, "alt_language": language if alt else "en", "edition": language}
    if figure and figure.is_file():
        about["figure"] = base64.b64encode(figure.read_bytes()).decode()
        about["figure_at"] = address("../../figures/", figure.name)
    about["page_at"] = address("../", page, ".html")
    about["page_said"] = Wording(language)("executed.page")
    return plainly(mended(_exporter().from_notebook_node(node, about)[0]))


def stage_executed(language: str, target: Path) -> None:
    """Lays out what a page of a notebook offers."""
    target.mkdir(parents=True)
    for run in notebook_runs(language):
        shutil.copy(run.result, target)
        notebook = run.result.read_text("utf-8")
        title = _title(notebook, run.name)
        if run.parameters:
            title += f": {told_apart(run)}"
        try:
            figure = paths.figures(language) / f"{run.name}.png"
            about = {"title": title, "alt": description(run), "language": language}
            page = export(notebook, run.name, **about, figure=figure)
        except Exception as error:  # nbconvert raises whatever it stumbles upon
            said = f"{paths.shown(run.source)} cannot be made a page of its own: {error}"
            raise BookError(said) from None
        (target / f"{run.name}.html").write_text(page, "utf-8")


def _title(notebook: str, name: str) -> str:
    """The first heading of a notebook; its name where it has none."""
    cells = nbformat.v4.reads(notebook).cells
    texts = (cell.source for cell in cells if cell.cell_type == "markdown")
    return next(filter(None, map(first_heading, texts)), name)
