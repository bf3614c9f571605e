"""The data package is one for every program that reads data packages."""

import pytest
from frictionless import validate

pytestmark = pytest.mark.xdist_group("built")


def test_a_reader_of_data_packages_finds_nothing_wrong_in_it(built):
    report = validate(str(built.build / "processed/datapackage.json"))
    assert report.stats["tasks"] > 30
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
