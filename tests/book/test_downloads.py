"""What can be taken away: the tables where they are named, and all of them as one archive."""

import hashlib
import json
import re
import zipfile

import pytest

from analysis.book import downloads
from analysis.book.crate import CODE
from analysis.engine.states import digest
from analysis.engine.steps import _now
from analysis.raw.withheld import may_be_shown

pytestmark = pytest.mark.xdist_group("built")
DIGEST = (
    r'<a href="(data/[^"]+)" title="[^"]+" download><code [^>]*>'
    r'<span class="pre">(\w{16})<'
)


@pytest.fixture(scope="module")
def data(built):
    return built.build / "html/de/data"


def test_every_processed_table_is_in_the_site(built, data):
    processed = {path.name: path.read_bytes() for path in (built.build / "processed").iterdir()}
    assert "datapackage.json" in processed
    for name, content in processed.items():
        assert (data / name).read_bytes() == content, name


def carried(site):
    """What the site of the invented study has of it, by its name in the project."""
    names = re.findall(
        r' download><code [^>]*><span class="pre">([^<]+)</span></code></a>',
        "".join(page.read_text("utf-8") for page in site.rglob("*.html")),
    )
    return {*names}


def test_the_archive_holds_what_the_site_has_and_nothing_of_when_it_was_made(built, data):
    with zipfile.ZipFile(data / "data.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        rights = {(entry.create_system, entry.external_attr >> 16) for entry in archive.infolist()}
        assert rights <= {(3, 0o644), (3, 0o755)}, "who unpacks it may share it, on any system"
        for file in ("study/facts.csv", "coding/codebook.yml", "coding/units.csv"):
            assert archive.read(f"data/raw/{file}") == (built.raw / file).read_bytes()
            assert (data.parent / "raw" / file).read_bytes() == (built.raw / file).read_bytes()
        assert archive.read("data/processed/facts.csv") == (data / "facts.csv").read_bytes()
        assert {"book/references.bib", "dodo.py", "src/analysis/figures/case.py"} <= {*names}
        assert "src/analysis/drawing/matplotlibrc" in names
        notebooks = {name.rpartition("/")[2] for name in names if name.endswith(".ipynb")}
        assert notebooks == {path.name for path in (data.parent / CODE).glob("*.ipynb")} != set()


def test_files_can_be_taken_away_where_pages_name_them(data):
    names = carried(data.parent)
    assert {"data/raw/study/facts.csv", "data/processed/codes.csv"} <= names
    assert any(re.fullmatch("notebooks/.*ipynb", name) for name in names), "below a figure"
    assert any(re.fullmatch("src/analysis/figures/.*py", name) for name in names), "below a figure"


def test_a_digest_leads_to_the_file_that_it_is_of(data):
    digests = 0
    for page in data.parent.glob("*.html"):
        for file, start in re.findall(DIGEST, page.read_text("utf-8")):
            content = (data.parent / file).read_bytes()
            assert hashlib.sha256(content).hexdigest().startswith(start), (page.name, file)
            digests += 1
    assert digests


def test_the_downloads_have_the_same_bytes_each_time(built, data, tmp_path, monkeypatch):
    built.point_paths(monkeypatch)
    downloads.copy_downloads("de", tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 50
    for path in files:
        assert path.read_bytes() == (data.parent / path.relative_to(tmp_path)).read_bytes()


def test_what_else_lies_among_the_tables_stays_there(mini):
    for folder in (mini.raw, mini.raw / "coding"):
        (folder / ".~lock.units.csv#").write_text("Erna on her computer", "utf-8")
        (folder / "talks.qdpx").write_text("everything", "utf-8")
        (folder / "names.csv").write_text("everybody", "utf-8")
    (mini.raw / "study/identities.csv").write_text("interview_id,value\n", "utf-8")
    names = {*downloads.carried("de")}
    assert "data/raw/coding/units.csv" in names
    assert not any(re.search("lock|talks|names|identities", name) for name in names)


@pytest.mark.parametrize(
    ("file", "consent"),
    [("study/interviews.csv", "withdrawn"), ("coding/units.csv", "aggregate"),
     ("coding/units.csv", "none")],
)  # fmt: skip
def test_no_raw_table_leaves_if_something_in_them_may_not_be_shown(mini, file, consent):
    assert may_be_shown(mini.raw)
    lines = (mini.raw / file).read_text("utf-8").splitlines()
    if "consent" not in lines[0].split(","):
        lines = [f"{lines[0]},consent", *(f"{line},quote" for line in lines[1:])]
        (mini.raw / file).write_text("\n".join(lines) + "\n", "utf-8")
    mini.put(file, 2, "consent", consent)
    assert not may_be_shown(mini.raw)
    assert not any(name.startswith("data/raw/") for name in downloads.carried("de"))


def test_the_bibliography_has_what_lists_show_and_no_notes_of_who_keeps_it(mini):
    works = r"@book{a, author={Ä, B.}, title={{\'E}l \& {X}}, year=2020, note_en={In short}, "
    mini.references.write_text(works + "file={/home/erna/a.pdf}, annote={dull}}", "utf-8")
    text = downloads.bibliography()
    assert "home" not in text
    assert "dull" not in text
    assert "In short" in text
    mini.references.write_text(text, "utf-8")
    assert downloads.bibliography() == text, "it is read as it was written"


def test_the_bibliography_has_every_field_that_lists_are_made_of_however_it_is_spelt(mini):
    fields = {"Title": "{T}", "JournalTitle": "J", "location": "Ort", "LANGID": "german"}
    fields |= {"date": "2020-05", "organization": "O", "mainTitle": "M", "Note_EN": "N"}
    fields |= {"School": "S", "Month": "5", "Abstract": "dull"}
    lines = ",".join(f"{name}={{{text}}}" for name, text in fields.items())
    mini.references.write_text(f"@article{{a, Author={{Ä, B.}}, {lines}}}", "utf-8")
    (work,) = downloads.parse_string(downloads.bibliography(), "bibtex").entries.values()
    assert {*work.fields} == {*fields} - {"Abstract"}
    assert str(*work.persons["author"]) == "Ä, B."


def test_a_book_that_lists_its_tables_is_not_foreseen_to_be_due_for_that(data):
    """What is foreseen are tables, not the folder that they lie in."""
    folders, foreseen = {"processed": str(data)}, {"processed:codes.csv": "1" * 64}
    assert _now("processed:.", digest(data), folders, foreseen) == digest(data)


def test_what_pages_offer_to_take_away_is_there(built):
    site = built.build / "html/de"
    offered = 0
    for page in site.rglob("*.html"):
        for address in re.findall(r'href="([^":]+)" download', page.read_text("utf-8")):
            assert (page.parent / address).is_file(), (page.name, address)
            offered += 1
    assert offered > 5


def test_the_data_is_a_crate_that_says_whose_it_is_and_names_each_file(data):
    graph = json.loads((data / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    parts = {part["@id"]: part for part in graph}
    assert len(parts) == len(graph)
    root = parts["./"]
    about = parts["ro-crate-metadata.json"]
    assert about["about"] == {"@id": "./"}
    assert about["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/1.")
    assert (root["version"], root["datePublished"]) == ("0.1.0", "2026-01-02")
    files = {part["@id"] for part in root["hasPart"]}
    assert files == {path.name for path in data.iterdir()} - {"data.zip", about["@id"]}
    for name in files:
        assert parts[name]["contentSize"] == str((data / name).stat().st_size), name
    for relation in ("hasPart", "author", "license", "isBasedOn"):
        related = root[relation] if isinstance(root[relation], list) else [root[relation]]
        assert related, relation
        assert all(parts[part["@id"]]["name"] for part in related), relation
    assert parts[root["isBasedOn"]["@id"]]["creditText"] == "Ada Berg"


def test_no_two_downloads_of_a_page_have_one_name(built):
    found = 0
    for page in (built.build / "html/de").glob("*.html"):
        text = page.read_text("utf-8")
        named = re.findall(r'<a href="([^"]*)" download aria-label="([^"]*)"', text)
        assert len({name for _, name in named}) == len({place for place, _ in named}), page.name
        found += len(named)
    assert found > 10
