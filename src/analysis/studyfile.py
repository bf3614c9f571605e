"""Reads study.yml, what a study says of itself: its title, its languages, which of the machine's
notebooks it uses and with which parameters, who coded it, whose codings count, and under which
licence its tables may be used.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis import paths
from analysis.files.textfile import texts
from analysis.files.whole import read_file
from analysis.files.yamlfile import Entry, plain, read_entries
from analysis.parameters import defaults
from analysis.problems import Problem, ReportedError, suggest

LISTS = ("languages", "notebooks")
TEXTS = ("licence", "coded_by", "counted")
KNOWN = ("title", *LISTS, "parameters", *TEXTS)
# What YAML makes of the values that may stand in the place of a default, by the kind of that.
IN_YAML = {dict: (Entry,), tuple: (list,), float: (float, int)}
CODER = re.compile("(?!b$)[a-z0-9][a-z0-9_-]*")
LANGUAGE = re.compile("[a-z]{2,3}")  # the code of one

# The parameters of each notebook, with their defaults; None for one that cannot be read.
Notebooks = dict[str, dict[str, object] | None]


class StudyFileError(ReportedError):
    """study.yml cannot be used; the message names everything that is wrong with it, by line."""


@dataclass(frozen=True)
class About:
    """What a study says of itself.

    title: by language, one for all under an empty name. languages: those its texts are in, none if
    it does not say. notebooks: those of the machine that it uses beside its own. parameters: by
    notebook, those that shall not have their default. licence: of its tables, none if it does not
    say. coded_by: who gave the codes, and how: a sentence in English. counted: the coder whose
    codings count, those in coding/codings_NAME.csv.
    """

    title: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    licence: str = ""
    coded_by: str = "Coded by those who made the study."
    counted: str = "a"
    parameters: Notebooks = field(default_factory=dict)

    def title_in(self, language: str) -> str | None:
        """The title in one language; None if there is none."""
        return self.title.get(language, self.title.get(""))


def read_about() -> About:
    """What the study says of itself; nothing where there is no study.yml.

    Raises StudyFileError with everything that is wrong with the file.
    """
    return _about()


def unsaid() -> list[str]:
    """A notice that there is no study.yml, or nothing in it, so that its languages are not said."""
    if read_about() != About():
        return []
    path, expected = paths.about(), ", ".join(known_languages())
    near = sorted(found.name for found in path.parent.glob("[!._]*"))
    wrong = "says nothing" if path.is_file() else f"is not there{suggest(path.name, near)}"
    return [f"{paths.shown(path)} {wrong}, so texts are to be in {expected}"]


def check_about() -> None:
    """The same, for the sake of its error, which also names notebooks that there are not, and
    parameters that they have not.
    """
    # Whoever only wants to know a language shall not depend on which notebooks there are.
    _about(_notebooks(paths.root() / "notebooks"), _notebooks(paths.notebooks()))


def _notebooks(folder: Path) -> Notebooks:
    """The notebooks in a folder, with what may be set of each: neither the language nor what tells
    its runs apart. One that cannot be read shows that when it is run.
    """
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = json.loads(path.read_text("utf-8-sig"))
            each = notebook["metadata"].get("compendium", {}).get("each", {})
            found[path.stem] = {
                name: value
                for name, value in defaults(notebook).items()
                if name not in ("language", *each)
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            found[path.stem] = None
    return found


def _about(machine: Notebooks | None = None, own: Notebooks | None = None) -> About:
    """What the file says; all of it is checked if the notebooks that there are are told."""
    path = paths.about()
    try:
        content = read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return About()
    except OSError as error:
        raise StudyFileError(f"{paths.shown(path)}: cannot be read ({error.strerror})") from None
    if machine is None:
        return _read(content, paths.shown(path))
    # The file of one may be called in letters of two signs, as macOS writes ü.
    known = {
        unicodedata.normalize("NFC", name): told for name, told in (machine | (own or {})).items()
    }
    return _parse(content, paths.shown(path), machine, known)


@functools.cache
def _read(content: bytes, name: str) -> About:
    """A plan asks for the same file many times."""
    return _parse(content, name, None, {})


def _parse(content: bytes, name: str, machine: Notebooks | None, known: Notebooks) -> About:
    """machine: the notebooks that may be borrowed. known: all that there are."""
    said, slips = read_entries(content)
    problems = [Problem(name, slip.line, None, slip.wrong, slip.expected) for slip in slips]
    if not any(slip.unreadable for slip in slips):
        problems += _misfits(said, name, machine, known)
    if problems:
        raise StudyFileError("\n".join(map(str, problems)))
    said = said or {}
    title = said.get("title", {})
    return About(
        {"": title} if isinstance(title, str) else dict(title),
        *(tuple(said.get(key, ())) for key in LISTS),
        **{key: said[key] for key in TEXTS if key in said},
        parameters=plain(said.get("parameters", {})),
    )


def _misfits(said, name: str, machine: Notebooks | None, known: Notebooks) -> Iterator[Problem]:
    """What is wrong with a file that is YAML."""
    if said is None:
        return
    if not isinstance(said, Entry):
        yield Problem(name, 1, None, f"holds {said!r}", "lines such as `title: Two hospitals`")
        return
    lists = dict(zip(LISTS, (known_languages(), machine and tuple(machine)), strict=True))
    for key, value in said.items():
        here = Problem(name, said.lines[key], None, "", "")
        if key == "title":
            yield from _misfits_of_title(value, name, here.row)
        elif key in lists:
            yield from _misfits_of_list(key, value, lists[key], here)
        elif key == "parameters":
            yield from _misfits_of_parameters(value, known if machine else None, here)
        elif key not in TEXTS:
            wrong = f"{key!r} means nothing{suggest(str(key), KNOWN)}"
            yield replace(here, wrong=wrong, expected=f"only {', '.join(KNOWN)}")
        elif not (isinstance(value, str) and value.strip()):
            yield replace(here, wrong=f"{key} is {value!r}", expected="a text in quotation marks")
        elif key == "counted" and not CODER.fullmatch(value):
            expected = "the NAME in coding/codings_NAME.csv, which is not b, the second pass"
            yield replace(here, wrong=f"counted is {value!r}", expected=expected)


def _misfits_of_parameters(said, known: Notebooks | None, here: Problem) -> Iterator[Problem]:
    """known: the notebooks with their parameters; None if it does not matter which there are."""
    expected = "names of notebooks, with their parameters below them"
    if not isinstance(said, Entry):
        yield replace(here, wrong=f"parameters is {said!r}", expected=expected)
        return
    for notebook, values in said.items():
        at = replace(here, row=said.lines[notebook])
        if not isinstance(values, Entry):
            wrong = f"parameters of {notebook} is {values!r}"
            yield replace(at, wrong=wrong, expected="{parameter: value, …}")
        elif known is not None and notebook not in known:
            wrong = f"there is no notebook {notebook!r}{suggest(str(notebook), known)}"
            yield replace(at, wrong=wrong, expected=f"one of {', '.join(known)}")
        elif known is not None and known[notebook] is not None:
            yield from _misfit_values(str(notebook), values, known[notebook], at)


def _misfit_values(
    notebook: str, values: Entry, known: dict[str, object], at: Problem
) -> Iterator[Problem]:
    for name, value in values.items():
        here = replace(at, row=values.lines[name])
        if name not in known:
            wrong = f"{notebook} has no parameter {name!r} to set{suggest(str(name), known)}"
            yield replace(here, wrong=wrong, expected=f"one of {', '.join(known) or 'none'}")
        elif not _fits(value, known[name]):
            wrong = f"{name} of {notebook} is {value!r}"
            yield replace(here, wrong=wrong, expected=_such_as(known[name]))


def _fits(value: object, default: object) -> bool:
    """Whether a notebook can be told a value of YAML in the place of a default; None says nothing
    of what may stand there.
    """
    try:  # dates, binary data and what is no number have no place in a notebook's record
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    kinds = IN_YAML.get(type(default), (type(default),))
    return default is None or type(value) in kinds


def _such_as(default: object) -> str:
    if default is None:
        return "a text in quotation marks, a number, true or false, or a list or mapping of these"
    if type(default) not in (bool, int, float, str, list, dict, tuple):
        return f"nothing: YAML has no value such as {default!r}; change it in the notebook"
    return f"a value such as {list(default) if isinstance(default, tuple) else default!r}"


def _misfits_of_title(title, name: str, line: int) -> Iterator[Problem]:
    texts = title if isinstance(title, Entry) else {"": title}
    for language, text in texts.items():
        at = title.lines[language] if language else line
        if language and language not in known_languages():
            wrong = f"the title is in {language!r}, a language that has no words"
            yield Problem(name, at, None, wrong, f"some of {', '.join(known_languages())}")
        if not (isinstance(text, str) and text.strip()):
            yield Problem(name, at, None, f"the title is {text!r}", "a text in quotation marks")


def _misfits_of_list(
    key: str, values, known: tuple[str, ...] | None, here: Problem
) -> Iterator[Problem]:
    """known: what may stand in the list; anything if that is None."""
    expected = f"some of {', '.join(known)}" if known else "a list of names"
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        yield replace(here, wrong=f"{key} is {values!r}", expected=f"a list: {key}: [a, b]")
        return
    if key == "languages" and not values:
        yield replace(here, wrong="a study in no language", expected=expected)
    for place, value in enumerate(values):
        if value in values[:place]:
            yield replace(here, wrong=f"{key} has {value!r} twice", expected="each once")
        elif known is not None and value not in known:
            wrong = f"{key} has {value!r}{suggest(value, known)}"
            yield replace(here, wrong=wrong, expected=expected)


def known_languages() -> tuple[str, ...]:
    """Every language that common.yml gives a name."""
    return tuple(texts("common")["language_name"])
