"""What archives and indexes read of a compendium is made from its CITATION.cff, and from nothing
else.
"""

import datetime
import json
import tomllib
from importlib.resources import files

import jsonschema
import pytest
import yaml

from analysis import deposit, paths
from analysis.citation import Author, Cited, Work, cited
from analysis.problems import ReportedError

ROOT = paths.root()
SCHEMA = json.loads(
    files("check_jsonschema")
    .joinpath("builtin_schemas/vendor/citation-file-format.json")
    .read_text("utf-8")
)
PEOPLE = (
    Author("Ada von Berg Jr.", "von Berg", "Ada", "Jr.", "https://orcid.org/0000-0001", "Wald"),
    Author("Amt Wald"),
)
STUDY = Work("Older", (Author("B C", "C", "B"),), "2020", "report", "https://doi.org/10.1/x")
ABOUT = Cited(
    PEOPLE, "1.10", "2026-01-02", ("MIT", "CC-BY-4.0"), "Said <b>.", (STUDY,), title="Heat"
)  # fmt: skip


def as_in_json(value):
    """What is read from YAML, without dates."""
    if isinstance(value, dict):
        return {name: as_in_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_in_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.parametrize("place", ["CITATION.cff", "tests/mini/book/CITATION.cff"])
def test_how_to_cite_fits_the_schema_of_its_format(place):
    content = as_in_json(yaml.safe_load((ROOT / place).read_text("utf-8")))
    jsonschema.validate(content, SCHEMA)


def test_the_package_has_the_version_that_is_cited():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == cited().release


def test_committed_metadata_is_what_how_to_cite_makes():
    made = deposit.metadata(cited())
    assert set(made) == {".zenodo.json", "codemeta.json", "codecheck.yml", "README.md"}
    for name, text in made.items():
        assert (ROOT / name).read_text("utf-8") == text, f"{name} is old; `make metadata`"


def test_a_codechecker_finds_every_result_of_the_release_in_the_list():
    listed = yaml.safe_load((ROOT / "codecheck.yml").read_text("utf-8"))["manifest"]
    files = [entry["file"] for entry in listed]
    assert len(files) == len({*files})
    released = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    for kind in ("processed", "figures", "tables", "values", "notebooks"):
        for name in released[kind]:
            language, _, file = name.rpartition("/")
            place = f"build/{language}/{kind}/{file}" if language else f"data/{kind}/{file}"
            assert any(one == place or one.startswith(f"{place}.") for one in files), name
    pages = [name for name in released["pages"] if name.endswith(".html")]
    assert {f"build/html/{name}" for name in pages} <= {*files}


def test_a_figure_that_was_not_drawn_is_listed_by_its_reason():
    empty = {kind: {} for kind in ("processed", "tables", "values", "notebooks", "pages")}
    drawn, skipped = {"bytes": "1", "data": "2"}, {"bytes": "3", "data": "3"}
    manifest = empty | {"figures": {"de/a": drawn, "de/b": skipped}}
    listed = deposit.codecheck(ABOUT, manifest)["manifest"]
    assert [entry["file"] for entry in listed] == [
        "build/de/figures/a.svg",
        "build/de/figures/b.json",
    ]


def test_people_bodies_works_and_licences_are_told_in_the_terms_of_each_archive():
    told = deposit.zenodo(ABOUT)
    assert told["creators"] == [
        {"name": "von Berg, Ada, Jr.", "affiliation": "Wald", "orcid": "0000-0001"},
        {"name": "Amt Wald"},
    ]
    assert (told["license"], told["notes"]) == ("MIT", "Licences: MIT, CC-BY-4.0.")
    assert told["description"] == "Said &lt;b&gt;."
    assert told["references"] == ["C, B: Older (2020)"]
    assert told["related_identifiers"][0]["identifier"] == "https://doi.org/10.1/x"
    software = deposit.codemeta(ABOUT)
    assert software["author"][0]["@id"] == "https://orcid.org/0000-0001"
    assert software["author"][0]["familyName"] == "von Berg Jr."
    assert [author["@type"] for author in software["author"]] == ["Person", "Organization"]
    assert software["citation"][0]["url"] == "https://doi.org/10.1/x"


def test_a_deposit_whose_data_have_a_licence_of_other_words_is_not_said_to_be_open():
    told = deposit.zenodo(ABOUT, "Restricted: to A & B.")
    assert "license" not in told
    assert told["access_right"] == "restricted", "what says nothing is open to Zenodo"
    assert told["access_conditions"] == "Restricted: to A &amp; B."
    assert told["notes"] == "Licences: MIT, CC-BY-4.0. Of the data: Restricted: to A & B."
    told = deposit.zenodo(ABOUT, "CC0-1.0")
    assert (told["access_right"], told["license"]) == ("open", "MIT")
    assert told["notes"] == "Licences: MIT, CC-BY-4.0. Of the data: CC0-1.0."


@pytest.mark.parametrize(
    ("licences", "of_data", "conditions"),
    [
        (("All rights reserved",), "", "All rights reserved"),
        (("All rights reserved",), "CC0-1.0", "All rights reserved"),
        ((), "", "No licence has been given yet."),
    ],
)
def test_a_deposit_is_not_open_without_a_licence_that_is_known(licences, of_data, conditions):
    told = deposit.zenodo(Cited((Author("A"),), "1", "2026-01-02", licences, title="T"), of_data)
    assert (told["access_right"], told["access_conditions"]) == ("restricted", conditions)
    assert "license" not in told


def test_nothing_is_said_that_is_not_known():
    bare = Cited((Author("A"),), "1", "2026-01-02", ("All rights reserved",), title="T")
    assert set(deposit.zenodo(bare)) == {
        "title", "upload_type", "description", "version", "publication_date", "creators",
        "access_right", "access_conditions",
    }  # fmt: skip
    assert "license" not in deposit.codemeta(bare)


def test_another_study_gets_metadata_of_its_own_kind(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(
        "title: Heat\ntype: dataset\nversion: 1\ndate-released: 2026-01-02\nauthors: [{name: A}]\n",
        "utf-8",
    )
    deposit.write_metadata()
    assert {path.name for path in tmp_path.iterdir()} == {"CITATION.cff", ".zenodo.json"}
    told = json.loads((tmp_path / ".zenodo.json").read_text("utf-8"))
    assert (told["title"], told["upload_type"]) == ("Heat", "dataset")


README = f"One\r\n{deposit.BEGIN}\r\nold\r\n{deposit.END}\r\nTwo\r\n"


@pytest.fixture
def deposited(tmp_path, monkeypatch):
    """A study with how to cite it."""
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    said = "title: Heat\nversion: 1\ndate-released: 2026-01-02\nauthors: [{name: A}]\n"
    (tmp_path / "CITATION.cff").write_text(said, "utf-8")
    return tmp_path


def test_in_a_readme_only_what_stands_between_the_marks_is_made_anew(deposited):
    readme = deposited / "README.md"
    readme.write_bytes((README + README).encode())
    deposit.write_metadata()
    made = deposit.on_the_data().replace("\n", "\r\n")
    assert readme.read_bytes().decode() == 2 * README.replace("old\r\n", made)


@pytest.mark.parametrize("mark", [deposit.BEGIN, deposit.END])
def test_a_readme_that_lacks_a_mark_is_named(deposited, mark):
    readme = deposited / "README.md"
    readme.write_text(README.replace(mark, "") + README, "utf-8")
    with pytest.raises(ReportedError, match=r"README\.md: what is made here cannot be told"):
        deposit.write_metadata()
    assert not (deposited / ".zenodo.json").exists()


def test_what_codecheckers_have_written_stays(deposited, monkeypatch):
    kinds = ("processed", "figures", "tables", "values", "notebooks", "pages")
    monkeypatch.setattr(deposit, "released", lambda: {kind: {} for kind in kinds})
    place = deposited / "codecheck.yml"
    own = {"codechecker": [{"name": "Erna"}], "report": "https://doi.org/10.5281/zenodo.1"}
    place.write_text(yaml.safe_dump(own | {"version": "old", "repository": "gone"}), "utf-8")
    deposit.write_metadata()
    told = yaml.safe_load(place.read_text("utf-8"))
    assert {name: told.pop(name) for name in own} == own
    assert told["version"] == deposit.CODECHECK
    assert {*told} == {"version", "paper"}, "what is ours and no longer said is gone"
    for wrong in ("a: [", "check_time: 2024-13-45"):
        place.write_text(wrong, "utf-8")
        with pytest.raises(ReportedError, match=r"codecheck\.yml is damaged"):
            deposit.write_metadata()


@pytest.mark.parametrize("content", ["", "title: A", "a: ["])
def test_without_how_to_cite_nothing_is_written(content, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(content, "utf-8")
    with pytest.raises(ReportedError, match="all of title, authors, version and date-released"):
        deposit.write_metadata()
    assert [path.name for path in tmp_path.iterdir()] == ["CITATION.cff"]


def test_what_a_study_lacks_is_not_said_of_its_data(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_STUDY", str(tmp_path))
    (tmp_path / "data/raw/coding").mkdir(parents=True)
    for name in ("units", "codings_second"):
        (tmp_path / f"data/raw/coding/{name}.csv").write_text("unit_id;code\n", "utf-8")
    told = deposit.on_the_data()
    assert told.endswith("| `data/raw/coding/` | Interview statements, Codings of second |\n")
    assert "commas" not in told
    assert "Licence" not in told


@pytest.mark.parametrize("place", ["data/raw", "book/", "wording/", "study.yml"])
def test_licences_say_which_of_them_counts_for_each_part(place):
    for name in ("LICENSE", "LICENSE-CC-BY"):
        assert place in (ROOT / name).read_text("utf-8"), name
