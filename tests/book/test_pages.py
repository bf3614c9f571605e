"""What a page may call by name, and nothing else: no text in a page is ever run."""

import json
import re

import pytest
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from analysis import paths
from analysis.book.values import substitute
from analysis.patches.pages import substitute_names_only

NAMES = {"trees": "rund 12.500", "circle": "{{ circle }}", "name": "{{ trees }}"}
RUN = "{{{{ {} }}}}".format
PROGRAMS = [
    "7*7", "env", "cycler", "cycler.__init__.__globals__.os.popen('echo ran').read()",
    "trees|upper", "'a'", "trees.__class__", "self", "range(3)", "lipsum.__globals__",
    "namespace()", "[].__class__", "trees ~ trees",
]  # fmt: skip


def read(page):
    """The parsed page as text, and the complaints about it."""
    substitute_names_only(substitute)
    complaints = []
    settings = {
        "myst_enable_extensions": ["substitution"],
        "myst_substitutions": NAMES,
        "report_level": 5,
    }
    settings |= {"myst_suppress_warnings": [], "warning_stream": False}
    doctree = publish_doctree(
        page, source_path="de/page.md", parser=Parser(), settings_overrides=settings
    )
    complaints = [message.astext() for message in doctree.parse_messages]
    return doctree.astext(), complaints


@pytest.mark.parametrize("program", PROGRAMS)
def test_braces_run_nothing(program):
    text, (complaint,) = read(f"# Titel\n\nVorher {RUN(program)} nachher.")
    assert text == "Titel\n\nVorher  nachher."
    assert complaint.startswith(
        f"de/page.md:3: (ERROR/3) {RUN(program)} is no fact, and no notebook saved such a value"
    )


def test_a_name_is_replaced_by_what_goes_by_it():
    assert read("{{ trees }} Bäume und {{name}}") == ("rund 12.500 Bäume und rund 12.500", [])


def test_an_unknown_name_is_answered_with_the_nearest():
    assert "did you mean 'trees'?" in read("{{ tres }}")[1][0]


def test_a_name_that_calls_itself_is_named():
    assert "calls itself" in read("{{ circle }}")[1][0]


@pytest.mark.parametrize(
    "notebook", sorted((paths.root() / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_no_notebook_makes_markup_of_data(notebook):
    cells = [
        cell
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    code = "\n".join("".join(cell["source"]) for cell in cells)
    assert not re.search(
        r"\b(HTML|Markdown|Latex|Javascript|SVG)\(|\.style\b(?!\.| import)"
        r"|\bto_(html|markdown|latex)\(",
        code,
    )
