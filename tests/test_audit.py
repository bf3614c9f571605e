"""The look at every page that the page on accessibility tells of found nothing, and left out no
page of the last release.
"""

import json

from analysis import paths


def read(name):
    return json.loads((paths.root() / name).read_text("utf-8"))


def test_every_page_of_the_last_release_was_looked_at():
    record, released = read("accessibility.json"), read("manifest.json")
    pages = {page for page in released["pages"] if page.endswith(".html")}
    pages -= {page for page in pages if "/_static/" in page or page == "404.html"}
    assert len(pages) > 90
    assert pages - {*record["pages"]} == set(), "`make audit VNU=vnu.jar` looks at them"
    assert record["audit_pages"] == len(record["pages"])
    changes = (paths.root() / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {record['audit_release']}\n" in changes


def test_nothing_was_found():
    found = {name: n for name, n in read("accessibility.json").items() if name.endswith("_faults")}
    assert set(found) == {"audit_axe_faults", "audit_vnu_faults"}
    assert {*found.values(), read("accessibility.json")["audit_sideways"]} == {0}
