"""Files of texts, as `wording/TOPIC.yml`: a name, and below it the text in each language."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths
from analysis.files.whole import read_file
from analysis.files.yamlfile import Entry, WordingError, read_entries
from analysis.problems import suggest

FOLDER = Path(__file__).parents[1] / "wording"  # those of the machine


def texts(topic: str) -> dict[str, dict[str, str]]:
    """The texts of one topic: key, then language. Those of the study, in a file of the same name,
    take the place of the machine's. Empty if the topic has no file.
    """
    return _texts(topic, FOLDER, paths.wording())


def unread(topics: set[str]) -> Iterator[tuple[Path, str]]:
    """The study's files that hold texts of none of the topics, nor of the machine's; and which name
    may be meant.
    """
    known = {f"{topic}.yml" for topic in topics} | {path.name for path in FOLDER.glob("*.yml")}
    folder = paths.wording()
    for path in sorted(folder.rglob("*") if folder != FOLDER else ()):
        place = path.relative_to(folder)
        if path.is_file() and not paths.is_hidden(place) and place.as_posix() not in known:
            yield path, suggest(path.name, known)


def lacking(languages: Iterable[str]) -> Iterator[str]:
    """The study's texts that are not there in all of its languages: what a language lacks the
    machine's text does not fill in.
    """
    folder = paths.wording()
    for path in sorted(folder.glob("*.yml") if folder != FOLDER else ()):
        for key, entry in (found := _read(path)).items():
            if missing := [language for language in languages if language not in entry]:
                place = at(path, found.lines[key])
                yield f"{place}: {key!r} has no text in {', '.join(missing)}; expected one"


@functools.cache
def _texts(topic: str, *folders: Path) -> dict[str, dict[str, str]]:
    """A page asks for the same texts thousands of times."""
    return {key: said for place in folders for key, said in _read(place / f"{topic}.yml").items()}


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        found, slips = read_entries(read_file(path))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WordingError(f"{paths.shown(path)}: cannot be read ({error.strerror})") from None
    wrong = [
        f"{at(path, slip.line)}: {slip.wrong}; expected {slip.expected}" for slip in slips
    ] or _misshapen(path, found)
    if wrong:
        raise WordingError("\n".join(wrong))
    for entry in (found or {}).values():
        entry.file = path
    return found or {}


def _misshapen(path: Path, found) -> list[str]:
    """What is wrong with a file of texts that is YAML."""
    if not isinstance(found, Entry):
        return (
            []
            if found is None
            else [
                f"{at(path, 1)}: {found!r}; expected names with a text in each language below them"
            ]
        )
    wrong = []
    for key, entry in found.items():
        if not isinstance(entry, Entry) or not all(
            isinstance(text, str) for text in entry.values()
        ):
            wrong.append(
                f"{at(path, found.lines[key])}: {key!r} is {entry!r}; expected a text in each "
                "language, in quotation marks"
            )
    return wrong


def at(path: Path, line: int | None) -> str:
    """A line of a file, in an error."""
    return paths.shown(path) + (f", line {line}" if line else "")
