"""The data as an RO-Crate: what is in it, by whom it is, of which version, on what it is based."""

from __future__ import annotations

import json
from pathlib import Path

from analysis.citation import Cited, address_of

NAME = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"
KINDS = {".csv": "text/csv", ".json": "application/json"}


def crate(folder: Path, cited: Cited) -> str:
    """The text of the file that makes a folder of processed tables a crate, in the words of
    CITATION.cff and of its data package.
    """
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    titles = {resource["path"]: resource["title"] for resource in package["resources"]}
    files = [path for path in sorted(folder.iterdir()) if path.suffix in KINDS]
    people = [
        _named(f"#author-{number}", author.kind, author.name)
        for number, author in enumerate(cited.authors, start=1)
    ]
    works = [
        _named(f"#work-{number}", "CreativeWork", work.title)
        | ({"datePublished": work.year} if work.year else {})
        | ({"creditText": "; ".join(map(str, work.authors))} if work.authors else {})
        for number, work in enumerate(cited.based_on, start=1)
    ]
    named = [licence["name"] for licence in package.get("licenses", [])] or cited.licences
    licences = [
        _named(address_of(name) or f"#licence-{number}", "CreativeWork", name)
        for number, name in enumerate(named, start=1)
    ]
    parts = [
        _named(path.name, "File", titles.get(path.name, path.name))
        | {"encodingFormat": KINDS[path.suffix], "contentSize": str(path.stat().st_size)}
        for path in files
    ]
    root = _named(
        "./",
        "Dataset",
        package["title"],
        description=cited.abstract or package["title"],
        version=cited.version,
        datePublished=cited.date,
    )
    root |= {"license": _ids(licences), "author": _ids(people), "isBasedOn": _ids(works)}
    root |= {"hasPart": _ids(parts)}
    about = {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}}
    about |= {"conformsTo": {"@id": VERSION}}
    graph = [about, root, *parts, *people, *licences, *works]
    content = {"@context": f"{VERSION}/context", "@graph": graph}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _named(address: str, kind: str, name: str, **other: str) -> dict:
    return {"@id": address, "@type": kind, "name": name, **other}


def _ids(entities: list[dict]) -> list[dict]:
    return [{"@id": entity["@id"]} for entity in entities]
