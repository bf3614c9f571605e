"""What differs between two versions of a study, as comparison.json has it and pages show it: of
each kind of thing how many are the same, and what has become of the others.
"""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from analysis import paths
from analysis.compare.pictures import drawn_otherwise
from analysis.compare.rows import Reader, Table, cells, column_of, listed, row_changes
from analysis.compare.sides import Side
from analysis.files.markdown import first_heading
from analysis.problems import ReportedError
from analysis.tables import COLUMNS, PROCESSED, RAW
from analysis.tables.columns import in_language
from analysis.tables.study import IDENTITIES

# What pages call by name.
CALLED = re.compile(r"\{\{\s*([\w-]+)\s*\}\}|\{(?:value|fact|number)\}`([^`]+)`")
# What a provenance record says to readers; the rest is for programs, or follows from the data.
SAID = ("headline", "caption", "reading", "alt", "skipped")
VERDICT = ("finding_id", "universe_id", "verdict")
UNIVERSE = "universe:"  # before the name of a column that says whether a finding holds there
# That differs within a figure.
NOTHING = {"cells": [], "data": None, "picture": None, "on_pages": False}
ALIKE = 0.5  # from here on two paragraphs are one that was changed


def differences(before: Side, now: Side) -> dict:
    """Everything that differs, by kind: `same`, a number or names, and `changes`, each with its
    name, how it has changed, and by column `cells` of before and now.

    Raises ReportedError if the two are not of one study, or with everything that cannot be read.
    """
    read = Reader()
    _check_study(before, now, read)
    found = {
        "before": {"name": before.name, "version": before.version},
        "now": {"version": now.version},
        "not_compared": [*_lacking(before, now, read)],
        "languages": {
            language: _in_language(before, now, language, read) for language in sorted(now.results)
        },
        "raw": _tables(before, now, read, raw=True),
        "processed": _tables(before, now, read, raw=False),
        "files": _others(before, now),
    }
    if read.problems.found:
        raise ReportedError("\n".join(map(str, read.problems.found)))
    return found


def _check_study(before: Side, now: Side, read: Reader) -> None:
    """Two versions of one study have a source in common."""
    known = [
        column_of(read.table(side, side.shown("sources")), "source_id") for side in (before, now)
    ]
    if all(known) and not {*known[0]} & {*known[1]}:
        raise ReportedError(
            f"{before.name} is another study: its sources are {', '.join(known[0][:3])}, and none "
            f"of those of this one, {', '.join(known[1][:3])}"
        )


def _lacking(before: Side, now: Side, read: Reader) -> Iterator[dict]:
    """What cannot be compared, and why."""
    if not before.processed:
        yield {"what": "processed", "why": "missing"}
    if not (before.shows_raw and now.shows_raw):
        yield {"what": "raw", "why": "consent" if before.raw else "missing"}
    if not before.pages:
        yield {"what": "pages", "why": "missing"}
    for language in sorted(now.results):
        if language not in before.results:
            yield {"what": "results", "why": "missing", "language": language}
        elif not before.has_records(language):
            yield {"what": "records", "why": "missing", "language": language}
        if before.processed and not _tell_facts(before, now, language, read):
            yield {"what": "facts", "why": "language", "language": language}
    for edition in sorted({*before.results} - {*now.results}):
        yield {"what": "edition", "why": "removed", "edition": edition}


def _in_language(before: Side, now: Side, language: str, read: Reader) -> dict:
    of = before, now, language, read
    return {
        "numbers": _numbers(*of),
        "findings": _findings(*of),
        "figures": _published("figures", *of),
        "tables": _published("tables", *of),
        "pages": _pages(before, now, language),
    }


def _numbers(before: Side, now: Side, language: str, read: Reader) -> dict | None:
    """Facts and values of notebooks, which pages call by name; with the pages that do."""
    of = _tell_facts(before, now, language, read), before.has_records(language)
    if not any(of):
        return None
    olds, news = (_called(side, language, read, *of) for side in (before, now))
    found = row_changes(olds, news, ["name"])
    pages = [_calling(side, language) for side in (now, before)]
    for change in found["changes"]:
        used = (calling.get(change["name"], []) for calling in pages)
        change["used"] = next(filter(None, used), [])
    return found


def _tell_facts(before: Side, now: Side, language: str, read: Reader) -> bool:
    """Whether both versions state their facts, as far as they have any, in a language."""
    tables = (read.table(side, side.shown("facts")) for side in (before, now))
    stated = (f"display_{language}" in table.header for table in tables if table)
    return bool(before.processed) and all(stated)


def _called(side: Side, language: str, read: Reader, facts: bool, values: bool) -> Table:
    table = read.table(side, side.shown("facts")) if facts else None
    shown = column_of(table, f"display_{language}")
    known = dict(zip(column_of(table, "fact_id"), shown, strict=False))
    for path in sorted((side.results[language] / "values").glob("*.json")) if values else ():
        saved = read.record(side, path).get("values", {})
        known |= {name: str(text) for name, text in saved.items()}
    return listed(["name", "text"], known.items())


def _calling(side: Side, language: str) -> dict[str, list[str]]:
    """The titles of the pages that call a number by its name."""
    found: dict[str, list[str]] = {}
    for page, text in _sources(side, language).items():
        for called in dict.fromkeys(one or other for one, other in CALLED.findall(text)):
            found.setdefault(called, []).append(first_heading(text) or page)
    return found


def _findings(before: Side, now: Side, language: str, read: Reader) -> dict | None:
    """The findings as they are stated, with all that was counted for them."""
    if not before.processed:
        return None
    olds, news = (_stated(side, language, read) for side in (before, now))
    found = row_changes(olds, news, ["finding_id"])
    sentences = [
        dict(zip(column_of(table, "finding_id"), column_of(table, "sentence"), strict=False))
        for table in (news, olds)
    ]
    for change in found["changes"]:
        said = (sentences_of.get(change["name"]) for sentences_of in sentences)
        change["sentence"] = next(filter(None, said), "")
    return found


def _stated(side: Side, language: str, read: Reader) -> Table:
    """Each finding with its texts in one language and, in columns of their own, whether it holds in
    each universe.
    """
    table = read.table(side, side.shown("findings")) or Table(["finding_id", "sentence"], {})
    judged = read.table(side, side.shown("verdicts"))
    verdicts = {row[:2]: row[2] for row in judged.of(VERDICT).values()} if judged else {}
    universes = sorted({universe for _, universe in verdicts})
    texts = in_language(table.header, language, COLUMNS)
    rows = [
        (*row, *(verdicts.get((row[0], universe), "") for universe in universes))
        for row in table.of(texts).values()
    ]
    return listed([*texts.values(), *(f"{UNIVERSE}{universe}" for universe in universes)], rows)


def _published(kind: str, before: Side, now: Side, language: str, read: Reader) -> dict | None:
    """What notebooks have published of a kind, figures or tables."""
    if language not in before.results:
        return None
    both = [(side, side.results[language] / kind) for side in (before, now)]
    olds, news = ({path.stem for path in folder.glob("*.*")} for _, folder in both)
    same, changes = [], []
    for name in sorted(olds | news):
        if name not in olds or name not in news:
            kind_of = "added" if name in news else "removed"
            headline = _headline(read.record(*_file(both[name in news], f"{name}.json")))
            changes.append({**NOTHING, "name": name, "change": kind_of, "headline": headline})
        elif found := _otherwise(both, name, read):
            changes.append({"name": name, **found})
        else:
            same.append(name)
    return {"same": same, "changes": changes}


def _file(place: tuple[Side, Path], file: str) -> tuple[Side, Path]:
    return place[0], place[1] / file


def _headline(record: dict) -> str:
    return record.get("headline") or record.get("caption") or record.get("skipped", "")


def _otherwise(both: list[tuple[Side, Path]], name: str, read: Reader) -> dict | None:
    """What differs in one figure or table; None if nothing does that is to be seen."""
    records = [read.record(*_file(place, f"{name}.json")) for place in both]
    tables = [read.table(*_file(place, f"{name}.csv")) for place in both]
    texts = _said(*records) if all(records) else []
    rows = row_changes(*tables) if all(tables) else None
    picture = _drawn(both, f"{name}.png", read)
    on_pages = picture is None and not texts and _differ(both, f"{name}.html")
    drawn = [(folder / f"{name}.png").is_file() for _, folder in both]
    is_changed = texts or (rows and differs(rows)) or drawn[0] != drawn[1]
    change = "changed" if is_changed else "redrawn" if picture or on_pages else ""
    headline = _headline(records[1])
    told = {"headline": headline, "cells": texts, "data": rows, "picture": picture}
    return {"change": change, **told, "on_pages": on_pages} if change else None


def _differ(both: list[tuple[Side, Path]], file: str) -> bool:
    """Whether there is a file on both sides, and not the same."""
    content = [folder / file for _, folder in both]
    return all(path.is_file() for path in content) and not filecmp.cmp(*content, shallow=False)


def _drawn(both: list[tuple[Side, Path]], file: str, read: Reader) -> dict | None:
    """What differs in the picture of a figure; None if nothing does, or one has none."""
    if not _differ(both, file):
        return None
    pictures = [read.picture(side, folder / file) for side, folder in both]
    return drawn_otherwise(*pictures) if all(one is not None for one in pictures) else None


def differs(rows: dict) -> bool:
    """Whether rows or columns of a table have changed, or stand in another order."""
    parts = ("changes", "columns_added", "columns_removed", "reordered")
    return any(rows[part] for part in parts)


def _said(before: dict, now: dict) -> list[dict]:
    """What of two provenance records differs to readers: texts, headings, parameters, passages that
    one of them alone has.
    """
    texts = [[str(record.get(name, "")) for name in SAID] for record in (before, now)]
    passages = [[_passage(one) for one in record.get("sources") or []] for record in (before, now)]
    for one, own, other in zip(texts, passages, passages[::-1], strict=True):
        one.append("; ".join(passage for passage in own if passage not in other))
    headings = [record.get("columns", ()) for record in (before, now)]
    for one, own in zip(texts, headings, strict=True):  # of which former versions kept none
        one.append(", ".join(own) if all(headings) else "")
    told = [record.get("parameters", {}).items() for record in (before, now)]
    for one, parameters in zip(texts, told, strict=True):
        one.append(", ".join(f"{name} = {value}" for name, value in parameters))
    return cells([*SAID, "passages", "columns", "parameters"], *texts)


def _passage(place: dict) -> str:
    return f"{place['source_id']} {place['locator']}"


def _tables(before: Side, now: Side, read: Reader, *, raw: bool) -> dict | None:
    """The tables that people wrote, or those made of them; all of these where not everything that
    people wrote may be shown.
    """
    shows = before.shows_raw and now.shows_raw
    if not (shows if raw else before.processed):
        return None
    keys = {table.file: table.key for table in (RAW if raw else PROCESSED).values()}
    olds, news = (_files(side.raw if raw else side.processed) for side in (before, now))
    hidden = {f"{name}.csv" for name in RAW} if shows and not raw else {IDENTITIES.file}
    same, changes = [], []
    for file in sorted({*olds, *news} - hidden):
        tables = [
            read.table(side, files.get(file)) for side, files in ((before, olds), (now, news))
        ]
        if all(tables):
            rows = row_changes(*tables, keys.get(file, ()))
            if differs(rows):
                changes.append({"name": file, "change": "changed", **rows})
            else:
                same.append(file)
        elif file not in olds or file not in news:
            kind = "added" if file in news else "removed"
            count = sum(len(table.rows) for table in tables if table)
            changes.append({"name": file, "change": kind, "rows": count})
    return {"same": same, "changes": changes}


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.csv"))}


def _others(before: Side, now: Side) -> dict | None:
    """All other files of a study that people wrote, as the same or not; if there are pages to
    compare, and those with the tables only if everything there may be shown.
    """
    if not before.pages:
        return None
    shows = before.shows_raw and now.shows_raw
    editions = {*before.results, *now.results}
    olds, news = (_other_files(side, editions, raw=shows) for side in (before, now))
    same, changes = [], []
    for name in sorted({*olds, *news}):
        if name not in olds or name not in news:
            changes.append({"name": name, "change": "added" if name in news else "removed"})
        elif filecmp.cmp(olds[name], news[name], shallow=False):
            same.append(name)
        else:
            changes.append({"name": name, "change": "changed"})
    return {"same": same, "changes": changes}


def _other_files(side: Side, editions: set[str], *, raw: bool) -> dict[str, Path]:
    """Files that are neither tables nor pages, by their names in a study."""
    found = {name: side.about / name for name in ("study.yml", "CITATION.cff")}
    folders = {"book": side.pages, "notebooks": side.notebooks, "wording": side.about / "wording"}
    for name, folder in (folders | ({"data/raw": side.raw} if raw else {})).items():
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            is_page = name == "book" and path.suffix == ".md" and place.parts[0] in editions
            is_table = name == "data/raw" and path.suffix == ".csv"
            if not (is_page or is_table or paths.is_hidden(place)):
                found[f"{name}/{place.as_posix()}"] = path
    return {name: path for name, path in found.items() if path.is_file()}


def _pages(before: Side, now: Side, language: str) -> dict | None:
    """The pages as they are written, by paragraph."""
    if not before.pages:
        return None
    olds, news = (_sources(side, language) for side in (before, now))
    same, changes = [], []
    for name in sorted({*olds, *news}):
        title = first_heading(news.get(name) or olds.get(name, "")) or name
        if olds.get(name) == news.get(name):
            same.append(name)
        elif name in olds and name in news:
            told = {"title": title, "cells": [*_paragraphs(olds[name], news[name])]}
            changes.append({"name": name, "change": "changed", **told})
        else:
            kind = "added" if name in news else "removed"
            changes.append({"name": name, "change": kind, "title": title})
    return {"same": same, "changes": changes}


def _sources(side: Side, language: str) -> dict[str, str]:
    """The text of each page, by its name."""
    folder = side.pages and side.pages / language
    found = sorted(folder.rglob("*.md")) if folder else []
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text("utf-8", "replace")
        for path in found
    }


def _paragraphs(before: str, now: str) -> Iterator[dict]:
    """The paragraphs that one of two texts alone has; two that are alike are one, changed."""
    olds, news = (re.split(r"\n\s*\n", text.strip()) for text in (before, now))
    for kind, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone = olds[i:j]
        for text in news[k:m]:
            near = max(gone, key=lambda old: _likeness(old, text), default="")
            former = near if near and _likeness(near, text) >= ALIKE else ""
            if former:
                gone.remove(former)
            yield from cells([""], [former], [text])
        for text in gone:
            yield from cells([""], [text], [""])


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
