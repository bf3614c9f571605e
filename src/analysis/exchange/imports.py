"""The imports that a study is made of, as its record keeps them: of several files, each brought up
to date by itself.

A file is known by its name and that of its folder. An interview is the same in all files that call
it the same. Who coded it nobody can tell from two files, as names of coders are kept nowhere; so
the codings that one coder gave one interview come from one file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from analysis.exchange.codebook import Entry
from analysis.exchange.names import number
from analysis.exchange.opening import NotReadableError
from analysis.tables.coding import CODERS, IMPORTED, named_for

DIGITS = 4  # of an import's number
NUMBER = re.compile(f"[0-9]{{{DIGITS}}}")


@dataclass(frozen=True)
class Import:
    """What the record keeps of an import: the account of everything in the file, the consent that
    was given to passages, and what in the tables is of this file.

    interviews: by what their documents are known. coders: for each the interviews that they coded.
    codes: what the file says of each code, by its id. names: for each coder the number of what the
    file calls them.
    """

    account: dict
    consent: str
    interviews: dict[str, str]
    coders: dict[str, list[str]]
    codes: dict[str, Entry]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def given(self) -> set[tuple[str, str]]:
        """Each coder and interview."""
        return {(coder, one) for coder, coded in self.coders.items() for one in coded}


@dataclass(frozen=True)
class Record:
    """All imports by number, and digests of what was last written of codes and dimensions."""

    imports: Mapping[str, Import] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def without(self, *numbers: str) -> Record:
        """The same without some imports."""
        kept = {name: one for name, one in self.imports.items() if name not in numbers}
        return replace(self, imports=kept)

    def only(self, *numbers: str) -> Record:
        """The same with some imports alone."""
        return self.without(*(name for name in self.imports if name not in numbers))

    def clash(self, coders: Mapping[str, list[str]]) -> dict[str, list[tuple[str, str]]]:
        """By import what it has of the same coders and interviews."""
        asked = {(coder, one) for coder, coded in coders.items() for one in coded}
        found = {name: sorted(one.given & asked) for name, one in self.imports.items()}
        return {name: pairs for name, pairs in found.items() if pairs}

    @property
    def given(self) -> set[tuple[str, str]]:
        """Each coder and interview."""
        return {*chain.from_iterable(one.given for one in self.imports.values())}

    @property
    def known(self) -> set[str]:
        """The ids of all interviews."""
        return {*chain.from_iterable(one.interviews for one in self.imports.values())}

    @property
    def interviews(self) -> dict[str, str]:
        """Every interview, by what its document is known."""
        return {
            key: name
            for one in self.imports.values()
            for name, key in one.interviews.items()
            if key
        }

    @property
    def codes(self) -> list[tuple[str, Entry]]:
        """What each import says of each code."""
        return [pair for one in self.imports.values() for pair in one.codes.items()]

    def text(self) -> str:
        """As it is kept: in the order of numbers, so that it does not tell which came first."""
        imports = {name: _kept(one) for name, one in sorted(self.imports.items())}
        content = {"imports": imports, "codes": dict(sorted(self.written.items()))}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def number_of(path: Path) -> str:
    """By what the import of a file is known: a number that does not tell what it is called."""
    whole = path.resolve()
    return number(f"{whole.parent.name}/{whole.name}", DIGITS)


def read_record(raw: Path) -> Record | None:
    """The record of a study; None if nothing was imported."""
    try:
        text = (raw / IMPORTED).read_text("utf-8")
    except FileNotFoundError:
        return None
    except ValueError:
        raise _damaged() from None
    try:
        return _record(json.loads(text))
    except (ValueError, TypeError, AttributeError, LookupError):
        raise _damaged() from None


def _damaged() -> NotReadableError:
    return NotReadableError(
        f"{IMPORTED} is damaged, which says what was imported; get it back from Git, or import "
        "into a new folder"
    )


def _record(content: dict) -> Record:
    imports = {name: _import(dict(one)) for name, one in content["imports"].items()}
    if not all(map(NUMBER.fullmatch, imports)):
        raise ValueError
    written = dict(content["codes"])
    _must_be_texts(written.values())
    return Record(imports, written)


def _import(kept: dict) -> Import:
    consent, interviews = kept.pop("consent"), dict(kept.pop("interviews"))
    coders = {name: list(coded) for name, coded in kept.pop("coders").items()}
    codes = {name: Entry(**entry) for name, entry in kept.pop("codes").items()}
    codes = {name: replace(entry, path=tuple(entry.path)) for name, entry in codes.items()}
    names = dict(kept.pop("names", {}))
    _must_be_texts([consent, *interviews.values(), *chain(*coders.values()), *names.values()])
    for code in codes.values():
        _must_be_texts([*code.path, code.definition, code.mark])
    if not all(CODERS.fullmatch(named_for(name)) for name in coders):
        raise ValueError
    return Import(kept, consent, interviews, coders, codes, names)


def _must_be_texts(values: Iterable) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError


def _kept(one: Import) -> dict:
    codes = {
        name: {
            "path": entry.path,
            **({"definition": entry.definition} if entry.definition else {}),
            **({"given": True} if entry.given else {}),
            **({"mark": entry.mark} if entry.mark else {}),
        }
        for name, entry in one.codes.items()
    }
    return {
        **one.account,
        "consent": one.consent,
        "interviews": one.interviews,
        "coders": one.coders,
        **({"names": one.names} if one.names else {}),
        "codes": codes,
    }
