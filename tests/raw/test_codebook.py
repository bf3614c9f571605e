"""A codebook becomes two tables, in its own order."""

import pytest

from analysis.problems import Problems
from analysis.raw.codebook import read_codebook

TEXT = """version: 1
dimensions:
  role:
    label: {de: Rolle, en: Role}
    codes:
      role.host: {de: Wirtin, en: Host, definition: {de: Lädt ein., en: Invites.}}
  field:
    label: {de: Feld, en: Field}
    single: true
    codes:
      field.trees: {de: Bäume, en: Trees, role: role.host}
      field.halls: {de: Hallen, en: Halls, role: role.host}
"""


def test_a_codebook_in_another_encoding_is_to_be_saved_in_utf_8(tmp_path):
    for encoding in ("utf-16", "cp1252"):
        problems = Problems()
        (tmp_path / "codebook.yml").write_text(TEXT, encoding)
        assert read_codebook(tmp_path / "codebook.yml", problems) == (None, None)
        (problem,) = problems.found
        assert problem.expected == "a text file saved as UTF-8"


@pytest.mark.parametrize("table", ["units", "case_units", "context_units"])
def test_a_dimension_may_apply_to_the_statements_of_one_table(tmp_path, table):
    problems = Problems()
    text = TEXT.replace("single: true", f"applies_to: {table}")
    (tmp_path / "codebook.yml").write_text(text, "utf-8")
    dimensions, _ = read_codebook(tmp_path / "codebook.yml", problems)
    assert problems.found == []
    assert dimensions["applies_to"].fillna("").tolist() == ["", table]


def test_it_applies_to_nothing_else(tmp_path):
    problems = Problems()
    text = TEXT.replace("single: true", "applies_to: case_unit")
    (tmp_path / "codebook.yml").write_text(text, "utf-8")
    read_codebook(tmp_path / "codebook.yml", problems)
    assert list(map(str, problems.found)) == [
        "coding/codebook.yml, line 9: 'applies_to' of field is 'case_unit' (did you mean "
        "'case_units'?); expected one of units, case_units, context_units, or no such line"
    ]


def test_dimensions_and_codes_are_what_the_codebook_says_of_them(tmp_path):
    problems = Problems()
    (tmp_path / "codebook.yml").write_text(TEXT, "utf-8")
    dimensions, codes = read_codebook(tmp_path / "codebook.yml", problems)
    assert problems.found == []
    assert dimensions[["dimension", "is_single", "label_en"]].to_numpy().tolist() == [
        ["role", False, "Role"],
        ["field", True, "Field"],
    ]
    assert codes["code"].tolist() == ["role.host", "field.trees", "field.halls"]
    assert codes["role_code"].fillna("").tolist() == ["", "role.host", "role.host"]
    assert codes["definition_de"].fillna("").tolist() == ["Lädt ein.", "", ""]
    assert problems.notices == ["coding/codebook.yml: no definition of field.trees, field.halls"]


@pytest.mark.parametrize("given", ["de: Bäume, en: Trees", "label: {de: Bäume, en: Trees}"])
def test_what_a_code_is_called_may_stand_as_in_a_dimension(tmp_path, given):
    text = TEXT.replace("de: Bäume, en: Trees", given)
    (tmp_path / "codebook.yml").write_text(text, "utf-8")
    _, codes = read_codebook(tmp_path / "codebook.yml", Problems())
    called = codes.set_index("code").loc["field.trees", ["label_de", "label_en"]]
    assert [*called] == ["Bäume", "Trees"]
