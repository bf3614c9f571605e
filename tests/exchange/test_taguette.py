"""What a real Taguette exports is read as it was coded there; `taguette/talks.py` made it so."""

import pytest
from taguette.talks import CODED, DOCUMENTS, EXPORTS, HERE, TAGS

from analysis.exchange.account import account
from analysis.exchange.reading import prepare_import, read_project
from analysis.exchange.tables import tables
from analysis.exchange.writing import write

NAMES = {tag.rpartition(".")[2]: tag for tag in TAGS}  # a full stop puts a tag below another


@pytest.mark.parametrize("name", [name for name in EXPORTS if name.startswith("talks")])
def test_codings_of_a_real_export_are_those_that_were_given(name):
    found = read_project(HERE / name)
    given = sorted(
        (
            found.documents[one.passage.document].name,
            one.passage.text,
            NAMES[found.codes[one.code].name],
        )
        for one in found.codings
    )
    assert given == sorted(
        (document, words, tag) for document, words, _, tags in CODED for tag in tags
    )
    assert len({one.passage for one in found.codings}) == sum(bool(tags) for *_, tags in CODED)
    account(found, tables(found).written)


def test_a_real_project_tells_places_descriptions_and_passages_without_a_tag():
    found = read_project(HERE / "talks.sqlite3")
    kept = account(found, tables(found).written)["kinds"]
    assert kept["passages without a code"]["found"] == sum(not tags for *_, tags in CODED)
    assert kept["documents"]["written"] == len(DOCUMENTS)
    described = sum(map(bool, TAGS.values())) + 1  # of a tag that each project begins with
    assert kept["descriptions"] == {"found": described, "written": described, "set aside": {}}
    assert {one.passage.locator for one in found.codings} == {"¶1", "¶2", "¶3"}


def test_a_codebook_of_the_same_project_fits_its_codings(tmp_path):
    raw = tmp_path / "raw"
    write(raw, prepare_import(HERE / "talks.csv", raw).change)
    found = prepare_import(HERE / "codebook.qdc", raw).change
    assert [line for line in found.lines if "codebook.yml" in line] == [
        "coding/codebook.yml: 1 rows added, 0 gone, 0 changed"  # which nobody gave
    ]
