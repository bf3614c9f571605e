"""Opens what other programs wrote and trusts none of it: archives, XML and databases, in bounds."""

from __future__ import annotations

import errno
import sqlite3
import stat
import struct
import zipfile
import zlib
from collections import Counter
from contextlib import closing
from functools import lru_cache
from math import isfinite
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from analysis.files.whole import read_file
from analysis.problems import ReportedError

MIB = 1 << 20
MOST_ENTRIES = 20_000  # files in an archive
LARGEST = 128 * MIB  # of one file that is read, unpacked
MOST_TEXT = 512 * MIB  # of all of them
MOST_PACKED = 200  # how many times larger a file may be than it is packed, beyond a MiB
DEEPEST = 100  # elements, or codes, within each other
MOST = 2_000_000  # elements, rows of a database; ten times as many cells of a table
LONGEST = 4 * MIB  # the attributes of one element
CHUNK = MIB // 4


# What zipfile and sqlite3 raise where a file is damaged in one of many ways.
DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
DAMAGED_DATABASE = (sqlite3.DatabaseError, OverflowError, UnicodeError)


class NotReadableError(ReportedError):
    """The file cannot be read, or must not be; the message says why and what to do, in one line."""


def read_bounded(path: Path) -> bytes:
    """All of a file that is not too large."""
    if path.stat().st_size > LARGEST:
        raise NotReadableError(
            f"{path.name} is larger than the {LARGEST // MIB} MiB that are read; export it in parts"
        )
    return read_file(path)


class Archive:
    """A zip file, of which single files are read by their name; nothing is ever unpacked to disk.

    names: of all files in it, as they are written there.
    """

    def __init__(self, path: Path):
        self.name = path.name
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(path)
        except (*DAMAGED_ZIP, OSError) as error:
            if _of_the_disk(error):
                raise
            raise NotReadableError(
                f"{self.name} is no whole zip file, as projects of REFI-QDA and spreadsheets are; "
                "export it again"
            ) from None
        try:
            self.names = self._checked()
        except NotReadableError:
            self._zip.close()
            raise
        # some programs write \ between folders
        self._found = {name.replace("\\", "/").lower(): name for name in reversed(self.names)}
        self._found |= {name: name for name in self.names}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._zip.close()

    def find(self, name: str) -> str | None:
        """The name of a file as it is written in the archive, whatever its case and what stands
        between its folders; None if there is none.
        """
        return self._found.get(name) or self._found.get(name.lower())

    def read(self, name: str) -> bytes:
        """All of one file."""
        entry = self._zip.getinfo(name)
        if entry.file_size > max(MIB, MOST_PACKED * entry.compress_size):
            raise NotReadableError(
                f"{self.name}: {name!r} unpacks to more than {MOST_PACKED} times its size, which "
                "no text does; export it again"
            )
        left = min(LARGEST, MOST_TEXT - self._read)
        try:
            with self._zip.open(entry) as file:
                content = file.read(left + 1)
        except (*DAMAGED_ZIP, OSError) as error:
            if _of_the_disk(error):
                raise
            raise NotReadableError(
                f"{self.name}: {name!r} is damaged or packed in an unusual way; export it again"
            ) from None
        if len(content) > left:
            raise NotReadableError(
                f"{self.name}: {name!r} is larger than the {left // MIB} MiB that are read; export "
                "the project in parts"
            )
        self._read += len(content)
        return content

    def _checked(self) -> list[str]:
        """The names of its files, none of which is to be distrusted."""
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise NotReadableError(
                f"{self.name} holds {len(entries):,} files, more than {MOST_ENTRIES:,}; "
                "export the project in parts"
            )
        for entry in entries:
            self._check(entry)
        names = [entry.filename for entry in entries if not entry.is_dir()]
        twice = [name for name, n in Counter(names).items() if n > 1]
        if twice:
            raise NotReadableError(f"{self.name} holds {twice[0]!r} twice; export it again")
        return names

    def _check(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        if leads_outside(name):
            raise NotReadableError(
                f"{self.name} holds a file called {name!r}, which would lie outside of it; do not "
                "trust it"
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise NotReadableError(
                f"{self.name}: {name!r} is a link, which a project never holds; do not trust it"
            )
        if entry.flag_bits & 1:
            raise NotReadableError(f"{self.name}: {name!r} needs a password; export it without one")


def _of_the_disk(error: Exception) -> bool:
    """Whether a file cannot be read, and not only sends the reader to a place that is none."""
    return isinstance(error, OSError) and error.errno != errno.EINVAL


def leads_outside(name: str) -> bool:
    """Whether a name in an archive is not that of a file inside of it, on any system."""
    windows = PureWindowsPath(name)
    return bool(
        not name
        or "\0" in name
        or windows.drive
        or windows.root
        or PurePosixPath(name).is_absolute()
        or ".." in windows.parts
    )


class Listener(Protocol):
    """What hears of an XML file: names without namespaces, attributes likewise."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def data(self, text: str) -> None:
        """Text stands between two marks."""

    def end(self, name: str) -> None:
        """An element ends."""


class _Guarded:
    """Stands between parser and listener: counts what passes, and stops what has no bounds."""

    def __init__(self, listener: Listener, name: str):
        self.counts: Counter[str] = Counter()
        self.passed = 0
        self._listener, self._name = listener, name
        self._depth = self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.passed += 1
        if self._depth > DEEPEST:
            raise too_deep(self._name)
        if sum(map(len, attributes.values())) > LONGEST:
            raise too_long(self._name)
        self._elements += 1
        if self._elements > MOST:
            raise too_many(self._name, "elements")
        name = _local(tag)
        self.counts[name] += 1
        self._listener.start(name, {_local(key): value for key, value in attributes.items()})

    def data(self, text: str) -> None:
        self.passed += 1
        self._listener.data(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.passed += 1
        self._listener.end(_local(tag))

    def close(self) -> None:
        """Nothing is left to be done."""


def read_xml(content: bytes, listener: Listener, name: str) -> Counter[str]:
    """Tells the listener all that is in an XML file; how many elements there are of each name.

    Definitions of entities and document types are refused, wherever they lead.
    """
    guarded = _Guarded(listener, name)
    parser = DefusedXMLParser(target=guarded, forbid_dtd=True)
    silent = 0
    try:
        for at in range(0, len(content), CHUNK):
            before = guarded.passed
            parser.feed(content[at : at + CHUNK])
            silent = silent + CHUNK if guarded.passed == before else 0
            if silent > LONGEST:
                raise too_long(name)
        parser.close()
    except DefusedXmlException:
        raise NotReadableError(
            f"{name} defines a document type or entities, as no program for coding does; do not "
            "trust it"
        ) from None
    except ParseError as error:
        line, column = error.position
        raise NotReadableError(
            f"{name}, line {line}, character {column + 1}: the XML breaks off or is damaged; "
            "nothing of it is read. Export it again"
        ) from None
    except (LookupError, UnicodeError, ValueError):
        raise NotReadableError(f"{name} is in an unknown encoding; export it again") from None
    return guarded.counts


def too_deep(name: str) -> NotReadableError:
    """Nobody makes a codebook of so many levels."""
    return NotReadableError(
        f"{name}: more than {DEEPEST} elements lie within each other, as no codebook of people "
        "has; do not trust it"
    )


def too_many(name: str, what: str) -> NotReadableError:
    """There is more than a machine has room for."""
    return NotReadableError(f"{name} holds more than {MOST:,} {what}; export the project in parts")


def too_long(name: str) -> NotReadableError:
    """One mark of an XML file is longer than any that is meant."""
    return NotReadableError(
        f"{name}: one element has more than {LONGEST // MIB} MiB of attributes; do not trust it"
    )


@lru_cache(1000)  # of few names, many times
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _plain(column: str) -> str:
    """The name of a column without what it holds."""
    return column.lstrip("#?~")


class Database:
    """An SQLite file, opened so that nothing in it can be changed or run: only tables are read."""

    def __init__(self, path: Path):
        self.name, self._read = path.name, 0
        logs = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
        if any(log.is_file() and log.stat().st_size for log in logs):
            raise NotReadableError(
                f"{self.name} is still open in its program, or was not closed; close it there first"
            )
        path.open("rb").close()  # says why, if it may not be
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        self._connection.text_factory = lambda content: content.decode("utf-8", "replace")
        try:
            self._connection.execute("PRAGMA trusted_schema = OFF")
            found = self._connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
            )
            self.tables = {name for (name,) in found}
        except DAMAGED_DATABASE:
            self._connection.close()
            raise NotReadableError(
                f"{self.name} is no whole SQLite database; copy or export it again"
            ) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._connection.close()

    def rows(self, table: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> list:
        """The rows of a table in their order; None for optional columns that it lacks.

        A column is asked for as `#name` if it holds whole numbers, as `#?name` if also nothing, as
        `~name` if it holds numbers that are rounded; all others hold texts, which are empty where
        there is nothing.
        """
        if table not in self.tables:
            raise NotReadableError(
                f"{self.name} has no table {table!r}; it was made by another program or version"
            )
        try:
            rows = self._rows(table, *(tuple(map(_plain, names)) for names in (columns, optional)))
        except DAMAGED_DATABASE:
            raise self._damaged(table) from None
        return [
            tuple(map(self._typed, (table,) * len(row), (*columns, *optional), row)) for row in rows
        ]

    def _damaged(self, table: str) -> NotReadableError:
        return NotReadableError(
            f"{self.name}: the table {table!r} is damaged; copy or export it again"
        )

    def _typed(self, table: str, column: str, value):
        if column.startswith("~") and isinstance(value, float) and isfinite(value):
            value = round(value)
        if column.startswith(("#", "~")):
            if isinstance(value, int) or (value is None and column.startswith("#?")):
                return value
            raise NotReadableError(
                f"{self.name}: the table {table!r} holds {str(value)[:20]!r} in the column "
                f"{_plain(column)!r}, expected a whole number; copy or export it again"
            )
        return "" if value is None else value if isinstance(value, str) else str(value)

    def count(self, table: str, column: str = "") -> int:
        """How many rows a table has, or how many of them hold a text in a column; none if there is
        no such table or column.
        """
        if table not in self.tables:
            return 0
        try:
            if column:
                return sum(bool(text.strip()) for (text,) in self.rows(table, (), (column,)))
            with closing(self._connection.execute(f"SELECT count(*) FROM {table}")) as found:
                return found.fetchone()[0]
        except DAMAGED_DATABASE:
            raise self._damaged(table) from None

    def _rows(self, table: str, columns: tuple[str, ...], optional: tuple[str, ...]) -> list:
        known = self._columns(table)
        missing = [column for column in columns if column not in known]
        if missing:
            raise NotReadableError(
                f"{self.name}: the table {table!r} has no column {missing[0]!r}; it was made by "
                "another program or version"
            )
        wanted = [*columns, *(name if name in known else f"NULL AS {name}" for name in optional)]
        query = f"SELECT {', '.join(wanted)} FROM {table} ORDER BY rowid"
        found = []
        with closing(self._connection.execute(query)) as rows:
            for row in rows:  # a text that the table says once may stand in all of its rows
                self._read += sum(len(value) for value in row if isinstance(value, (str, bytes)))
                if self._read > MOST_TEXT:
                    raise NotReadableError(
                        f"{self.name}: the table {table!r} holds more than the "
                        f"{MOST_TEXT // MIB} MiB that are read; export the project in parts"
                    )
                found.append(row)
                if len(found) > MOST:
                    raise too_many(f"{self.name}: the table {table!r}", "rows")
        return found

    def _columns(self, table: str) -> set[str]:
        with closing(self._connection.execute(f"PRAGMA table_info({table})")) as about:
            return {row[1] for row in about}
