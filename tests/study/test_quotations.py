"""The report retells the study: quotations are short and marked, no run of words is the study's."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from pages import RETELLING

from analysis import paths
from analysis.raw.study import read_study

BOOK = paths.root() / "book"
LONGEST_QUOTATION = 25  # words
LONGEST_RUN = (
    8  # words in a row that text of ours may share with the study: names of things are that long
)
# Shortened digests of every run of nine words of the study, which is not part of the project.
RUNS = Path(__file__).with_name("study_runs.txt")
QUOTED = re.compile(r"„([^“]*)“|“([^”]*)”")
MARKS = [
    (r"^(`{3,}).*?^\1", " "),  # directives without prose
    (r"\{(?:evidence|cite:\w|ref|numref)\}`[^`]*`", " "),
    (r"\{term\}`([^`<]*)(?:<[^>]*>)?`", r"\1"),
    (r"\{\{[^}]*\}\}", " … "),  # a number breaks a run
    (r"^#+ .*$", " … "),  # chapters bear the headings of the study
]
# Names that are longer than a run may be.
NAMES = ("Ministerium für Wirtschaft, Industrie, Klimaschutz und Energie",)


def text(page):
    content = page.read_text("utf-8")
    for pattern, instead in MARKS:
        content = re.sub(pattern, instead, content, flags=re.MULTILINE | re.DOTALL)
    return content


def pages(language):
    return [BOOK / language / f"{name}.md" for name in RETELLING]


def quotations(page):
    return ["".join(found) for found in QUOTED.findall(text(page))]


def runs(content, length=LONGEST_RUN + 1):
    """Every run of so many words; quotations, numbers of ours and names of things break it."""
    for name in NAMES:
        content = content.replace(name, "…")
    for part in re.split("…", QUOTED.sub("…", content)):
        words = re.findall(r"\w+", part.lower().replace("₂", "2"))
        yield from (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))


def digest(run):
    return sha256(run.encode()).hexdigest()[:8]


@pytest.fixture(scope="module")
def known():
    return set(RUNS.read_text("ascii").split())


@pytest.fixture(scope="module")
def study():
    return read_study(paths.root() / "data/raw", BOOK / "references.bib")


@pytest.mark.parametrize("language", paths.languages())
def test_quotations_are_few_and_short(language):
    found = [quotation for page in pages(language) for quotation in quotations(page)]
    long = [quotation for quotation in found if len(quotation.split()) > LONGEST_QUOTATION]
    assert not long
    assert sum(len(quotation.split()) for quotation in found) < 250


@pytest.mark.parametrize("name", RETELLING)
def test_the_editions_quote_the_same(name):
    german, english = (quotations(BOOK / language / f"{name}.md") for language in ("de", "en"))
    assert len(german) == len(english), (german, english)


def test_only_the_questions_of_the_guide_are_quoted_in_a_table(study):
    assert study["guide"]["question_de"].str.split().str.len().le(LONGEST_QUOTATION).all()


@pytest.mark.parametrize("page", pages("de"), ids=lambda page: page.stem)
def test_no_run_of_words_is_the_studys(page, known):
    assert [run for run in runs(text(page)) if digest(run) in known] == []


def test_no_text_in_a_table_is_the_studys(study, known):
    tables = [
        "units", "case_units", "claims", "measures", "prospects", "projects", "targets", "events",
        "governance", "actors", "influence", "comparison", "guide", "discrepancies", "summaries",
        "reporting",
    ]  # fmt: skip
    texts = [
        (table, column, cell)
        for table in tables
        for column in study[table]
        if column.endswith("_de") and column != "question_de"
        for cell in study[table][column].dropna()
    ]
    copied = [
        (table, column, run)
        for table, column, cell in texts
        for run in runs(cell)
        if digest(run) in known
    ]
    assert copied == []


def test_the_runs_are_those_of_the_study(known):
    # Words of the Building Code that chapter 4.1.2 quotes.
    quoted = "Eine menschenwürdige Umwelt zu sichern, die natürlichen Lebensgrundlagen zu schützen"
    assert next(digest(run) for run in runs(quoted)) in known
