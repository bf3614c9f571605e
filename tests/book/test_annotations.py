"""Every row that names its passage is a Web Annotation of it."""

import json

import pandas as pd
import pytest
from rdflib import Graph, Namespace
from rdflib.plugins.shared.jsonld import context as jsonld

from analysis import paths
from analysis.book.annotations import CONTEXT, NAME, annotations
from analysis.book.rows import Row, all_rows
from analysis.citation import Cited
from analysis.processed.store import read_processed
from analysis.studyfile import About
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")
TERMS = Namespace("http://www.w3.org/ns/oa#")
STREAMS = "http://www.w3.org/ns/activitystreams#"
# What the file uses of the standard (Web Annotation Vocabulary, W3C Recommendation of 23 February
# 2017, appendix A), by the terms that its words stand for.
USED = {
    "id": "@id",
    "type": "@type",
    **{
        name: f"{TERMS}{name}"
        for name in (
            *("Annotation", "TextualBody", "TextPositionSelector", "describing", "classifying"),
            *("start", "end"),
        )
    },
    **{
        name: {"@type": "@id", "@id": f"{TERMS}has{name.title()}"}
        for name in ("body", "target", "source", "selector")
    },
    "motivation": {"@type": "@vocab", "@id": f"{TERMS}motivatedBy"},
    "purpose": {"@type": "@vocab", "@id": f"{TERMS}hasPurpose"},
    "AnnotationCollection": f"{STREAMS}OrderedCollection",
    "AnnotationPage": f"{STREAMS}OrderedCollectionPage",
    "total": f"{STREAMS}totalItems",
    "startIndex": f"{STREAMS}startIndex",
    "first": {"@type": "@id", "@id": f"{STREAMS}first"},
    "items": {"@type": "@id", "@id": f"{STREAMS}items", "@container": "@list"},
    "Text": "http://purl.org/dc/dcmitype/Text",
    "Person": "http://xmlns.com/foaf/0.1/Person",
    "Organization": "http://xmlns.com/foaf/0.1/Organization",
    "creator": {"@type": "@id", "@id": "http://purl.org/dc/terms/creator"},
    "rights": {"@type": "@id", "@id": "http://purl.org/dc/terms/rights"},
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "language": "http://purl.org/dc/elements/1.1/language",
    "format": "http://purl.org/dc/elements/1.1/format",
}


@pytest.fixture
def collection(built, monkeypatch):
    built.point_paths(monkeypatch)
    return json.loads((built.build / "html/de" / NAME).read_text("utf-8"))


def test_every_row_with_a_passage_is_an_annotation_of_what_it_says(collection):
    items = {item["id"]: item for item in collection["first"]["items"]}
    reported = read_processed("reporting").to_dict("records")
    rows = all_rows() + [Row("reporting", cells["item_id"], cells) for cells in reported]
    rows = [row for row in rows if isinstance(row.cells["locator"], str)]
    assert {row.table for row in rows} >= {"reporting", "statements", "facts"}
    assert len(items) == len(rows) == collection["total"] > 50
    for row in rows:
        item = items[f"#{row.anchor}"]
        note = item["body"][0]
        assert (note["value"], note["language"]) == (row.text(Wording("de")), "de")
        passages = item["target"]["locator"]
        assert (
            ";".join([passages] if isinstance(passages, str) else passages)
            == (row.cells["locator"])
        )
        assert item["target"]["source"] == f"#source-{row.cells['source_id']}"


def test_a_statement_has_its_codes_its_place_in_the_text_and_the_fingerprint_of_its_words(
    collection,
):
    items = {item["id"]: item for item in collection["first"]["items"]}
    codings = read_processed("codings").groupby("unit_id")["code"].agg(list)
    anchors = pd.read_csv(paths.raw() / "coding/anchors.csv").set_index("unit_id")
    for unit in read_processed("statements")["unit_id"]:
        item = items[f"#unit-{unit}"]
        assert [body["value"] for body in item["body"][1:]] == codings.get(unit, [])
        assert item["target"]["sha256"] == anchors.at[unit, "sha256_normalised"]
        selector = item["target"]["selector"]
        assert [selector["start"], selector["end"]] == [*anchors.loc[unit, ["start", "end"]]]


def test_sources_are_described_as_far_as_they_are_known(collection):
    known = {source["id"]: source for source in collection["references"]}
    used = {item["target"]["source"] for item in collection["first"]["items"]}
    assert used <= known.keys()
    assert all(source["title"] for source in known.values())


def test_what_stands_in_transcripts_is_told_of_the_transcript_of_its_interview(
    finished, monkeypatch
):
    finished.point_paths(monkeypatch)
    place = finished.build / "processed/statements.csv"
    told = pd.read_csv(place, dtype=str).assign(section="", interview_id="clausee")
    told.to_csv(place, index=False)
    told = json.loads(annotations("de", "Title", Cited()))
    known = {source["id"]: source["title"] for source in told["references"]}
    items = {item["id"]: item for item in told["first"]["items"]}
    (title,) = read_processed("sources").query("role == 'study'")["title"]
    for row in read_processed("statements").to_dict("records"):
        source = items[f"#unit-{row['unit_id']}"]["target"]["source"]
        assert source == f"#source-{row['source_id']}/clausee"
        assert known[source] == f"{title}: clausee"


def test_a_passage_without_a_source_is_one_of_the_study_itself(finished, monkeypatch):
    finished.point_paths(monkeypatch)
    for table in ("interviews", "cases", "municipalities"):
        place = finished.build / f"processed/{table}.csv"
        told = pd.read_csv(place, dtype=str).assign(source_id=pd.NA, locator="front")
        told.to_csv(place, index=False)
    told = json.loads(annotations("de", "Title", Cited()))
    (own,) = read_processed("sources").query("role == 'study'")["source_id"]
    targets = {item["id"]: item["target"] for item in told["first"]["items"]}
    assert targets["#interviews-clausee"]["source"] == f"#source-{own}"
    known = {source["id"] for source in told["references"]}
    assert {target["source"] for target in targets.values()} <= known


def test_a_licence_without_a_short_name_is_told_in_words(built, monkeypatch):
    built.point_paths(monkeypatch)
    for licence, told in {
        "MIT": "https://spdx.org/licenses/MIT.html",
        "Ask us": {"name": "Ask us"},
    }.items():
        about = About(licence=licence)
        monkeypatch.setattr("analysis.book.annotations.read_about", lambda about=about: about)
        assert json.loads(annotations("de", "Title", Cited()))["rights"] == told


def words(part):
    """The names of all properties and types, however deep."""
    if isinstance(part, list):
        for item in part:
            yield from words(item)
    elif isinstance(part, dict):
        yield from part
        yield from [part["type"]] if "type" in part else []
        for name, value in part.items():
            if name != "@context":
                yield from words(value)


def test_the_terms_are_those_of_the_standard(collection, monkeypatch):
    known = {CONTEXT[0]: {"@context": USED}}
    monkeypatch.setattr(jsonld, "source_to_json", lambda address, *_a, **_s: (known[address], None))
    assert set(words(collection)) - {"@context"} <= USED.keys() | CONTEXT[1].keys()
    few = collection["first"] | {"items": collection["first"]["items"][:40]}
    graph = Graph().parse(
        data=json.dumps(collection | {"first": few}), format="json-ld", base="https://example.org/"
    )
    assert len(list(graph.triples((None, TERMS.hasTarget, None)))) == 40
    assert len(list(graph.triples((None, TERMS.hasSource, None)))) == 40
    assert len(list(graph.triples((None, TERMS.hasBody, None)))) >= 40
