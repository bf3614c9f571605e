"""Reads study.yml, what a study says of itself: its title, its languages, which of the machine's
notebooks it uses, who coded it, and under which licence its tables may be used.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from analysis import paths
from analysis.files.textfile import texts
from analysis.files.whole import read_file
from analysis.files.yamlfile import Entry, read_entries
from analysis.problems import Problem, ReportedError, suggest

LISTS = ("languages", "notebooks")
TEXTS = ("licence", "coded_by")


class StudyFileError(ReportedError):
    """study.yml cannot be used; the message names everything that is wrong with it, by line."""


@dataclass(frozen=True)
class About:
    """What a study says of itself.

    title: by language, one for all under an empty name. languages: those its texts are in, none if
    it does not say. notebooks: those of the machine that it uses beside its own. licence: of its
    tables, none if it does not say. coded_by: who gave the codes, and how: a sentence in English.
    """

    title: dict[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    licence: str = ""
    coded_by: str = "Coded by hand."

    def title_in(self, language: str) -> str | None:
        """The title in one language; None if there is none."""
        return self.title.get(language, self.title.get(""))


def read_about() -> About:
    """What the study says of itself; nothing where there is no study.yml.

    Raises StudyFileError with everything that is wrong with the file.
    """
    return _about(None)


def check_about() -> None:
    """The same, for the sake of its error, which also names notebooks that there are not."""
    # Whoever only wants to know a language shall not depend on which notebooks there are.
    _about(tuple(sorted(path.stem for path in (paths.root() / "notebooks").glob("*.ipynb"))))


def _about(notebooks: tuple[str, ...] | None) -> About:
    path = paths.about()
    try:
        content = read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return About()
    except OSError as error:
        raise StudyFileError(f"{paths.shown(path)}: cannot be read ({error.strerror})") from None
    return _read(content, paths.shown(path), notebooks)


@functools.cache
def _read(content: bytes, name: str, notebooks: tuple[str, ...] | None) -> About:
    """A plan asks for the same file many times."""
    said, slips = read_entries(content)
    problems = [Problem(name, slip.line, None, slip.wrong, slip.expected) for slip in slips]
    if not any(slip.unreadable for slip in slips):
        problems += _misfits(said, name, notebooks)
    if problems:
        raise StudyFileError("\n".join(map(str, problems)))
    said = said or {}
    title = said.get("title", {})
    return About(
        {"": title} if isinstance(title, str) else dict(title),
        *(tuple(said.get(key, ())) for key in LISTS),
        **{key: said[key] for key in TEXTS if key in said},
    )


def _misfits(said, name: str, notebooks: tuple[str, ...] | None) -> Iterator[Problem]:
    """What is wrong with a file that is YAML."""
    if said is None:
        return
    if not isinstance(said, Entry):
        yield Problem(name, 1, None, f"holds {said!r}", "lines such as `title: Two hospitals`")
        return
    known = dict(zip(LISTS, (known_languages(), notebooks), strict=True))
    for key, value in said.items():
        line = said.lines[key]
        if key == "title":
            yield from _misfits_of_title(value, name, line)
        elif key in known:
            yield from _misfits_of_list(key, value, known[key], Problem(name, line, None, "", ""))
        elif key not in TEXTS:
            names = ("title", *LISTS, *TEXTS)
            wrong = f"{key!r} means nothing{suggest(str(key), names)}"
            yield Problem(name, line, None, wrong, f"only {', '.join(names)}")
        elif not (isinstance(value, str) and value.strip()):
            yield Problem(name, line, None, f"{key} is {value!r}", "a text in quotation marks")


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
