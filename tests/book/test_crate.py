"""A finished edition is a crate that says of each run what it was told, read and made."""

import hashlib
import json
import shutil
from importlib.resources import files

import pytest
import requests
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

from analysis.book import crate
from analysis.book.annotations import NAME as ANNOTATIONS
from analysis.book.crate import NAME, TERMS, VERSION
from analysis.citation import cited
from analysis.engine.runs import notebook_runs

pytestmark = pytest.mark.xdist_group("built")
BIOSCHEMAS = "https://bioschemas.org"


def contexts():
    """What the words of a crate stand for: the terms of version 1.3, with the four that were others
    in 1.2, and the one that we use of runs.
    """
    later = files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8")
    terms = json.loads(later)["@context"] | {
        "ComputationalWorkflow": f"{BIOSCHEMAS}/ComputationalWorkflow",
        "FormalParameter": f"{BIOSCHEMAS}/FormalParameter",
        "input": f"{BIOSCHEMAS}/properties/input",
        "output": f"{BIOSCHEMAS}/properties/output",
    }
    runs = {"sha256": f"{TERMS.removesuffix('/context')}#sha256"}
    return {f"{VERSION}/context": {"@context": terms}, TERMS: {"@context": runs}}


@pytest.fixture(scope="module")
def site(built):
    return built.build / "html/de"


@pytest.fixture(scope="module")
def graph(site):
    parts = json.loads((site / NAME).read_text("utf-8"))["@graph"]
    assert len({part["@id"] for part in parts}) == len(parts)
    return {part["@id"]: part for part in parts}


def each(value):
    """What a property refers to: several in a list, one alone without."""
    return [part["@id"] for part in (value if isinstance(value, list) else [value])]


@pytest.fixture
def offline(monkeypatch):
    """Terms come from packages that are installed, and nothing else is asked for."""
    known = contexts()

    def get(_self, address, **_settings):
        answer = requests.Response()
        answer.status_code = 200
        answer.headers["Content-Type"] = "application/ld+json"
        answer._content = json.dumps(known[address]).encode()
        return answer

    monkeypatch.setattr(HttpRequester, "get", get, raising=False)


def wrong(folder, profile):
    """What a reader of RO-Crates finds wrong with one."""
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier=profile,
        requirement_severity=Severity.REQUIRED,
        offline=True,
        cache_path=folder.parent / "cache",
    )
    found = services.validate(settings).get_issues()
    return [f"{issue.violatingEntity}: {issue.message}" for issue in found]


@pytest.fixture
def few(built, site, tmp_path, monkeypatch):
    """The crate of an edition with a few of its files, as a reader of crates needs half a minute
    for all of them.
    """
    built.point_paths(monkeypatch)
    runs = [run for run in notebook_runs("de") if run.notebook in ("roles", "case")]
    monkeypatch.setattr(crate, "notebook_runs", lambda _language: runs)
    names = [
        "index.html",
        ANNOTATIONS,
        "data/datapackage.json",
        "data/codes.csv",
        "data/measures.csv",
    ]
    names += ["code/dodo.py", *(f"code/{run.source.name}" for run in runs)]
    names += [f"notebooks/executed/{run.name}.ipynb" for run in runs]
    names += [f"figures/roles.{ending}" for ending in ("svg", "png", "csv")]
    for name in names:
        (tmp_path / "crate" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site / name, tmp_path / "crate" / name)
    text = crate.run_crate(tmp_path / "crate", "de", "Title", cited())
    (tmp_path / "crate" / NAME).write_text(text, "utf-8")
    return tmp_path / "crate"


@pytest.mark.usefixtures("offline")
def test_an_edition_is_a_crate_of_the_standard_and_of_the_profile_for_runs(few):
    assert wrong(few, "ro-crate-1.2") == []
    # The shapes of the profile still ask for a crate of 1.1, on which it was written.
    text = (few / NAME).read_text("utf-8")
    (few / NAME).write_text(text.replace(f'"{VERSION}"', f'"{VERSION[:-1]}1"'), "utf-8")
    assert wrong(few, "provenance-run-crate-0.5") == []


@pytest.mark.usefixtures("offline")
def test_a_study_without_notebooks_is_a_crate_that_claims_no_runs(few, monkeypatch):
    monkeypatch.setattr(crate, "notebook_runs", lambda _language: [])
    text = crate.run_crate(few, "de", "Title", cited())
    assert not [part for part in json.loads(text)["@graph"] if "Action" in part["@type"]]
    assert "conformsTo" not in json.loads(text)["@graph"][1]
    (few / NAME).write_text(text, "utf-8")
    assert wrong(few, "ro-crate-1.2") == []


def test_every_file_of_the_crate_lies_there_with_its_digest(site, graph):
    files = each(graph["./"]["hasPart"])
    assert "code/dodo.py" in files
    for name in files:
        content = (site / name).read_bytes()
        assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert graph[name]["contentSize"] == str(len(content)), name


def test_every_run_says_what_it_was_told_what_it_read_and_what_it_made(built, graph, monkeypatch):
    built.point_paths(monkeypatch)
    runs = notebook_runs("de")
    actions = [name for name in graph if name.startswith("#run-")]
    assert len(actions) == len(runs) > 3
    for run in runs:
        action = graph[f"#run-{run.name}"]
        told = [graph[name] for name in each(action["object"]) if name.startswith("#")]
        given = {parameter["name"]: parameter["value"] for parameter in told}
        assert given["language"] == "de"
        assert given.items() >= run.parameters.items()
        assert len(given) == len(told)
        assert action["instrument"] == {"@id": f"code/{run.notebook}.ipynb"}
        assert f"notebooks/executed/{run.name}.ipynb" in each(action["result"])
    roles = graph["#run-roles"]
    record = json.loads((built.build / "de/figures/roles.json").read_text("utf-8"))
    told = {name for name in each(roles["object"]) if name.startswith("#told-")}
    assert told == {f"#told-roles-{name}" for name in record["parameters"]}
    read = {name for name in each(roles["object"]) if name.startswith("data/")}
    assert read == {f"data/{table}.csv" for table in record["data"]}
    assert {graph[f"data/{table}.csv"]["sha256"] for table in record["data"]} == {
        *record["data"].values()
    }
    assert {f"figures/roles.{ending}" for ending in ("svg", "png", "csv")} <= {
        *each(roles["result"])
    }
