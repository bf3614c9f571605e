"""The machine knows nothing of this study: no id of its tables, no name of a place, a firm, a
person or a project, no chapter.

The machine is `src/analysis`, docstrings and comments included, and the notebooks, their prose
included; a study tells notebooks what it has of its own in study.yml, and texts in `wording/`.
What counts is read from the tables. An id counts if nobody would write it by chance (with a digit,
a dot, a hyphen or an underscore); a word of a label counts as a name if it is the same in both
languages and never written small. What the invented study has too belongs to the machine.
"""

import json
import re

import pandas as pd
import pytest
import yaml

from analysis import paths
from analysis.raw.study import read_study
from analysis.tables import PROCESSED, RAW
from analysis.tables.coding import CODING_TABLES
from analysis.tables.naming import named
from analysis.tables.raw import MADE

ROOT = paths.root()
ENDINGS = (".py", ".yml", ".ipynb", ".md", ".csv", ".j2", ".json")
# Tables whose labels are names, and the kinds of items whose are.
NAMED = ("sources", "cases", "municipalities", "organisations", "projects", "governance")
ITEMS = ("person", "partner", "participant", "alliance", "project")
# What is everybody's, though it is a part of a name, or an id.
ORDINARY = {"Dialog", "Europe", "GmbH", "Industrie", "Netzwerke", "Stiftung"}
ORDINARY |= {"cross-cutting", "link.none"}
CHAPTER = re.compile(r"(?:Kapiteln?|[Cc]hapters?)[ \xa0_]\d|(?<![\d.])\d(?:\.\d)* ¶\d+ s\d+,")


def texts():
    """Every text of the machine by its file: of notebooks what is written in their cells."""
    places = [*(ROOT / "src/analysis").rglob("*"), *(ROOT / "notebooks").glob("*.ipynb")]
    for path in sorted(path for path in places if path.suffix in ENDINGS):
        text = path.read_text("utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n".join("".join(cell["source"]) for cell in cells)
        yield path.relative_to(ROOT).as_posix(), text


MACHINE = dict(texts())


def ids_of(study):
    """The codes, and the keys of all tables."""
    keys = (
        study[name][column].dropna().astype(str)
        for name, table in RAW.items()
        for column in table.key
        if column.endswith("_id")
    )
    return {*study["codes"]["code"]}.union(*keys)


def capitalised(text):
    return {*re.findall(r"\b[A-ZÄÖÜ][\wäöüß]{3,}", text)}


@pytest.fixture(scope="module")
def names():
    """The ids and names of the study of this repository that its machine shall not have."""
    study = read_study(ROOT / "data/raw", ROOT / "book/references.bib")
    mini = ROOT / "tests/mini"
    invented = ids_of(read_study(mini / "data", mini / "book/references.bib"))
    schema = {*RAW, *(column for table in RAW.values() for column in table.columns)}
    ids = {name for name in ids_of(study) - invented - schema if re.search(r"[-_.\d]", name)}
    for table in ("sources", "cases", "municipalities"):
        ids |= {*study[table].iloc[:, 0]}
    items = study["context_items"]
    named = pd.concat([*(study[name] for name in NAMED), items[items["kind"].isin(ITEMS)]])
    small = {*re.findall(r"\b[a-zäöüß]\w+", "\n".join(MACHINE.values()))}
    words, labels = set(), set()
    for german, english in zip(named["label_de"], named["label_en"], strict=True):
        labels |= {label for label in (german, english) if label.count(" ") > 1}
        words |= capitalised(german) & capitalised(english)
    return (ids | labels | {word for word in words if word.lower() not in small}) - ORDINARY


@pytest.fixture(scope="module")
def pattern(names):
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@pytest.mark.parametrize("path", MACHINE)
def test_nothing_in_the_machine_is_of_this_study(path, pattern):
    assert [*pattern.findall(MACHINE[path]), *CHAPTER.findall(MACHINE[path])] == []


def test_places_firms_people_and_codes_are_among_what_is_looked_for(names):
    assert {"duisburg", "Duisburg", "Covestro", "Neubaur", "link.explicit", "co2_emissions"} < names


# What any study of interviews has, be it of hospitals or schools, of one coder or imported.
TABLES = {**CODING_TABLES, **{name: RAW[name] for name in ("interviews", "municipalities")}}
TABLES |= {name: PROCESSED[name] for name in PROCESSED if "context" not in name and name in MADE}
NOTEBOOKS = (
    *("agreement", "codings", "coverage", "disagreements", "fragility", "interviews", "method"),
    "opportunities",
)
TOPICS = (*NOTEBOOKS, "findings", "whatif")
KEYS = ("municipalit", "column.municipality_id", "no_municipality", "attribution.")
KEYS += ("certainty.", "coder.", "given_by.")
SPECIAL = r"Kommune|[Mm]unicipalit|Durchg[aä]ng|\b[Pp]ass(es)?\b"


def told_of(table):
    """What the dictionary tells readers of a table."""
    said = [table.title, table.description]
    for column in table.columns.values():
        said += [column.description, *(column.options or {}).values()]
    return said


@pytest.mark.parametrize("name", TABLES)
def test_the_dictionary_calls_codings_by_words_that_are_true_of_any_study(name):
    special = r"[Cc]oding pass|\bpass [AB]\b|(both|neither|two) pass"
    assert not [text for text in told_of(TABLES[name]) if re.search(special, text)]


def test_tables_call_what_is_compared_places_without_an_article_that_not_every_word_has():
    """So that a study can have its own word for it."""
    said = {text for table in [*RAW.values(), *PROCESSED.values()] for text in told_of(table)}
    assert not [text for text in said if re.search(r"[Mm]unicipal|[Aa] place\b", text)]


def test_readers_of_the_dictionary_are_told_of_places_by_the_word_of_the_study():
    assert named("municipalities", RAW["municipalities"]).title == "Municipalities"
    counts = named("code_counts", PROCESSED["code_counts"])
    assert counts.title == "Codes by municipality"
    assert counts.columns["municipality_id"].description == "Municipality"
    ways = named("units", RAW["units"]).columns["attribution"].options
    assert ways["collective"] == "said of all municipalities together"


@pytest.mark.parametrize(
    ("word", "shown"), [("Hospital", "the hospital"), ("NGO", "the NGO"), (None, "the place")]
)
def test_a_word_for_what_is_compared_is_written_as_it_is_within_a_sentence(
    word, shown, tmp_path, monkeypatch
):
    said = f"municipality: {{en: {word}}}" if word else "municipality: {de: Klinik}"
    (tmp_path / "common.yml").write_text(said, "utf-8")
    monkeypatch.setattr(paths, "wording", lambda: tmp_path)
    told = named("units", RAW["units"]).columns["attribution"].options["explicit"]
    assert told == f"the passage names {shown}"


def test_every_place_in_the_tables_of_the_machine_is_one_that_is_compared():
    """As the word of a study takes its place."""
    others = re.compile(r"in (one|two|several) places|place (of|in|where|as)\b|in place\b")
    texts = {text for table in [*RAW.values(), *PROCESSED.values()] for text in told_of(table)}
    assert not [text for text in texts if others.search(text)]


def test_notebooks_of_any_study_speak_of_places_and_codings_in_words_that_are_true_of_it():
    for name in NOTEBOOKS:
        prose = re.sub("`[^`]*`", "", narrated(ROOT / f"notebooks/{name}.ipynb"))
        assert not re.search(SPECIAL, prose), name


def narrated(path):
    """The text of a notebook that is no code."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_texts_of_any_study_call_its_places_no_municipalities_and_its_codings_no_passes():
    entries = {
        (topic, key): entry
        for topic in (*TOPICS, "common")
        for key, entry in yaml.safe_load(MACHINE[f"src/analysis/wording/{topic}.yml"]).items()
        if topic in TOPICS or key.startswith(KEYS)
    }
    special = {
        at: text
        for at, entry in entries.items()
        for text in entry.values()
        if re.search(SPECIAL, re.sub(r"\{[^{}]*\}", "", text))
    }
    assert special == {}
