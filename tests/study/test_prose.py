"""The report's prose: no typed results, every figure told, links alive, German set as German."""

import itertools
import re

import pytest
import yaml
from pages import CHAPTERS, CONTEXT

from analysis import paths
from analysis.engine.runs import notebook_runs
from analysis.raw.study import read_study

BOOK = paths.root() / "book"
PAGES = sorted(BOOK.glob("*/*.md"))
# Digits that are not results: names, and what MyST needs.
NAMES = (
    r"SCI4climate\.NRW|IN4climate\.NRW|NRW\.Energy4Climate|Industrie 4\.0|Industry 4\.0|"
    r"H2-?Werkstatt|WCAG 2\.2|BITV 2\.0|"
    r"h2-netzwerk-ruhr|Carbon2Chem|Fit for 55|Artikel 28|Article 28|"
    r"SHA-?256|CC BY 4\.0|\bAC1\b|Python 3\.\d+|UTF-8|Windows-1252|Jupyter Book 1"
)
NOT_PROSE = [
    r"^---\n.*?\n---\n",  # front matter
    # what directives put there
    r"^(`{3,}|:{3,})\{(study-figure|study-table|study-result|list-of|codebook|code-matrix"
    r"|coded-statements|assumptions|data-dictionary|bibliography)\}.*?^\1",
    r"^```.*?^```",  # code
    r"\w+ \((?:19|20)\d\d\)",  # works on methods, which the list of references does not have
    r"`[^`\n]*`",  # code and roles: citations, references
    r"\{\{[^}]*\}\}",  # values
    r"\]\([^)]*\)",  # targets of links
    r"^\([\w-]+\)=$",  # labels
    r"^ *\d+\. ",  # numbered lists
    # places in the study
    r"(Kapiteln?|Abschnitt|chapters?|section) \d[\d.]*( und \d| and \d|, \d)?",
    NAMES,
]


def prose(page):
    text = page.read_text("utf-8")
    for pattern in NOT_PROSE:
        text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
    return text


def ids(page):
    return f"{page.parent.name}/{page.stem}"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_no_typed_results(page):
    typed = [line.strip() for line in prose(page).splitlines() if re.search(r"\d", line)]
    assert not typed, f"write a value such as {{{{ cement_output }}}} instead: {typed}"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_one_title_and_no_level_skipped(page):
    levels = [
        len(marks)
        for marks in re.findall(
            r"^(#+) ", re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S), re.M
        )
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name == "de"], ids=ids)
def test_german_pages_use_german_marks(page):
    text = prose(page)
    assert not re.search(r'"|“\w|»|«| - |CO2', text), re.findall(
        r'.{20}(?:"|“\w|»|«| - |CO2).{20}', text
    )
    assert text.count("„") == text.count("“")


@pytest.mark.parametrize("language", paths.languages())
def test_what_a_notebook_publishes_is_shown_once_and_told_in_the_text(language):
    text = "\n".join(page.read_text("utf-8") for page in PAGES if page.parent.name == language)
    for run in notebook_runs(language):
        shown = {
            label: text.count(f"\n```{{{directive}}} {run.name}\n")
            for directive, label in (("study-figure", "fig"), ("study-result", "result"))
        }
        assert max(shown.values()) == 1, run.name
        assert all(f"{{numref}}`{label}-{run.name}`" in text for label, n in shown.items() if n), (
            run.name
        )


@pytest.mark.parametrize("language", paths.languages())
def test_every_page_is_in_the_table_of_contents(language):
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))
    listed = {toc["root"]} | {
        entry["file"] for part in toc["parts"] for entry in part["chapters"] if "file" in entry
    }
    assert listed == {page.stem for page in PAGES if page.parent.name == language}


def retold(page):
    """What a chapter retells: its prose without headings, notes of our own, tables and roles."""
    text = prose(page)
    for pattern in (r"^(:{3,})\{compendium-note\}.*?^\1", r"^[#|].*?$", r"\{[\w:]+\}"):
        text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
    return " ".join(text.split())


@pytest.mark.parametrize("language", paths.languages())
def test_the_report_is_a_third_to_a_half_of_the_study(language):
    # The study's chapters 1 to 7 have about 48,500 characters with citations; lists of what there
    # is stand in figures and tables.
    length = sum(len(retold(BOOK / language / f"{name}.md")) for name in CHAPTERS)
    assert 16_000 < length < 20_400


@pytest.mark.parametrize("name", [*CHAPTERS, *CONTEXT])
@pytest.mark.parametrize("language", paths.languages())
def test_we_speak_in_notes_only(language, name):
    spoken = re.findall(
        r".{0,30}\b(?:wir|uns|unser\w*|we|us|our)\b.{0,30}", retold(BOOK / language / f"{name}.md")
    )
    assert not spoken, f"what is ours stands in a compendium-note: {spoken}"


def test_every_fact_named_in_prose_exists():
    facts = set(read_study(paths.root() / "data/raw", BOOK / "references.bib")["facts"]["fact_id"])
    named = {
        name
        for page in PAGES
        for name in re.findall(r"\{\{ *(\w+) *\}\}", page.read_text("utf-8"))
        if page.stem in CHAPTERS
    }
    computed = {name for name in named if name.endswith("_total") or name.startswith("pairs_")}
    assert named - computed <= facts, named - computed - facts
