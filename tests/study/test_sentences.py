"""Every sentence of the chapters leads to its evidence, and in every edition to the same.

A *reporting sentence* is any sentence of running text, list items included, of the summary, the
chapters and the pages on policy context, save

- what stands in a box *Note by the compendium*, in a table or in a directive, and headings, also
  bold ones at the beginning of a paragraph;
- questions: they claim nothing;
- sentences that tell where something is to be seen: a figure or another part of the report
  (`numref` or `ref` outside of brackets).

Items of a list that go on with a sentence belong to it.

It *carries evidence* if a mark stands behind it (`{evidence}`), if it is a finding (`{finding}`),
or if within it there is a number of a table or notebook (`{{ … }}`), a work of the literature or,
in brackets, one of our figures. A mark speaks for its own sentence only.
"""

import itertools
import re

import pytest
from pages import REPORTING

from analysis import paths
from analysis.book.sentences import sentences

BOOK = paths.root() / "book"
PAGES = sorted(BOOK.glob("*/*.md"))
LANGUAGES = paths.languages()
LEAST = 95  # so many per cent of the reporting sentences of a page carry evidence
# What is no text, and what takes its place.
NOT_TEXT = {
    r"\A---\n(?s:.*?)^---$": "\n",  # front matter
    r"^(`{3,}|:{3,})\{(?s:.*?)^\1$": "\n",  # directives, notes by the compendium among them
    r"^```(?s:.*?)^```$": "\n",  # code
    r"^#.*$": "\n",  # headings
    r"^\([\w-]+\)=$": "\n",  # labels
    r"^\|.*$": "\n",  # tables
    r"^\*\*[^*\n]+[.:]\*\*": "\n",  # headings at the beginning of a paragraph
    r"(?<=[\w,;:])\n+ *(?:[-*]|\d+\.)(?= )": "",  # signs of items that go on with a sentence
    r"^ *(?:[-*]|\d+\.) ": "\n",  # signs of other items, which are paragraphs of their own
}
ROLE = re.compile(r"\{([\w:]+)\}`([^`]*)`|\{\{[^}]*\}\}|`[^`]*`|\]\([^)]*\)")
MARK = re.compile(r"([.:!?][“”’)]*)\{evidence\}`([^`]*)`")
FIGURE = re.compile(r"\([^()]*\{numref\}`fig-[^()]*\)")
CARRIED = re.compile(r"\{evidence\}`|\{\{|\{(?:fact|number|value|finding|cite:\w+)\}`")
POINTER = re.compile(r"\{(?:num)?ref\}`")


def paragraphs(page):
    """The paragraphs of running text of a page, as lists of sentences."""
    # A mark stands behind the full stop; it waits before it while sentences are told apart.
    text = MARK.sub(r"{evidence}`\2`\1", page.read_text("utf-8"))
    for pattern, instead in NOT_TEXT.items():
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return [split(" ".join(part.split())) for part in re.split(r"\n\s*\n", text) if part.strip()]


def split(paragraph):
    """The sentences of a paragraph with their roles, whose own signs are no ends of sentences."""
    roles = []

    def hide(found):
        roles.append(found[0])
        return (found[2][0] if found[1] == "term" else "A") + f"\ue000{len(roles) - 1}\ue001"

    hidden = ROLE.sub(hide, paragraph)
    found = sentences(hidden)
    return [re.sub(r".\ue000(\d+)\ue001", lambda role: roles[int(role[1])], one) for one in found]


def reports(sentence):
    """Whether a sentence claims something of the world; see above."""
    return not sentence.endswith("?") and not POINTER.search(re.sub(r"\([^()]*\)", "", sentence))


def carries(sentence):
    """Whether it leads to evidence; see above."""
    return bool(CARRIED.search(sentence) or FIGURE.search(sentence))


def share(page):
    """How many per cent of the sentences that report carry evidence, and those that do not."""
    found = [sentence for paragraph in paragraphs(page) for sentence in paragraph]
    reported = list(filter(reports, found))
    bare = [sentence for sentence in reported if not carries(sentence)]
    return 100 * (1 - len(bare) / len(reported)), bare


@pytest.mark.parametrize("chapter", REPORTING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_that_report_lead_to_their_evidence(language, chapter):
    reached, bare = share(BOOK / language / f"{chapter}.md")
    assert reached >= LEAST, f"{reached:.0f} %; without evidence:\n" + "\n".join(bare)


@pytest.mark.parametrize("chapter", REPORTING)
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_editions_name_the_same_evidence_in_the_same_paragraph(language, chapter):
    first, other = (marked(BOOK / code / f"{chapter}.md") for code in (LANGUAGES[0], language))
    for number, (ours, theirs) in enumerate(itertools.zip_longest(first, other), start=1):
        where = f"paragraph {number} of {chapter}.md in {LANGUAGES[0]} and {language}"
        assert ours == theirs, where


def marked(page):
    """The ids in all marks, by paragraph: one edition may say in two sentences what another says in
    one.
    """
    texts = (" ".join(paragraph) for paragraph in paragraphs(page))
    found = (" ".join(re.findall(r"\{evidence\}`([^`]*)`", text)) for text in texts)
    return [sorted(set(names.split())) for names in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_mark_stands_right_behind_the_stop_and_names_no_row_twice(page):
    text = re.sub(r"(?ms)^```.*?^```$|``.*?``", "", page.read_text("utf-8"))
    assert not re.findall(r".{30}(?<![.:!?“”’)])(?<!\.\*\*)\{evidence\}", text)
    for _, names in MARK.findall(text):
        assert len(names.split()) == len(set(names.split())), names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_that_more_takes_money_is_never_said_without_what_stays_open(page):
    """The study says in one breath that funding is needed and that its effect is open."""
    named = {name for _, names in MARK.findall(page.read_text("utf-8")) for name in names.split()}
    assert ("funding-needed" in named) == ("resources-open-question" in named)


PAGE = """---
nosearch: true
---
(ch-x)=
# Titel. Noch einer

Was war die Frage?{evidence}`u001`

**Ein Titel.** Sie sagt etwas.{evidence}`u002 c003` Sie sagt „mehr.“{evidence}`u003`
Und {{ viel }} mehr. {term}`Kommunen <Kommune>` z. B. Erwitte sagen nichts. {numref}`fig-x`
zeigt es. Das steht dort ({numref}`fig-x`). Anderes ({ref}`ch-y`) nicht.

:::{compendium-note}
Eine Anmerkung. Noch eine.
:::

- Ein Punkt {cite:p}`Kern2005`.
- Noch einer.

Sie ist:{evidence}`u005`

- klein,
- fein.{evidence}`u004`

| a | b |
|---|---|
| Eine Zelle. | Noch eine. |
"""


def test_what_reports_and_what_carries_evidence_is_told_apart(tmp_path):
    (tmp_path / "x.md").write_text(PAGE, "utf-8")
    assert [len(paragraph) for paragraph in paragraphs(tmp_path / "x.md")] == [1, 7, 1, 1, 1]
    reached, bare = share(tmp_path / "x.md")
    assert bare == [
        "{term}`Kommunen <Kommune>` z. B. Erwitte sagen nichts.",
        "Anderes ({ref}`ch-y`) nicht.",
        "Noch einer.",
    ]
    assert reached == pytest.approx(100 * 6 / 9)
    assert marked(tmp_path / "x.md") == [
        ["u001"],
        ["c003", "u002", "u003"],
        [],
        [],
        ["u004", "u005"],
    ]
