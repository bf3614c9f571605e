"""What archives, indexes and reviewers read of a compendium, made from its CITATION.cff:
codemeta.json, .zenodo.json, codecheck.yml, and the part of the README that is on the data.
"""

from __future__ import annotations

import html
import json
import os
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml

from analysis import paths
from analysis.citation import Author, Cited, Work, address_of, cited
from analysis.files.whole import write_all
from analysis.manifest import released
from analysis.problems import ReportedError
from analysis.raw.study import further_coders
from analysis.studyfile import read_about
from analysis.tables import PROCESSED, RAW, described
from analysis.tables.naming import named

CODEMETA = "https://w3id.org/codemeta/3.0"
CODECHECK = "https://codecheck.org.uk/spec/config/1.0/"
UNLICENSED = "No licence has been given yet."  # on what conditions, then, nobody can tell
# What stands in the README between these is made here.
BEGIN, END = "<!-- made by `make metadata` -->", "<!-- until here -->"
DATA = re.compile(rf"({re.escape(BEGIN)}\r?\n).*?(?={re.escape(END)})", re.DOTALL)
OURS = ("version", "manifest", "paper", "repository")  # of codecheck.yml; others are reviewers'
# Where the results of each kind lie in a build, by language and run.
RESULTS = {"tables": "csv", "values": "json", "notebooks": "ipynb"}


def write_metadata() -> None:
    """Writes them beside CITATION.cff, in the README only where there is place for it."""
    about, place = cited(), paths.citation()
    if not (about.release and about.title):
        raise ReportedError(
            f"{paths.shown(place)} cannot be read, or does not say all of title, authors, version "
            "and date-released; expected a file as on citation-file-format.github.io"
        )
    made = metadata(about)
    write_all({place.with_name(name): text for name, text in made.items()})
    print("\n".join(paths.shown(place.with_name(name)) for name in made))


def metadata(about: Cited) -> dict[str, str]:
    """The texts of the files by name. Metadata of software only of what is software; what a
    reviewer has to find again only after a release.
    """
    made = {".zenodo.json": _json(zenodo(about, read_about().licence))}
    if about.kind == "software":
        made["codemeta.json"] = _json(codemeta(about))
    if manifest := released():
        made["codecheck.yml"] = _yaml(codecheck(about, manifest) | _of_reviewers())
    readme = paths.citation().with_name("README.md")
    text = _text(readme)
    parts = len(DATA.findall(text))
    if not parts == text.count(BEGIN) == text.count(END):
        raise ReportedError(
            f"{paths.shown(readme)}: what is made here cannot be told from the rest; expected "
            f"{BEGIN} on the line above it and {END} below, or neither of them"
        )
    if parts:
        said = on_the_data().replace("\n", "\r\n" if "\r\n" in text else "\n")
        made[readme.name] = DATA.sub(lambda found: found[1] + said, text)
    return made


def _text(path: Path) -> str:
    """What a file holds, with its ends of lines; nothing if there is none."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else ""
    except UnicodeDecodeError:
        raise ReportedError(f"{paths.shown(path)}: not readable as UTF-8; save it so") from None


def _of_reviewers() -> dict:
    """The fields of codecheck.yml that codecheckers have written: who checked, when, the report."""
    place = paths.citation().with_name("codecheck.yml")
    try:
        known = yaml.safe_load(_text(place)) or {}
        return {name: told for name, told in known.items() if name not in OURS}
    except (yaml.YAMLError, AttributeError, ValueError):  # a date that is none
        raise ReportedError(f"{paths.shown(place)} is damaged; get it back from Git") from None


def codemeta(about: Cited) -> dict:
    """The software in the terms of CodeMeta 3."""
    return _told(
        {
            "@context": CODEMETA,
            "@type": "SoftwareSourceCode",
            "name": about.title,
            "description": about.abstract,
            "author": [_person(author) for author in about.authors],
            "version": about.release,
            "datePublished": about.date,
            "license": about.terms,
            "keywords": list(about.keywords),
            "programmingLanguage": "Python",
            "codeRepository": about.repository,
            "url": about.site,
            "readme": "README.md",
            "citation": [
                _told(
                    {
                        "@type": "CreativeWork",
                        "name": work.title,
                        "author": [_person(author) for author in work.authors],
                        "datePublished": work.year,
                        "url": work.address,
                    }
                )
                for work in about.based_on
            ],
        }
    )


def zenodo(about: Cited, of_data: str = "") -> dict:
    """The deposit in the terms of Zenodo, which knows one licence of each, the first one, and reads
    descriptions as HTML. Only what has a licence that is known, as have the data, is open: Zenodo
    takes what says nothing of it for open, and chooses a licence.
    """
    is_open = not of_data or address_of(of_data)
    licence = next(filter(address_of, about.licences), "") if is_open else ""
    conditions = ("; ".join(about.licences) or UNLICENSED) if is_open else of_data
    closed = {
        "access_right": "restricted",
        "access_conditions": html.escape(conditions, quote=False),
    }
    notes = [f"Licences: {', '.join(about.licences)}."] if len(about.licences) > 1 else []
    if of_data not in ("", *about.licences):
        notes.append(f"Of the data: {of_data.rstrip('.')}.")
    related = [
        {"identifier": work.address, "relation": "isDerivedFrom", "scheme": "url"}
        for work in about.based_on
        if work.address
    ]
    if about.repository:
        code = {"identifier": about.repository, "relation": "isSupplementTo", "scheme": "url"}
        related.append(code)
    return _told(
        {
            "title": about.title,
            "upload_type": "dataset" if about.kind == "dataset" else "software",
            "description": html.escape(about.abstract or about.title, quote=False),
            "version": about.release,
            "publication_date": about.date,
            "creators": [_creator(author) for author in about.authors],
            **({"access_right": "open", "license": licence} if licence else closed),
            "notes": " ".join(notes),
            "keywords": list(about.keywords),
            "references": list(map(_reference, about.based_on)),
            "related_identifiers": related,
        }
    )


def codecheck(about: Cited, manifest: dict) -> dict:
    """What a codechecker has to find again: the list of the manifest of the last release, of the
    pages without what they look like. Who checked, and the report, they add themselves.
    """
    authors = [
        _told({"name": author.name, "ORCID": author.orcid.rpartition("/")[2]})
        for author in about.authors
    ]
    paper = {"title": about.title, "authors": authors}
    told = {"version": CODECHECK, "manifest": list(_results(manifest)), "paper": paper}
    return _told(told | {"repository": about.repository})


def _results(manifest: dict) -> Iterator[dict[str, str]]:
    """The files of a manifest, with what they are."""
    for name in manifest["processed"]:
        table = name.removesuffix(".csv")
        title = named(table, PROCESSED[table]).title if table in PROCESSED else "Data package"
        yield _result(paths.processed() / name, title)
    for name, digests in manifest["figures"].items():
        # One that was not drawn has a reason in the place of a picture, and one digest for both.
        drawn = digests["bytes"] != digests["data"]
        language, run = name.split("/", 1)
        place = paths.figures(language) / f"{run}.{'svg' if drawn else 'json'}"
        yield _result(place, f"Figure {run} ({language})")
    for kind, ending in RESULTS.items():
        for name in manifest[kind]:
            language, run = name.split("/", 1)
            place = paths.build() / language / kind / f"{run}.{ending}"
            yield _result(place, f"{kind.removesuffix('s').capitalize()} {run} ({language})")
    for name in manifest["pages"]:
        if name.endswith(".html"):
            yield _result(paths.build() / "html" / name, "Page of the report")


def _result(place: Path, comment: str) -> dict[str, str]:
    place = Path(os.path.relpath(place, paths.citation().parent))
    return {"file": place.as_posix(), "comment": comment}


def on_the_data() -> str:
    """What the README says of the data: where it is, what, under which licence, by whom coded."""
    about, folders = read_about(), {}
    for name in (*RAW, *further_coders(paths.raw())):
        table = described(name)
        if (paths.raw() / table.file).exists():
            folder = Path(paths.raw().name, table.file).parent.as_posix()
            folders.setdefault(f"data/{folder}/", []).append(named(name, table).title)
    said = ["Tables in CSV; the data dictionary describes every column."]
    said += [f"{about.coded_by.rstrip('.')}."]
    said += [f"Licence: {about.licence}."] if about.licence else []
    rows = [f"| `{folder}` | {', '.join(titles)} |" for folder, titles in folders.items()]
    table = "\n".join(["| folder | tables |", "|---|---|", *rows])
    return f"{textwrap.fill(' '.join(said), 120)}\n\n{table}\n"


def _person(author: Author) -> dict:
    return _told(
        {
            "@id": author.orcid,
            "@type": author.kind,
            "name": author.name if author.kind == "Organization" else "",
            "givenName": author.given,
            "familyName": " ".join(filter(None, (author.family, author.suffix))),
            "affiliation": author.affiliation,
        }
    )


def _reference(work: Work) -> str:
    """A work in a line."""
    authors = "; ".join(author.inverted for author in work.authors)
    year = f" ({work.year})" if work.year else ""
    return ": ".join(filter(None, (authors, work.title))) + year


def _creator(author: Author) -> dict:
    orcid = author.orcid.rpartition("/")[2]
    return _told({"name": author.inverted, "affiliation": author.affiliation, "orcid": orcid})


def _told(fields: dict) -> dict:
    """What is known: fields that say nothing are left out."""
    return {name: value for name, value in fields.items() if value}


def _json(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _yaml(content: dict) -> str:
    return yaml.safe_dump(
        content, allow_unicode=True, explicit_start=True, sort_keys=False, width=100
    )
