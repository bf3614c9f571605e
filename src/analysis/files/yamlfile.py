"""Reads YAML written by hand into mappings that know their lines; every slip is named by line."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import yaml
from yaml.composer import Composer

from analysis.files.damage import damage
from analysis.files.encodings import foreign
from analysis.problems import ReportedError

SAVED = "a text file saved as UTF-8"
TEXT = "tag:yaml.org,2002:str"
# what YAML takes for a comment, though it is written like the first of #1
CUT_OFF = re.compile(r"[ \t]+#[^\s#]+")
HALF = re.compile("[\ud800-\udfff]")  # which no file can hold; YAML has escapes for it
MISREAD = (yaml.YAMLError, ValueError, RecursionError)


class Entry(dict):
    """A mapping that knows the line of each of its keys."""

    lines: dict


class Slip(NamedTuple):
    """Something wrong in the file, where, and what was expected; a file with an
    `unreadable` slip has no content, and a `damaged` one is of a text, not of YAML.
    """

    line: int | None
    wrong: str
    expected: str
    unreadable: bool = False
    damaged: bool = False


class WordingError(ReportedError):
    """A file of texts, or the use of a text, is wrong; the message is for whoever wrote it."""


class _Entries:
    """YAML whose mappings are entries and whose texts are composed; remembers
    what is wrong with them.

    Names are what is written: `no` is a language, not false. Nothing stands for lines elsewhere,
    or a few of them could stand for more than any memory holds.
    """

    def __init__(self, content: str):
        self.base.__init__(self, content)
        Composer.__init__(self)
        self.content = content
        self.slips: list[Slip] = []

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            alias = self.get_event()
            wrong = f"*{alias.anchor} stands for lines elsewhere; write them out"
            raise yaml.MarkedYAMLError(problem=wrong, problem_mark=alias.start_mark)
        return super().compose_node(parent, index)

    def entry(self, node) -> Entry:
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = TEXT
        written = [unicodedata.normalize("NFC", str(key.value)) for key, _ in node.value]
        for i, (name, (key, _)) in enumerate(zip(written, node.value, strict=True)):
            if name in written[:i]:
                self.slips.append(Slip(_line(key), f"{name!r} stands twice", "each name once"))
        entry = Entry(self.construct_mapping(node, deep=True))
        entry.lines = {self.construct_object(key): _line(key) for key, _ in node.value}
        return entry

    def number(self, node) -> int:
        value = self.construct_yaml_int(node)
        str(value)  # one of so many digits that it could not even be told is none
        return value

    def text(self, node) -> str:
        if half := HALF.search(node.value):
            wrong = f"{half[0].encode('unicode_escape').decode()} is half of a sign"
            raise yaml.MarkedYAMLError(problem=wrong, problem_mark=node.start_mark)
        text = unicodedata.normalize("NFC", node.value)
        found = damage(text)
        hidden = CUT_OFF.match(self.content, node.end_mark.index) if not node.style else None
        if hidden:
            self.slips.append(
                Slip(
                    _line(node),
                    f"{text + hidden.group()!r} ends before the #",
                    "quotation marks around the text",
                )
            )
        if found:
            self.slips.append(Slip(_line(node), *found, damaged=True))
        return text


def _line(node) -> int:
    return node.start_mark.line + 1


class _Exact(_Entries, yaml.SafeLoader):
    """Says best what is wrong, and where."""

    base = yaml.SafeLoader


try:

    class _Fast(_Entries, Composer, yaml.CSafeLoader):
        """Reads with libyaml, in a fifth of the time."""

        base = yaml.CSafeLoader

except AttributeError:  # a PyYAML without it
    _Fast = _Exact

for loader in (_Exact, _Fast):
    loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, loader.entry)
    loader.add_constructor(TEXT, loader.text)
    loader.add_constructor("tag:yaml.org,2002:int", loader.number)


def read_entries(content: bytes) -> tuple[object, list[Slip]]:
    """What a YAML file holds, and everything that is wrong with it as YAML."""
    if what := foreign(content):
        return None, [Slip(None, f"not a text in UTF-8 but {what}", SAVED, unreadable=True)]
    try:
        text = content.decode("utf-8-sig")
        try:
            return _read(_Fast, text)
        except MISREAD:
            return _read(_Exact, text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [
            Slip(
                line,
                f"not readable as UTF-8 ({error.reason})",
                SAVED,
                unreadable=True,
            )
        ]
    except MISREAD as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        line = mark.line + 1 if mark else None
        return None, [
            Slip(
                line,
                f"not readable as YAML ({why})",
                "names with their texts below them, indented alike",
                unreadable=True,
            )
        ]


def plain(value: object) -> object:
    """A value of YAML as any Python has it, without lines."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def _read(loader: type[_Entries], text: str) -> tuple[object, list[Slip]]:
    reading = loader(text)
    return reading.get_single_data(), list(dict.fromkeys(reading.slips))
