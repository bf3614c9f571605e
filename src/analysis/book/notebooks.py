"""Executed notebooks as pages of the book: named by what tells their runs apart, their pictures
described, English marked; and the page that lists them.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from markupsafe import Markup

from analysis import paths
from analysis.book.crate import CODE
from analysis.book.directive import DataDirective
from analysis.book.imprint import binder
from analysis.book.names import Names
from analysis.book.nodes import address, details, label, link, paragraph, raw, spoken
from analysis.book.settings import BookError
from analysis.engine.runs import NotebookRun, each, notebook_runs
from analysis.files.markdown import first_heading
from analysis.wording import Wording

FOLDER = "notebooks/"
# What a page shows of an output; MyST-NB takes anything else in it for a mistake.
SHOWN = {
    "application/javascript", "text/html", "image/svg+xml", "image/png", "image/gif", "image/jpeg",
    "text/markdown", "text/plain",
}  # fmt: skip
PICTURES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
MISSING = re.compile(r"(?:!\[[^\]]*\]\(|src=[\"'])(attachment:[^\"')]+)")
PROMPT = '<p class="{state} admonition-title">'


def stage_notebooks(language: str, target: Path) -> None:
    """Lays out executed notebooks as pages, their code folded."""
    target.mkdir()
    for run in notebook_runs(language):
        notebook = json.loads(run.result.read_text("utf-8"))
        for number, cell in enumerate(notebook["cells"], start=1):
            if cell["cell_type"] == "code":
                cell["metadata"]["tags"] = sorted({*cell["metadata"].get("tags", []), "hide-input"})
                for output in cell["outputs"]:
                    if "data" in output:
                        output["data"] = showable(output["data"])
            elif missing := _lay_out_attachments(cell, run.name, target):
                raise BookError(
                    f"{paths.shown(run.source)}, cell {number}: shows {missing}, and no picture of "
                    "this name is in the cell; paste it again"
                )
        if not any(first_heading("".join(cell["source"])) for cell in _texts(notebook)):
            notebook["cells"].insert(0, _title(run.name))
        (target / run.result.name).write_text(
            json.dumps(notebook, ensure_ascii=False, indent=1), "utf-8"
        )


def _texts(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def _title(name: str) -> dict:
    """A heading for a notebook that has none, as every page needs one to be found by."""
    plain = PUNCTUATION.sub(r"\\\g<0>", name)
    return {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {plain}"}


def showable(data: dict) -> dict:
    """Of the ways to show an output those that a page knows; where it knows none, a text."""
    known = {kind: data[kind] for kind in data if kind in SHOWN}
    if known or not data:
        return known
    texts = [
        json.dumps(shown, ensure_ascii=False, indent=1) if "json" in kind else f"({kind})"
        for kind, shown in data.items()
    ]
    return {"text/plain": texts[0]}


def attachments(cell: dict) -> Iterator[tuple[str, str, str]]:
    """The pictures that somebody has pasted into a text: each as the text calls it, its kind, and
    its bytes as base64.
    """
    pasted = cell.get("attachments", {})
    for file in sorted(pasted, key=len, reverse=True):
        for kind in [kind for kind in PICTURES if kind in pasted[file]][:1]:
            for written in dict.fromkeys((file, quote(file))):
                yield f"attachment:{written}", kind, "".join("".join(pasted[file][kind]).split())


def _lay_out_attachments(cell: dict, name: str, target: Path) -> str | None:
    """Makes pasted pictures files beside the page; returns the name of one that is not there."""
    text = "".join(cell["source"])
    for written, kind, content in attachments(cell):
        picture = base64.b64decode(content)
        place = f"{name}-{hashlib.sha256(picture).hexdigest()[:8]}.{PICTURES[kind]}"
        (target / place).write_bytes(picture)
        text = text.replace(written, quote(place))
    cell["source"] = text
    cell.pop("attachments", None)
    missing = MISSING.search(text)
    return missing and missing[1]


def _finish(app, doctree: nodes.document) -> None:
    """Gives a notebook's page a label for links, a title of its own, and its pictures the texts
    of the published figure.

    Texts of data are added to the parsed page: in the notebook's Markdown they
    would be read as Markdown.
    """
    docname, language = app.env.docname, app.config.study_language
    if not docname.startswith(FOLDER):
        return
    name = docname.removeprefix(FOLDER)
    label(app.env, f"run-{name}", name, anchor="")
    run = _runs(language, paths.notebooks())[name]
    title = next(iter(doctree.findall(nodes.title)), nodes.title())
    alt = description(run) or title.astext()
    words, own = title.children, title_in(run)
    title.children = []
    title += spoken(language, nodes.Text(own)) if own else spoken("en", *words)
    if run.parameters:
        title += [nodes.Text(": "), spoken(language, nodes.Text(told_apart(run)))]
    if title.parent:
        title.parent.insert(1, _downloads(run))
    for heading in list(doctree.findall(nodes.title))[1:] if language != "en" else ():
        heading[:] = [spoken("en", *heading.children)]  # as it also stands in the contents
    for output in doctree.findall(nodes.container):
        if output.get("nb_element") == "cell_code_output" and not _prints(output):
            output["classes"].append(f"language-{language}")
    images = [image for image in doctree.findall(nodes.image) if "alt" not in image]
    for image in images:
        image["alt"] = alt
        image["classes"].append(f"language-{language}")
    if images and (long := _told(paths.figures(language), run, "alt")):
        said = paragraph("", spoken(language, nodes.Text(long.removeprefix(alt).strip())))
        summary = Wording(language)("described.alone")
        output = images[-1].parent
        at = output.index(images[-1]) + 1
        output[at:at] = details(summary, said, language=language)


def _prints(output: nodes.Element) -> bool:
    """Whether a cell prints, which is English; what else comes of it is texts of the data."""
    return any("stream" in block["classes"] for block in output.findall(nodes.literal_block))


@functools.cache
def _runs(language: str, _folder: Path) -> dict[str, NotebookRun]:
    """Every run by its name: each has a page."""
    return {run.name: run for run in notebook_runs(language)}


def _downloads(run: NotebookRun) -> nodes.raw:
    """The links to the notebook's plain page, to the files that can be taken away, and to where it
    can be run.
    """
    words = Wording(run.language)
    links = " ".join(
        f'<a href="{address("executed/", run.name, ".", ending)}"{how}>{html.escape(shown)}</a>'
        for ending, how in (("html", ""), ("ipynb", " download"))
        for shown in [words(f"executed.{ending}")]
    )
    committed = address("../", CODE, "/", run.source.name)
    links += f' <a href="{committed}" download>{html.escape(words("executed.committed"))}</a>'
    if run.source.is_relative_to(paths.root()) and (place := binder(paths.shown(run.source))):
        links += f' <a href="{html.escape(place)}">{html.escape(words("executed.binder"))}</a>'
    said = html.escape(words("executed"))
    return raw(f'<p class="study-downloads" lang="{run.language}">{said} {links}</p>')


def told_apart(run: NotebookRun) -> str:
    """The names of the values of a run's parameters."""
    names, columns = Names(Wording(run.language)), each(run.source)
    return ", ".join(names(columns[name], value) for name, value in run.parameters.items())


def title_in(run: NotebookRun) -> str:
    """What the notebook is called in the language of the edition; empty where texts do not say."""
    return Wording(run.language).known(f"notebook.{run.notebook}", "")


class NotebookList(DataDirective):
    """{notebook-list}: every run that has a page, with what it published: a small picture of the
    figure, and what the figure or table says.
    """

    def run(self):
        runs = _runs(self.config.study_language, paths.notebooks()).values()
        items = [nodes.list_item("", *self._card(run)) for run in runs]
        for run in runs:
            for folder in (paths.figures(run.language), paths.tables(run.language)):
                if (record := folder / f"{run.name}.json").is_file():
                    self.env.note_dependency(str(record))
        return [nodes.bullet_list("", *items, classes=["study-notebooks"])]

    def _card(self, run: NotebookRun) -> list[nodes.Node]:
        apart = f": {told_apart(run)}" if run.parameters else ""
        name = link(f"run-{run.name}", (title_in(run) or run.notebook) + apart)
        said = description(run)
        picture = f'<img src="{address("figures/", run.name, ".svg")}" alt="" loading="lazy">'
        shown = [raw(picture)] if said else []
        said = said or _told(paths.tables(run.language), run, "caption")
        return [*shown, paragraph("", nodes.strong("", "", name)), paragraph(said)]


def description(run: NotebookRun) -> str:
    """The alternative text of the figure that the run published: its headline, as its data is in
    the notebook; empty where it published none.
    """
    return _told(paths.figures(run.language), run, "headline")


def _told(folder: Path, run: NotebookRun, what: str) -> str:
    """What is said of what the run published in a folder; empty where it published nothing."""
    # and not asked first whether it exists: only what is opened counts as an input of the book
    try:
        return json.loads((folder / f"{run.name}.json").read_text("utf-8")).get(what, "")
    except FileNotFoundError:
        return ""


def _mark_languages(app, page: str, _template: str, context: dict, _doctree) -> None:
    """Marks pages of notebooks, which are English in every edition, for screen readers and
    hyphenation; their buttons are not.
    """
    if not page.startswith(FOLDER) or "body" not in context:
        return
    body = context["body"]
    for state in ("collapsed", "expanded"):
        prompt = PROMPT.format(state=state)
        body = body.replace(prompt, prompt.replace(">", f' lang="{app.config.study_language}">'))
    context["body"] = f'<div lang="en">{body}</div>'
    if not title_in(_runs(app.config.study_language, paths.notebooks())[page.removeprefix(FOLDER)]):
        context["title_language"] = "en"
    context["pagetitle"] = Markup(context["title"])


def register(app) -> None:
    """Registers the directive, and connects to the reading of pages, before Sphinx collects their
    titles, and to the writing, after the theme.
    """
    app.add_directive("notebook-list", NotebookList)
    app.connect("doctree-read", _finish, priority=100)
    app.connect("html-page-context", _mark_languages, priority=900)
