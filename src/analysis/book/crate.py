"""RO-Crates of what can be taken away: of the tables alone, and of a whole edition with the runs of
notebooks that it comes from, as Provenance Run Crate.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from analysis import paths
from analysis.book.annotations import NAME as ANNOTATIONS
from analysis.citation import Author, Cited, Work, address_of
from analysis.engine.runs import NotebookRun, notebook_runs

NAME = "ro-crate-metadata.json"
CODE = "code"  # the folder of an edition with the pipeline and the notebooks, as they are committed
VERSION = "https://w3id.org/ro/crate/1.2"
TERMS = "https://w3id.org/ro/terms/workflow-run/context"
PROFILES = {
    "Process Run Crate": "https://w3id.org/ro/wfrun/process/0.5",
    "Workflow Run Crate": "https://w3id.org/ro/wfrun/workflow/0.5",
    "Provenance Run Crate": "https://w3id.org/ro/wfrun/provenance/0.5",
    "Workflow RO-Crate": "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
}
KINDS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
}
# What a run publishes: by folder of the site, the endings of the files.
PUBLISHED = {
    "figures": ("svg", "png", "csv"),
    "tables": ("csv",),
    "notebooks/executed": ("ipynb",),
}
PYTHON = {
    "@id": "#python",
    "@type": "ComputerLanguage",
    "name": "Python",
    "version": platform.python_version(),
    "url": "https://www.python.org/",
}
ENGINE = {
    "@id": "#doit",
    "@type": "SoftwareApplication",
    "name": "doit",
    "version": version("doit"),
    "description": "Orders the steps of the pipeline and runs them.",
    "url": "https://pydoit.org/",
}
UNNAMED = ("No licence is named.",)  # a crate has to say something
DONE = "http://schema.org/CompletedActionStatus"


def data_crate(folder: Path, cited: Cited) -> str:
    """The text of the file that makes a folder of processed tables a crate, in the words of
    CITATION.cff and of its data package.
    """
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".json", ".md")]
    parts = list(_tables(folder, files, package))
    rights = _rights(_licences(package) or cited.licences or UNNAMED)
    return _document(package["title"], cited, rights, parts)


def run_crate(site: Path, language: str, title: str, cited: Cited) -> str:
    """The same of a finished edition: its tables, its pipeline and notebooks, and for each run of a
    notebook what it was told, what it read and what it published, with digests.
    """
    package = json.loads((site / "data/datapackage.json").read_text("utf-8"))
    rights = _rights(cited.licences or UNNAMED)
    of_tables = _rights(_licences(package), len(rights))
    own = {"license": _ids(of_tables)} if of_tables else {}
    tables = [part | own for part in _tables(site, sorted((site / "data").glob("*.csv")), package)]
    report = _file(site, site / "index.html", title, "The report's first page.")
    notes = _file(site, site / ANNOTATIONS, "Annotations", "What is said of which passage.")
    printed = paths.pdf(language).name
    reports = [report]
    if (site / printed).is_file():  # only if it was asked for
        reports.append(_file(site, site / printed, title, "The report on paper."))
    parts, notebooks, actions = [*reports, *tables, notes], {}, []
    published: dict[str, dict] = {}
    for run in notebook_runs(language):
        source = site / CODE / run.source.name
        notebooks[run.notebook] = _program(site, source, f"Notebook {run.notebook}")
        made = {part["@id"]: part for part in _published(site, run)}
        published |= made
        actions += _actions(run, notebooks[run.notebook], made, tables)
    if not notebooks:
        return _document(title, cited, rights, parts, {"inLanguage": language}, of_tables)
    workflow, steps = _workflow(site, list(notebooks.values()))
    whole = _whole(workflow, tables, [*reports, *published.values()], actions)
    profiles = [
        _named(address, "CreativeWork", name, version=address.rpartition("/")[2])
        | {"@type": ["CreativeWork", "Profile"]}
        for name, address in PROFILES.items()
    ]
    root = {"inLanguage": language, "mainEntity": {"@id": workflow["@id"]}}
    root |= {"conformsTo": _ids(profiles), "mentions": _ids(whole)}
    parts += [workflow, *notebooks.values(), *published.values()]
    others = [*of_tables, *steps, *actions, *whole, PYTHON, ENGINE, *profiles]
    return _document(title, cited, rights, parts, root, others)


def _whole(workflow: dict, tables: list[dict], made: list[dict], actions: list[dict]) -> list[dict]:
    """The build as one run, and what ordered the steps in it."""
    whole = {
        "@id": "#report",
        "@type": "CreateAction",
        "name": "Build of the report",
        "instrument": {"@id": workflow["@id"]},
        "object": _ids(tables),
        "result": _ids(made),
        "actionStatus": DONE,
    }
    organised = {
        "@id": "#build",
        "@type": "OrganizeAction",
        "name": "The steps, in their order",
        "instrument": {"@id": ENGINE["@id"]},
        "object": _ids([part for part in actions if part["@type"] == "ControlAction"]),
        "result": {"@id": whole["@id"]},
    }
    return [whole, organised]


def _document(
    title: str,
    cited: Cited,
    rights: list[dict],
    parts: list[dict],
    root: dict | None = None,
    others: list[dict] | None = None,
) -> str:
    """A crate of `parts`: who answers for it, of which version, on what it is based. rights: its
    licences. root: what else is said of the whole. others: what parts and root refer to.
    """
    people = [_author(author, n) for n, author in enumerate(cited.authors, start=1)]
    works = [_work(work, n) for n, work in enumerate(cited.based_on, start=1)]
    whole = _named(
        "./",
        "Dataset",
        title,
        description=cited.abstract or title,
        version=cited.version,
        datePublished=cited.date,
    )
    whole |= {"license": _ids(rights), "author": _ids(people), "isBasedOn": _ids(works)}
    whole |= {"hasPart": _ids(parts), **(root or {})}
    about = _named(NAME, "CreativeWork", "What is in this crate") | {"about": {"@id": "./"}}
    about |= {"conformsTo": {"@id": VERSION}}
    graph: dict[str, dict] = {}
    for part in (about, whole, *parts, *people, *rights, *works, *(others or ())):
        graph.setdefault(part["@id"], part)  # two works may have one address
    context = [f"{VERSION}/context", TERMS]
    content = {"@context": context, "@graph": [*graph.values()]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _licences(package: dict) -> list[str]:
    """The licences of a data package, in its words."""
    return [one.get("title", one["name"]) for one in package.get("licenses", [])]


def _rights(licences: Iterable[str], known: int = 0) -> list[dict]:
    """Licences, each where it can be read or, counted behind those that are known, in words."""
    return [
        _named(address_of(name) or f"#licence-{number}", "CreativeWork", name)
        for number, name in enumerate(licences, start=known + 1)
    ]


def _tables(root: Path, files: list[Path], package: dict) -> Iterator[dict]:
    """Tables, with what the data package says of them."""
    known = {resource["path"]: resource for resource in package["resources"]}
    for path in files:
        said = known.get(path.name, {"title": path.name})
        yield _file(root, path, said["title"], said.get("description", said["title"]))


def _records(run: NotebookRun) -> dict[str, dict]:
    """What a run has noted of the figure and the table that it published."""
    places = {kind: paths.build() / run.language / kind for kind in ("figures", "tables")}
    found = {kind: place / f"{run.name}.json" for kind, place in places.items()}
    return {
        kind: json.loads(record.read_text("utf-8"))
        for kind, record in found.items()
        if record.is_file()
    }


def _published(site: Path, run: NotebookRun) -> Iterator[dict]:
    """What a run has published, of what lies in the site."""
    records = _records(run)
    for folder, endings in PUBLISHED.items():
        kind = folder.partition("/")[0]
        about = records.get(kind, {})
        name = about.get("headline") or f"{run.name} ({kind.removesuffix('s')})"
        for ending in endings:
            path = site / folder / f"{run.name}.{ending}"
            if path.is_file():
                yield _file(site, path, name, about.get("caption", name))


def _actions(
    run: NotebookRun, notebook: dict, made: dict[str, dict], tables: list[dict]
) -> list[dict]:
    """The run of a notebook, that it was a step, and what it was told."""
    records = _records(run).values()
    read = {name for record in records for name in record.get("data", ())}
    given = {"language": run.language, **run.parameters, **run.told}
    for record in records:  # which also knows what the notebook takes if it is told nothing
        given = record.get("parameters", {}) | given
    told = [
        {
            "@id": f"#told-{quote(run.name)}-{quote(name)}",
            "@type": "PropertyValue",
            "name": name,
            "value": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        }
        for name, value in sorted(given.items())
    ]
    inputs = [table for table in tables if Path(table["@id"]).stem in read]
    action = {
        "@id": f"#run-{quote(run.name)}",
        "@type": "CreateAction",
        "name": f"Run {run.name} ({run.language})",
        "instrument": {"@id": notebook["@id"]},
        "object": _ids([*inputs, *told]),
        "result": _ids(list(made.values())),
        "actionStatus": DONE,
    }
    control = {
        "@id": f"#control-{quote(run.name)}",
        "@type": "ControlAction",
        "name": f"Step of run {run.name}",
        "instrument": {"@id": f"#step-{quote(run.notebook)}"},
        "object": {"@id": action["@id"]},
        "actionStatus": DONE,
    }
    return [action, control, *told]


def _workflow(site: Path, notebooks: list[dict]) -> tuple[dict, list[dict]]:
    """The pipeline, and a step for each notebook."""
    steps = [
        {
            "@id": f"#step-{Path(notebook['@id']).stem}",
            "@type": "HowToStep",
            "name": notebook["name"],
            "position": str(number),
            "workExample": {"@id": notebook["@id"]},
        }
        for number, notebook in enumerate(notebooks, start=1)
    ]
    workflow = _program(site, site / CODE / "dodo.py", "The pipeline")
    workflow["@type"] = [*workflow["@type"], "ComputationalWorkflow", "HowTo"]
    return workflow | {"hasPart": _ids(notebooks), "step": _ids(steps)}, steps


def _program(site: Path, path: Path, name: str) -> dict:
    part = _file(site, path, name, f"{name}, as it is committed.")
    return part | {
        "@type": ["File", "SoftwareSourceCode"],
        "programmingLanguage": {"@id": PYTHON["@id"]},
    }


def _file(root: Path, path: Path, name: str, description: str) -> dict:
    content = path.read_bytes()
    address = quote(path.relative_to(root).as_posix())
    return _named(address, "File", name, description=description) | {
        "encodingFormat": KINDS[path.suffix],
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _work(work: Work, number: int) -> dict:
    return (
        _named(work.address or f"#work-{number}", "CreativeWork", work.title)
        | ({"datePublished": work.year} if work.year else {})
        | ({"creditText": "; ".join(map(str, work.authors))} if work.authors else {})
    )


def _author(author: Author, number: int) -> dict:
    person = _named(author.orcid or f"#author-{number}", author.kind, author.name)
    return person | ({"affiliation": author.affiliation} if author.affiliation else {})


def _named(address: str, kind: str, name: str, **other: str) -> dict:
    return {"@id": address, "@type": kind, "name": name, **other}


def _ids(entities: list[dict]) -> list[dict] | dict:
    """References to entities; one alone is no list, as the standard wants it."""
    found = [{"@id": name} for name in dict.fromkeys(entity["@id"] for entity in entities)]
    return found[0] if len(found) == 1 else found
