"""The manifest of a release tells apart the same bytes, the same data drawn
otherwise, and different data.
"""

import json

import pytest
from project import other_content

from analysis import manifest
from analysis.problems import ReportedError

pytestmark = pytest.mark.xdist_group("built")


@pytest.fixture
def released(built, monkeypatch):
    """The manifest of the invented study as it was built; `analysis.paths` points to it."""
    built.point_paths(monkeypatch)
    return manifest.manifest()


def verdicts(released):
    found = {
        f"{kind}/{name}": verdict
        for kind, name, verdict in manifest.compare(released, manifest.manifest())
    }
    return {name: verdict for name, verdict in found.items() if verdict != manifest.SAME}


def changed(path, old, new):
    """A file with something in it replaced, for a while."""
    content = path.read_bytes()
    assert old in content
    return other_content(path, content.replace(old, new, 1))


def test_everything_that_was_built_is_in_it(built, released):
    assert set(released["figures"]) == {
        f"de/{path.stem}" for path in (built.build / "de/figures").glob("*.json")
    }
    assert set(released["processed"]) >= {"facts.csv", "codings.csv", "datapackage.json"}
    assert {"index.html", "de/index.html", "de/searchindex.js", "de/notebooks/roles.html"} <= set(
        released["pages"]
    )
    assert not [name for name in released["pages"] if "/executed/" in name], "listed as notebooks"
    assert "de/ro-crate-metadata.json" not in released["pages"], "digests of what is listed"
    assert set(released["notebooks"]) == {
        f"de/{path.stem}" for path in (built.build / "de/notebooks").glob("*.ipynb")
    }
    assert verdicts(released) == {}


def test_whatever_is_built_beside_the_editions_or_came_with_pages_is_in_it(released, built):
    site = built.build / "html"
    (site / "de/_images").mkdir()
    added = ("404.html", "robots.txt", "de/_images/town.png", "de/tables/own.html")
    places = [site / name for name in (*added, f"de/_images/{'0' * 64}.png")]
    for place in places:
        place.write_bytes(b"new")
    assert verdicts(released) == {f"pages/{name}": manifest.NEW for name in added}
    for place in places:
        place.unlink()
    (site / "de/_images").rmdir()


@pytest.mark.parametrize(
    ("file", "old", "new", "thing", "verdict"),
    [
        ("de/figures/roles.svg", b"<path", b"<path ", "figures/de/roles", manifest.PIXELS),
        ("de/figures/roles.csv", b",", b",1", "figures/de/roles", manifest.DIFFERENT),
        (
            "de/figures/roles.json",
            b'"alt": "',
            b'"alt": "Neu: ',
            "figures/de/roles",
            manifest.DIFFERENT,
        ),
        (
            "de/notebooks/roles.ipynb",
            b'"image/png": "',
            b'"image/png": "A',
            "notebooks/de/roles",
            manifest.PIXELS,
        ),
        (
            "de/notebooks/roles.ipynb",
            b"import ",
            b"import  ",
            "notebooks/de/roles",
            manifest.DIFFERENT,
        ),
        ("processed/facts.csv", b",", b",1", "processed/facts.csv", manifest.DIFFERENT),
        ("html/de/index.html", b"</p>", b"!</p>", "pages/de/index.html", manifest.DIFFERENT),
    ],
)
def test_what_has_become_of_one_thing(built, released, file, old, new, thing, verdict):
    with changed(built.build / file, old, new):
        assert verdicts(released) == {thing: verdict}


def test_a_page_whose_pictures_alone_differ(built, released):
    page = built.build / "html/de/notebooks/roles.html"
    one, other = (b'<img src="../_images/%s.png">' % (digit * 64) for digit in (b"1", b"2"))
    with changed(page, b"</article>", one + b"</article>"):
        released = manifest.manifest()
        with changed(page, one, other):
            assert verdicts(released) == {"pages/de/notebooks/roles.html": manifest.PIXELS}


def test_what_is_missing_or_new(released):
    entry = released["figures"].pop("de/roles")
    released["figures"]["de/gone"] = entry
    assert verdicts(released) == {
        "figures/de/roles": manifest.NEW,
        "figures/de/gone": manifest.MISSING,
    }


def test_a_study_that_names_no_release_gets_no_manifest_of_one(mini):
    citation = mini.book / "CITATION.cff"
    citation.unlink()
    with pytest.raises(ReportedError, match=r"that of a release, and .*CITATION\.cff names none"):
        manifest.write_manifest()
    assert not (mini.book / "manifest.json").exists()


def test_what_was_not_built_gets_no_manifest_and_nothing_is_no_agreement(mini, capsys):
    with pytest.raises(ReportedError, match="there are no processed and no pages and no notebooks"):
        manifest.write_manifest()
    place = mini.book / "manifest.json"
    assert not place.exists()
    place.write_text(json.dumps({"release": "1"} | {kind: {} for kind in manifest.KINDS}), "utf-8")
    assert manifest.verify() == 1
    assert capsys.readouterr().out == "against release 1: nothing\n"


def test_the_book_shows_the_verdict_and_the_commands_print_it(finished, released):
    page = finished.build / "html/de/figures.html"
    assert "Verglichen mit Fassung" not in page.read_text("utf-8")
    written = finished.run("analysis", "manifest")
    assert written.returncode == 0, written.stderr
    assert json.loads((finished.book / "manifest.json").read_text("utf-8")) == released
    rebuilt = finished.run("doit", "book")
    assert rebuilt.returncode == 0, rebuilt.stderr
    verified = finished.run("analysis", "verify")
    shown = verified.stdout.splitlines()
    assert (verified.returncode, len(shown) > 100) == (0, True)
    assert not [line for line in shown[:-1] if "same bytes" not in line], "it is in no digest"
    assert page.read_text("utf-8").count(
        f"Verglichen mit Fassung {released['release']}: ✓ Byte für Byte gleich"
    ) == len(released["figures"]) + len(released["tables"])
    with changed(finished.build / "de/figures/roles.svg", b"<path", b"<path "):
        drawn = finished.run("analysis", "verify")
    assert drawn.returncode == 0, [
        line for line in drawn.stdout.splitlines() if "same bytes" not in line
    ]
    assert "✓ figures/de/roles: same data but other pixels" in drawn.stdout
    with changed(finished.build / "de/figures/roles.csv", b",", b",1"):
        differs = finished.run("analysis", "verify")
    assert differs.returncode == 1
    assert "✗ figures/de/roles: different data" in differs.stdout
    assert "1 different data" in differs.stdout
    (finished.book / "manifest.json").unlink()
    missing = finished.run("analysis", "verify")
    assert missing.returncode == 1
    assert "`make manifest` writes it" in missing.stderr
