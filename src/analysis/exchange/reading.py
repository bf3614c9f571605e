"""Which reader a file needs, and the whole way of an import: file, project, tables, account."""

from __future__ import annotations

import fcntl
import gc
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

from analysis import paths
from analysis.exchange import qualcoder, taguette
from analysis.exchange.account import account, told
from analysis.exchange.imports import Import, Record, number_of, read_record
from analysis.exchange.model import Project
from analysis.exchange.names import inert
from analysis.exchange.opening import Database, NotReadableError
from analysis.exchange.places import contradict
from analysis.exchange.present import Present
from analysis.exchange.refi import read_refi
from analysis.exchange.tables import GISTS, PARAPHRASE, QUOTE, UNITS, Beside, Tables, tables
from analysis.exchange.tabular import read_tabular
from analysis.exchange.update import SHOWN, change, given
from analysis.exchange.writing import Change, must_be_free, must_be_imported, write
from analysis.files.damage import damage
from analysis.files.whole import restore
from analysis.problems import many
from analysis.tables.coding import CODERS, COUNTED, SECOND, named_for
from analysis.wording import LANGUAGES

READERS = {
    **dict.fromkeys((".qdpx", ".qde", ".qdc"), read_refi),
    **dict.fromkeys((".csv", ".tsv", ".xlsx", ".xls", ".ods"), read_tabular),
}
DATABASES = (".qda", ".sqlite3", ".sqlite", ".db")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Lets an import wait for another one into the same tables, so that it knows what that wrote.
    What is locked is a folder that stays when the tables are exchanged; nothing is left behind.
    """
    home = next(place for place in paths.raw().parents if place.is_dir())
    folder = os.open(home, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk that knows no locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("another import is under way; this one waits for it", flush=True)
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@_one_at_a_time()
def import_project(
    file: str,
    dry_run: bool,
    replace: bool,
    remove: str,
    coder: str,
    offsets: str,
    consent: str,
) -> None:
    """Reads a project or export of a program for coding into the study's raw tables, beside what
    was imported before, or shows what that would change; says what became of everything in it.

    replace: what it would be in doubt with. remove: the number of an import that goes instead.
    coder: under which names the codings of each coder go, separated by commas.
    """
    raw = paths.raw()
    restore(raw, raw.with_name(f"{raw.name}.last.partial"))  # if the last import was stopped
    gc.disable()  # nearly all that is read is kept until the end
    try:
        if bool(file) == bool(remove):
            raise NotReadableError("name a file, or the number of an import to remove")
        names = coder.split(",") if coder else []
        found = (
            prepare_removal(remove, raw)
            if remove
            else prepare_import(paths.given(file), raw, offsets, consent, names)
        )
        if found.doubt and not (dry_run or replace):
            raise NotReadableError(found.doubt)
    except NotReadableError as error:
        raise NotReadableError(f"{error}\nnothing was changed") from None
    finally:
        gc.enable()
    print(*found.account, *found.change.lines, sep="\n")
    if not (paths.study() / "study.yml").exists():
        print(
            f"note: there is no study.yml yet, so texts are in {' and '.join(LANGUAGES)}; write "
            "one with title, languages and notebooks, and import again"
        )
    if not found.change.texts:
        print(f"{paths.shown(raw)} is up to date")
    elif dry_run:
        if found.doubt and not replace:
            print(f"without more it would be refused: {found.doubt}")
        print("nothing was changed, as this is a dry run")
    else:
        write(raw, found.change)
        print(f"{paths.shown(raw)}: {len(found.change.texts)} files written")


@dataclass(frozen=True)
class Prepared:
    """What an import would do: the account in lines, the change of the tables, and why somebody has
    to say what is meant.
    """

    account: list[str]
    change: Change
    doubt: str = ""


def read_project(path: Path, offsets: str = "") -> Project:
    """The project in a file of any known kind."""
    suffix = path.suffix.lower()
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise NotReadableError(f"{path.name} is a pipe or a device, which may never end")
    if suffix in DATABASES:
        return _read_database(path / "data.qda" if path.is_dir() else path, offsets)
    if suffix not in READERS:
        raise NotReadableError(
            f"{path.name} is of no kind that can be imported; known are "
            f"{', '.join([*READERS, *DATABASES])}"
        )
    return READERS[suffix](path, offsets)


def _read_database(path: Path, offsets: str) -> Project:
    if not path.is_file():
        raise FileNotFoundError(2, "No such file or directory", str(path))
    with Database(path) as base:
        if base.tables >= qualcoder.TABLES:
            return qualcoder.read_qualcoder(base, offsets)
        if base.tables >= taguette.TABLES:
            return taguette.read_taguette(base)
    raise NotReadableError(
        f"{path.name} is a database of neither QualCoder nor Taguette; from another program export "
        "a project of REFI-QDA (.qdpx) or the coded passages as a table"
    )


def prepare_import(
    path: Path,
    raw: Path,
    offsets: str = "",
    consent: str = PARAPHRASE,
    coders: Sequence[str] = (),
) -> Prepared:
    """Reads a file and finds out what it changes in the tables of the folder `raw`."""
    _must_be_names(coders)
    project = read_project(path, offsets)
    before, number, present = read_record(raw), number_of(path), Present(raw)
    known = before or Record()
    last = known.imports.get(number)
    others = known.without(number)
    beside = Beside(
        known.interviews,
        others.codes,
        coders or [*(last.coders if last and not last.names else ())],
        {key: name for name, key in last.names.items()} if last else {},
        present.places() if before else {},
        present.restricted(last, others) if before else (),
    )
    made, kept = _made(project, consent, beside)
    if not made.dimensions:
        raise NotReadableError(f"{path.name} holds no codes, so that there is nothing to import")
    coded = given(made)
    if coders and (len(coders) < len(coded) or (len(coders) > len(coded) and not last)):
        raise NotReadableError(
            f"CODER={','.join(coders)}: {many(len(coders), 'name')} for "
            f"{many(len(coded), 'coder')}; expected one for each, separated by commas"
        )
    if before is None:
        must_be_free(raw, made)
    must_be_imported(raw, coded, known)
    clash = others.clash(coded)
    doubt = _taken(path, others, clash) or (last and _another(path, present, made, last)) or ""
    doubt = doubt or (last and _instead(path, last, coded)) or ""
    doubt = doubt or _elsewhere(
        path, made, beside.places, present.coded_by(last) if last else set()
    )
    if clash:
        others = others.without(*clash)
        made, kept = _made(project, consent, replace(beside, codes=others.codes))
    read = path / "data.qda" if path.is_dir() else path
    with read.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    new = Import(
        {"sha256": digest, **kept}, consent, made.interviews, coded, made.codes, made.names
    )
    lines = [*told(kept), *_who(project), *_refused(made, consent), *_beside(number, new, others)]
    quoting = sum(code.definition in made.reworded for _, code in others.codes)
    if quoting:
        lines.append(
            "note: descriptions of other imports that quote passages, left out as far as they do: "
            f"{quoting:,}"
        )
    lines += _uncounted(coded, known, others, raw)
    if SECOND in coded and COUNTED in {*coded, *(name for name, _ in others.given)}:
        lines.append(
            f"note: {named_for(SECOND)} is a second pass: the next check asks for a decision on "
            f"whatever differs from {named_for(COUNTED)}; another coder has another name"
        )
    return Prepared(lines, change(present, made, known, others, {number: new}), doubt)


def _uncounted(coded: Collection[str], known: Record, others: Record, raw: Path) -> list[str]:
    """A note where the codings that count are neither imported nor written by hand."""
    coders = {*coded, *(name for one in others.imports.values() for name in one.coders)}
    imported = any(COUNTED in one.coders for one in known.imports.values())
    by_hand = (raw / f"coding/{named_for(COUNTED)}").exists() and not imported
    if not coders or COUNTED in coders or by_hand:
        return []
    named = sorted(coders - {SECOND})  # a second pass never counts
    way = (
        f"say whose do in study.yml, as in `counted: {named[0]}`"
        if named
        else "import those of the first coder, too"
    )
    return [f"note: nobody's codings count yet, as there is no {named_for(COUNTED)}; {way}"]


def prepare_removal(number: str, raw: Path) -> Prepared:
    """Finds out what the tables of the folder `raw` are without an import."""
    before = read_record(raw) or Record()
    if number not in before.imports:
        raise NotReadableError(
            f"there is no import {number!r}; there are {_list(before) or 'none'}"
        )
    others = before.without(number)
    made, _ = _made(Project(""), PARAPHRASE, Beside(codes=others.codes))
    lines = [f"import {number} is removed; left are {_list(others) or 'none'}"]
    return Prepared(lines, change(Present(raw), made, before, others, {}))


def _made(project: Project, consent: str, beside: Beside) -> tuple[Tables, dict]:
    """The tables and the account of a project, which itself stays as it was read."""
    fresh = replace(
        project, aside={**project.aside}, notices=[*project.notices], who={**project.who}
    )
    made = tables(fresh, consent, beside)
    project.who |= fresh.who
    return made, account(fresh, made.written)


def _must_be_names(coders: Sequence[str]) -> None:
    wrong = [name for name in coders if not CODERS.fullmatch(named_for(name))]
    if wrong or len({*coders}) < len(coders):
        raise NotReadableError(
            f"CODER={','.join(coders)}: expected a name of small letters, digits, - and _ for each "
            "coder, separated by commas"
        )


def _who(project: Project) -> list[str]:
    who = [f"  {name}: {inert(known, Counter())}" for name, known in project.who.items()]
    return ["who is who, which is written nowhere:", *who] if who else []


def _refused(made: Tables, consent: str) -> list[str]:
    """The texts that the next check will refuse, as something got lost in them before, or as they
    lead to somebody: that is for people to mend.

    consent: without `quote` statements are only called by their places, in words of ours.
    """
    texts = [(name, text) for name, code in made.codes.items() for text in _texts(code)]
    wrong_with = _lost
    if consent == QUOTE:
        rows = made.rows.get(UNITS, [])
        texts += [(row["unit_id"], row[name]) for row in rows for name in GISTS if name in row]
        wrong_with = _lost_or_leading
    found = {text: f"  {name}: {wrong}" for name, text in texts if (wrong := wrong_with(text))}
    lines = [*found.values()]
    if not lines:
        return []
    more = [f"  and {len(lines) - SHOWN:,} more"] if len(lines) > SHOWN else []
    said = "note: the next check will refuse these, to be mended where they come from:"
    return [said, *lines[:SHOWN], *more]


def _texts(code) -> tuple[str, ...]:
    return *code.path, code.definition


def _lost(text: str) -> str:
    """What got lost in a text, and what is expected; empty if nothing."""
    wrong = damage(text)
    return f"{wrong.wrong}; expected {wrong.expected}" if wrong else ""


def _lost_or_leading(text: str) -> str:
    """The same, or else what in it leads to somebody."""
    from analysis.checks.consent import ADDRESSES, identifying  # pandas takes half a second

    what = identifying(text, ADDRESSES)
    leads = f"holds what looks like {what}; expected a text that leads to nobody" if what else ""
    return _lost(text) or leads


def _list(record: Record) -> str:
    return ", ".join(
        f"{number} ({one.account.get('origin')}, {many(len(one.interviews), 'interview')})"
        for number, one in record.imports.items()
    )


def _beside(number: str, new: Import, others: Record) -> list[str]:
    """What the study has beside this import."""
    lines = [f"this is import {number}"]
    if others.imports:
        lines.append(f"beside it are {_list(others)}")
        both = [one for one in new.interviews if one in others.known]
        if both:
            lines.append(f"interviews that others have too: {len(both)} of {len(new.interviews)}")
        same = sorted({*new.coders} & {name for name, _ in others.given})
        lines += [
            f"{named_for(name)} holds codings of both, as of one coder; if another person made "
            "these, say CODER=NAME"
            for name in same
        ]
    return lines


def _taken(path: Path, others: Record, clash: dict[str, list[tuple[str, str]]]) -> str:
    """Why a file cannot be added: codings of the same interviews are there under the same name."""
    if not clash:
        return ""
    coders = {coder for pairs in clash.values() for coder, _ in pairs}
    files = ", ".join(named_for(coder) for coder in sorted(coders))
    number = len({one for pairs in clash.values() for _, one in pairs})
    return (
        f"{path.name} and import {_list(others.only(*clash))} both have codings of "
        f"{many(number, 'interview')} for {files}. If another person made these, say CODER=NAME, "
        "the name under which they are to be published; if this file takes the place of the other, "
        "REPLACE=yes"
    )


def _another(path: Path, present: Present, made: Tables, last: Import) -> str:
    """What speaks for another project than that of the last import of this name, whose rows would
    all go: most interviews, or all statements, are not in the file.
    """
    here = {*last.interviews}.intersection(made.interviews)
    said = present.statements(last) if last.interviews else set()
    still = said.intersection(row["unit_id"] for row in made.rows.get(UNITS, []))
    if 2 * len(here) < len(last.interviews):
        missing = f"{len(here)} of the {many(len(last.interviews), 'interview')}"
    elif said and not still:
        missing = f"0 of the {many(len(said), 'statement')}"
    else:
        return ""
    return (
        f"{path.name} seems to be another project: {missing} that were imported before "
        "from a file of this name are in it. If it takes the place of the other, say REPLACE=yes; "
        "to have both, give it another name"
    )


def _instead(path: Path, last: Import, coded: dict[str, list[str]]) -> str:
    """What speaks for codings of other people than those of the last import of this name, which
    would all go.
    """
    gone = [name for name, interviews in last.coders.items() if interviews and name not in coded]
    came = [name for name in coded if name not in last.coders]
    if not (gone and came):
        return ""
    before, after = (" and ".join(named_for(name) for name in names) for names in (gone, came))
    return (
        f"{path.name} was imported before, and now {after} would take the place of {before}. If "
        f"the same people made these codings, say CODER={','.join(last.coders)}; if others did and "
        "both are to be kept, give the file another name; if these are to go, say REPLACE=yes"
    )


def _elsewhere(path: Path, made: Tables, known: Mapping[str, str], own: set[str]) -> str:
    """What speaks for other passages of the same words than those that are there: another place.

    known: the locators of statements so far. own: those that this file had codings of already.
    """
    there = [
        f"{row['locator']} and not {known[unit]}"
        for row in made.rows.get(UNITS, [])
        if (unit := row["unit_id"]) in known and unit not in own
        if contradict(row["locator"], known[unit])
    ]
    if not there:
        return ""
    return (
        f"{path.name} has {many(len(there), 'passage')} with words that another import has in "
        f"the same interview at another place, first {there[0]}. If these are other passages, "
        "export both as REFI-QDA (.qdpx) with their texts, by which they are told apart; if only "
        "places are counted in another way, say REPLACE=yes"
    )
