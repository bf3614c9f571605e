"""What every row of the tables says of a passage, as Web Annotations of the W3C in one file of
JSON-LD: the source, where in it, a fingerprint of the passage, what is said of it, and its codes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pandas as pd

from analysis import paths
from analysis.book.rows import Row, all_rows
from analysis.citation import Cited, address_of
from analysis.problems import Problems
from analysis.processed.store import read_processed
from analysis.raw.study import read_table
from analysis.studyfile import read_about
from analysis.tables import RAW
from analysis.tables.columns import parts
from analysis.wording import Wording

NAME = "annotations.jsonld"
CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "locator": "http://purl.org/ontology/bibo/locator",
        "name": "http://schema.org/name",
        "references": "http://purl.org/dc/terms/references",
        "summary": "http://www.w3.org/ns/activitystreams#summary",
        "issued": "http://purl.org/dc/terms/issued",
        "publisher": "http://purl.org/dc/terms/publisher",
        "title": "http://purl.org/dc/terms/title",
        "sha256": "http://schema.org/sha256",
    },
]
ABOUT = (
    "The SHA-256 of a passage is that of its words with each stretch of white space made one "
    "blank; positions count Unicode code points from 0 in the text with the SHA-256 of the source, "
    "or, where a source has none, in the transcript of the interview."
)
# The tables of codings and of anchors, by the table of what is coded.
CODED = {
    "statements": ("codings", "anchors"),
    "context_statements": ("context_codings", "context_anchors"),
}


def annotations(language: str, title: str, about: Cited) -> str:
    """The text of the file, with what is said in one language."""
    words = Wording(language)
    codes, anchors = _codes(), _anchors()
    sources = read_processed("sources")
    transcribed = {*sources.loc[sources["text_sha256"].isna(), "source_id"]}
    own = sources.loc[sources["role"] == "study", "source_id"].iloc[0]
    items = [
        _annotation(row, words, codes.get(key, []), anchors.get(key), _text(row, transcribed, own))
        for row in _rows()
        for key in [(row.table, row.id)]
    ]
    used = dict.fromkeys(item["target"]["source"] for item in items)
    licence = read_about().licence
    rights = address_of(licence) or (licence and {"name": licence})
    collection = {
        "@context": CONTEXT,
        "id": NAME,
        "type": "AnnotationCollection",
        "label": title,
        "summary": ABOUT,
        "creator": [{"type": person.kind, "name": person.name} for person in about.authors],
        "rights": rights,
        "total": len(items),
        "references": list(_sources(sources, used)),
        "first": {"id": "#page", "type": "AnnotationPage", "startIndex": 0, "items": []},
    }
    told = {name: value for name, value in collection.items() if value not in ("", [])}
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return text.replace('"items": []', f'"items": [\n{lines}\n]') + "\n"  # a line for each


def _rows() -> list[Row]:
    """Those that have a passage of all that pages can name, and of what the study reports of the
    items of the checklists.
    """
    reported = read_processed("reporting").to_dict("records")
    rows = all_rows() + [Row("reporting", cells["item_id"], cells) for cells in reported]
    return [row for row in rows if pd.notna(row.cells["locator"])]


def _annotation(
    row: Row, words: Wording, codes: list[str], anchor: dict | None, source: str
) -> dict:
    """What one row says of its passage; source: the text that it is a passage of."""
    note = {
        "type": "TextualBody",
        "purpose": "describing",
        "value": row.text(words),
        "language": words.language,
        "format": "text/plain",
    }
    given = [{"type": "TextualBody", "purpose": "classifying", "value": code} for code in codes]
    passages = parts(row.cells["locator"])
    locator = passages if len(passages) > 1 else str(row.cells["locator"])
    target = {"source": source, "locator": locator}
    if anchor:
        target["sha256"] = anchor["sha256_normalised"]
        target["selector"] = {
            "type": "TextPositionSelector",
            "start": int(anchor["start"]),
            "end": int(anchor["end"]),
        }
    return {
        "id": f"#{row.anchor}",
        "type": "Annotation",
        "motivation": ["describing", "classifying"] if given else "describing",
        "body": [note, *given],
        "target": target,
    }


def _sources(sources: pd.DataFrame, used: Iterable[str]) -> Iterator[dict]:
    """The documents, as far as they are known, each with those of its transcripts that are used."""
    for source in sources.to_dict("records"):
        told = {
            "id": _source(source["source_id"]),
            "type": "Text",
            "title": source["title"],
            "publisher": source["issuer"],
            "issued": source["date"],
            "sha256": source["text_sha256"],
        }
        yield {name: value for name, value in told.items() if not pd.isna(value)}
        within = f"{told['id']}/"
        for text in [one for one in used if one.startswith(within)]:
            title = f"{source['title']}: {text.removeprefix(within)}"
            yield {"id": text, "type": "Text", "title": title}


def _text(row: Row, transcribed: set[str], own: str) -> str:
    """What places of a row count in: its source or, where that has no text of its own, the
    transcript of its interview; the study itself where no source is named.

    transcribed: the sources without a text of their own. own: the study.
    """
    source = own if pd.isna(row.cells["source_id"]) else row.cells["source_id"]
    if row.table == "statements" and source in transcribed and pd.isna(row.cells["section"]):
        interview = row.cells["interview_id"]
        return _source(source) + ("" if pd.isna(interview) else f"/{interview}")
    return _source(source)


def _source(name: str) -> str:
    return f"#source-{name}"


def _codes() -> dict[tuple[str, str], list[str]]:
    """The codes of each statement, by its table and its id."""
    found = defaultdict(list)
    for table, (codings, _) in CODED.items():
        for coding in read_processed(codings).to_dict("records"):
            found[table, coding["unit_id"]].append(coding["code"])
    return found


def _anchors() -> dict[tuple[str, str], dict]:
    """Where the passage of each statement lies, as raw tables say, if they are there."""
    found = {}
    for table, (_, anchors) in CODED.items():
        rows = read_table(paths.raw(), RAW[anchors], Problems())
        for row in [] if rows is None else rows.to_dict("records"):
            found[table, row["unit_id"]] = row
    return found
