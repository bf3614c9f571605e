"""Settings of the book that are written once for all languages."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from analysis import paths
from analysis.files.whole import read_file
from analysis.files.yamlfile import read_entries
from analysis.problems import ReportedError, suggest
from analysis.studyfile import LANGUAGE, read_about

# The theme writes these into the page as they are: the one as HTML, the others into a script.
UNSHOWN = {
    "numfig_format": "<>&",
    "togglebutton_hint": "<>&'\"\\\n",
    "togglebutton_hint_hide": "<>&'\"\\\n",
}
PAGES = (".md", ".ipynb")
RENDERER = "mathml"  # of formulas, as Sphinx is told of it


class BookError(ReportedError):
    """The book could not be built; the message says which page and why."""


def read_settings(path: Path, language: str) -> dict:
    """A YAML file in one language: {de: …, en: …} anywhere in it becomes the text of that language.

    Raises BookError if it is not there, or not readable.
    """
    name = paths.shown(path)
    try:
        content, slips = read_entries(read_file(path))
    except FileNotFoundError:
        raise BookError(f"{name} is missing; expected the settings of a book") from None
    except OSError as error:
        raise BookError(f"{name} cannot be read ({error.strerror})") from None
    # Some settings are HTML, in which an entity is no damage.
    wrong = [
        f"{name}{f', line {slip.line}' if slip.line else ''}: "
        f"{slip.wrong}; expected {slip.expected}"
        for slip in slips
        if not slip.damaged
    ]
    if wrong:
        raise BookError("\n".join(wrong))
    if not isinstance(content, dict):
        raise BookError(
            f"{name} holds {'nothing' if content is None else 'no settings'}; expected lines such "
            "as `title: …`"
        )
    return _in(content, language)


def read_config(path: Path, language: str) -> dict:
    """The settings of a book in one language, completed with what every book needs; those of the
    machine where the book has none of its own. Its title is that of the study, unless they have
    one.

    Raises BookError with everything that is wrong with them.
    """
    path = path if os.path.lexists(path) else paths.machine_book() / path.name
    settings, name = read_settings(path, language), paths.shown(path)
    settings.setdefault("title", read_about().title_in(language))
    for part in ("sphinx", "execute", "parse", "html"):
        if not isinstance(settings.setdefault(part, {}), dict):
            raise BookError(
                f"{name}: {part} is {settings[part]!r}; expected indented lines below it"
            )
    config = settings["sphinx"].setdefault("config", {})
    if not isinstance(config, dict):
        raise BookError(f"{name}: config of sphinx is {config!r}; expected indented lines below it")
    extensions = settings["sphinx"].get("extra_extensions", [])
    if wrong := [*_misfits(settings, extensions, language), *_unshown(config)]:
        raise BookError("\n".join(f"{name}: {what}" for what in wrong))
    settings["sphinx"]["extra_extensions"] = sorted({*extensions, "analysis.book"})
    # Papermill has executed them.
    settings |= {"execute": {"execute_notebooks": "off"}, "only_build_toc_files": True}
    config["smartquotes"] = False  # texts come out as they were written
    config["html_math_renderer"] = RENDERER  # any other asks another host
    folders = {
        "templates_path": ["_templates"],
        "locale_dirs": ["locale"],  # what Sphinx and its theme leave in English
        "html_extra_path": ["_extra"],
    }
    settings["sphinx"]["config"] = folders | config
    return {"bibtex_bibfiles": ["references.bib"], "copyright": "", "author": ""} | settings


def _misfits(settings: dict, extensions, language: str) -> list[str]:
    """What is wrong with the title of a book and with what it asks Sphinx to load."""
    wrong = []
    if not isinstance(settings.get("title"), str):
        expected = "expected a line `title: …` in study.yml"
        wrong.append(f"the book has no title in {language!r}; {expected}")
    if not isinstance(extensions, list) or not all(isinstance(one, str) for one in extensions):
        wrong.append(f"extra_extensions of sphinx is {extensions!r}; expected a list of names")
    return wrong


def _unshown(config: dict) -> list[str]:
    """What is wrong with settings that the theme would write into pages as they are."""
    wrong = []
    for key, signs in UNSHOWN.items():
        for text in (
            config[key].values() if isinstance(config.get(key), dict) else [config.get(key, "")]
        ):
            found = sorted({*str(text)} & {*signs})
            wrong += (
                [f"{key} has {text!r}, of which {' '.join(found)} cannot be shown"] if found else []
            )
    return wrong


def read_contents(path: Path, language: str, pages: Path) -> dict:
    """The table of contents in one language; without one, all pages by their names, the notebooks
    last.

    Raises BookError with every page that it names and that is not there, and every page that is
    there and that it does not name.
    """
    name, there = paths.shown(path), pages_in(pages)
    if not os.path.lexists(path):
        chapters = _chapters(there)
        return {"format": "jb-book", "root": "index"} | ({"chapters": chapters} if chapters else {})
    contents = read_settings(path, language)
    if "root" not in contents:
        raise BookError(f"{name} has no root; expected the name of the first page, `root: index`")
    contents.setdefault("format", "jb-book")
    contents = _without_printed(contents)
    _check_form(contents, name)
    named = _named(contents)
    patterns = [value for key, value in _entries(contents) if key == "glob"]
    missing = [
        f"{name}: there is no page {page!r} in {language}{suggest(page, there)}"
        for page in sorted(named - there)
    ]
    fits = {page for pattern in patterns for page in _matching(pattern, pages)}
    left = sorted(page for page in there - named - fits if not page.startswith("notebooks/"))
    unlisted = [
        f"{name}: does not name the page {page!r}, so that no reader finds it (_{page} for a part "
        "of other pages)"
        for page in left
    ]
    if missing or unlisted:
        raise BookError("\n".join(missing + unlisted))
    return contents


def read_printed(path: Path, language: str, pages: Path) -> list[tuple[str, str]]:
    """The pages that are printed, each once and with the part it is in, in reading order: all but
    those of notebooks and those that the table of contents, or the part they are in, has
    `printed: false`. Where a pattern fits a page that is named as well, its name tells.
    """
    if os.path.lexists(path):
        contents = read_settings(path, language)
    else:
        contents = read_contents(path, language, pages)
    parts = {_page(contents["root"]): ""}
    for part, page in _printed(contents, "", pages, _named(contents)):
        parts.setdefault(page, part)
    return [(part, page) for page, part in parts.items() if not page.startswith("notebooks/")]


def _printed(content, part: str, pages: Path, named: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(content, list):
        for one in content:
            yield from _printed(one, part, pages, named)
    elif isinstance(content, dict) and content.get("printed", True):
        part = content.get("caption", part)
        if "file" in content:
            yield part, _page(content["file"])
        if "glob" in content:
            yield from ((part, page) for page in sorted(_matching(content["glob"], pages) - named))
        for value in content.values():
            yield from _printed(value, part, pages, named)


def _without_printed(content):
    """A table of contents as Jupyter Book knows it."""
    if isinstance(content, dict):
        if not isinstance(content.get("printed", True), bool):
            raise BookError(
                f"the table of contents has printed: {content['printed']!r}; expected true or false"
            )
        return {key: _without_printed(value) for key, value in content.items() if key != "printed"}
    return [*map(_without_printed, content)] if isinstance(content, list) else content


def pages_in(folder: Path) -> set[str]:
    """Every page in a folder, by its name there in composed letters."""
    return {
        unicodedata.normalize("NFC", page.relative_to(folder).with_suffix("").as_posix())
        for page in folder.rglob("*")
        if _is_page(page.relative_to(folder))
    }


def _chapters(pages: set[str]) -> list[dict[str, str]]:
    """The first page leads to all other ones."""
    last = "notebooks/"
    others = sorted(pages - {"index"}, key=lambda page: (page.startswith(last), page))
    return [{"file": page} for page in others]


def _check_form(contents: dict, name: str) -> None:
    """Raises BookError if Jupyter Book could not follow a table of contents."""
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data

    try:
        parse_toc_data(deepcopy(contents))
    except (MalformedError, TypeError) as error:
        raise BookError(f"{name} is no table of contents of Jupyter Book ({error})") from None


def _matching(pattern: str, pages: Path) -> set[str]:
    """The pages that a pattern in a table of contents fits."""
    *folders, name = pattern.split("/")
    try:
        if "**" in name or any("**" in folder and folder != "**" for folder in folders):
            raise ValueError("** stands for folders")  # Python 3.13 takes it for any name
        found = [*pages.glob(f"{pattern}.*")]
    except (ValueError, NotImplementedError) as error:
        raise BookError(
            f"the table of contents has the glob {pattern!r} ({error}); expected one as facts/*"
        ) from None
    return {page.relative_to(pages).with_suffix("").as_posix() for page in found}


def _is_page(path: Path) -> bool:
    aside = any(part.startswith("_") for part in path.parts)
    return path.suffix in PAGES and not aside and not paths.is_hidden(path)


def _page(entry: str) -> str:
    """The page that an entry of a table of contents names, with or without the end of its file."""
    return entry.removesuffix(".md").removesuffix(".ipynb")


def _named(contents) -> set[str]:
    """Every page that a table of contents names itself."""
    return {_page(value) for key, value in _entries(contents) if key != "glob"}


def _entries(content):
    """Every page and pattern that a table of contents names."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("root", "file", "glob") and isinstance(value, str):
                yield key, value
            else:
                yield from _entries(value)
    elif isinstance(content, list):
        for part in content:
            yield from _entries(part)


def _in(content, language: str):
    if isinstance(content, dict):
        if language in content and all(LANGUAGE.fullmatch(str(key)) for key in content):
            return content[language]
        return {key: _in(value, language) for key, value in content.items()}
    if isinstance(content, list):
        return [_in(value, language) for value in content]
    return content
