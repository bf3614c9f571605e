"""What pages tell programs and readers who cite: title, contents, authors, date, licence."""

import html
import json
import re
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from babel.core import Locale
from docutils import nodes

from analysis import paths
from analysis.book import crate, landing, metadata
from analysis.book.annotations import NAME as ANNOTATIONS
from analysis.book.crate import data_crate
from analysis.book.landing import write_landing_page
from analysis.book.metadata import LONGEST, Page, _editions, described, register
from analysis.citation import Author, Cited, Work, address_of, cited
from analysis.studyfile import About

pytestmark = pytest.mark.xdist_group("built")
AUTHORS = (Author("A {& B}"), Author("C"))
ABOUT = Cited(AUTHORS, "1.0", "2026-01-02", ("MIT",), site="https://example.org/x/")


def a_page(**other):
    told = {
        "name": "notebooks/a b",
        "title": "Title </script>",
        "book": "Book",
        "language": "en",
        "title_language": "en",
        "description": "Said.",
        "picture": "figures/a.png",
        "whole": False,
        "cited": ABOUT,
    }
    return Page(**(told | other))


@pytest.fixture(scope="module")
def pages(built):
    site = built.build / "html/de"
    return {path.stem: path.read_text("utf-8") for path in site.glob("*.html")}


def told(page, name):
    return re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)


def test_every_page_can_be_cited_but_those_that_say_nothing_themselves(pages):
    assert len(pages) > 3
    cited = {name for name, page in pages.items() if re.search('"citation_|study-cite', page)}
    assert {*pages} - cited == {"search", "genindex"}
    assert {"index", "evidence"} <= cited
    for name in cited:
        page = pages[name]
        assert told(page, "citation_title") == told(page, "DC.title") == told(page, "og:title")
        assert len(told(page, "citation_title")) == 1, name
        assert told(page, "citation_author") == ["Niemand"], name
        assert told(page, "citation_publication_date") == ["2026/01/02"], name
        assert told(page, "citation_language") == ["de"], name
        assert 'rel="license"' in page, name
        assert re.search(r'class="study-imprint">Fassung 0\.1\.0 vom .* Lizenz: MIT', page), name
        assert "Niemand (2026): " in page, name


def test_linked_data_says_what_the_page_says(pages):
    for name, page in pages.items():
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        first, *others = json.loads(text)["@graph"]
        assert first["name"] == html.unescape(*told(page, "DC.title")), name
        assert first["@type"] == ("Report" if name == "index" else "WebPage"), name
        kinds = [part["@type"] for part in others]
        assert kinds == (["Dataset", "SoftwareSourceCode"] if name == "index" else []), name
    assert "Bericht \\u003ceiner> Gemeinde" in pages["index"]


def test_the_title_page_has_the_title_once(pages):
    assert "<title>Erfunden: Hitzevorsorge in drei Gemeinden</title>" in pages["index"]


def test_a_site_without_an_address_names_none(built, pages):
    for name, page in pages.items():
        assert 'rel="canonical"' not in page, name
        assert told(page, "og:image") == told(page, "og:url") == [], name
    assert not (built.build / "html/de/sitemap.xml").exists()


def test_with_an_address_a_page_names_its_own_and_that_of_its_picture():
    page = a_page()
    assert page.address == "https://example.org/x/en/notebooks/a%20b.html"
    assert page.picture_address == "https://example.org/x/en/figures/a.png"
    assert page.text.endswith(f"Version 1.0. {page.address}")
    assert a_page(picture="").picture_address == ""
    assert a_page(cited=Cited()).address == ""


def test_citations_can_be_taken_away_as_bibtex_and_ris():
    (_, _, bibtex), (_, name, ris) = a_page().downloads
    assert name == "notebooks-a b.ris"
    bibtex, ris = (unquote(text.partition(",")[2]) for text in (bibtex, ris))
    assert bibtex.startswith(
        "@incollection{notebooks-a-b-en-2026,\n"
        r"  author = {{A \textbraceleft{}\& B\textbraceright{}} and {C}},"
    )
    assert "  booktitle = {Book},\n  year = {2026},\n" in bibtex
    assert ris.splitlines()[:3] == ["TY  - CHAP", "AU  - A {& B}", "AU  - C"]
    assert ris.splitlines()[-1] == "ER  - "
    assert "  title = {{Title </script>}},\n" in bibtex, "no style changes its capitals"
    assert "@misc" in a_page(whole=True).bibtex


def test_linked_data_says_in_which_language_where_from_and_by_whom():
    author = Author("D E", "E", "D", orcid="https://orcid.org/0000-0000-0000-0001")
    work = Work("Study", (author,), address="https://example.org/study")
    about = replace(ABOUT, authors=(author,), abstract="Said.", based_on=(work,))
    report, data, _code = json.loads(a_page(whole=True, language="de", cited=about).linked)[
        "@graph"
    ]
    assert report["isBasedOn"][0]["url"] == "https://example.org/study"
    assert report["author"][0]["@id"] == report["isBasedOn"][0]["author"][0]["@id"] == author.orcid
    assert (data["inLanguage"], data["description"]["@language"]) == ("de", "en")
    part = json.loads(a_page(cited=about).linked)["@graph"][0]["isPartOf"]
    assert part["url"] == "https://example.org/x/en/index.html"
    assert "url" not in json.loads(a_page(cited=Cited()).linked)["@graph"][0]["isPartOf"]


def test_pages_of_notebooks_are_english_in_every_edition(built):
    assert a_page().spoken == a_page(is_english=True).spoken == "en"
    page = a_page(language="de", is_english=True)
    assert json.loads(page.linked)["@graph"][0]["inLanguage"] == "en"
    assert "  language = {en}," in page.bibtex
    assert page.address.startswith("https://example.org/x/de/")
    for path in (built.build / "html/de/notebooks").glob("*.html"):
        text = path.read_text("utf-8")
        assert told(text, "DC.language") == told(text, "citation_language") == ["en"], path.name
        assert '<html lang="de"' in text, "as what is around them"


def test_a_notebook_is_cited_as_one_in_the_language_of_its_title(built):
    for path in (built.build / "html/de/notebooks").glob("*.html"):
        text = html.unescape(path.read_text("utf-8"))
        (shown,) = re.findall("<title[^>]*>(.*?)</title>", text)
        (title,) = told(text, "citation_title")
        assert shown.startswith("Notebook: ")
        assert shown.startswith(title)
        assert f"): {title}. In: " in text
    page = a_page(language="de", is_english=True, title_language="de")
    assert page.spoken == "en"
    assert "LA  - de" in page.ris
    assert "LA  - en" in a_page(language="de", is_english=True).ris


def test_no_text_ends_the_script_that_holds_linked_data():
    assert "</script" not in a_page().linked
    assert json.loads(a_page().linked)["@graph"][0]["name"] == "Title </script>"


def test_a_description_is_the_first_paragraph_of_the_text_and_short():
    page = nodes.document(None, None)
    box = nodes.admonition("", nodes.paragraph("", "in a box"))
    first = nodes.paragraph("", "A word. " * 50)
    page += nodes.section("", nodes.title("", "T"), box, first, nodes.paragraph("", "second"))
    assert described(page).startswith("A word. A word.")
    assert described(page).endswith("…")
    assert len(described(page)) <= LONGEST
    assert described(None) == ""


def test_a_description_says_what_readers_see_and_not_what_browsers_read():
    page = nodes.document(None, None)
    html = nodes.raw("", "<b>", format="html")
    picture = nodes.paragraph(
        "", "", nodes.image(uri="a.png"), nodes.raw("", "<br>", format="html")
    )
    page += nodes.section("", picture, nodes.paragraph("", "Said ", html, nodes.Text("so.")))
    assert described(page) == "Said so."


def test_a_page_that_another_edition_lacks_leads_to_its_first_one():
    written = {"de": {"index", "nur"}, "en": {"index"}}
    assert _editions("nur", "index", written) == {"de": "nur", "en": "index"}
    assert _editions("index", "index", written) == {"de": "index", "en": "index"}
    assert _editions("notebooks/a", "index", written) == {"de": "notebooks/a", "en": "notebooks/a"}


def test_the_address_of_a_picture_holds_whatever_the_name_of_a_run_may_hold():
    page = a_page(picture="figures/näher-Haus #1 & 50%.png")
    assert page.picture_address.endswith("/en/figures/n%C3%A4her-Haus%20%231%20%26%2050%25.png")


@pytest.mark.parametrize("content", ["", "version: 1", "- a", "a: [", "date-released: x"])
def test_a_study_that_does_not_say_how_to_cite_it_has_pages_all_the_same(
    content, tmp_path, monkeypatch
):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(content, "utf-8")
    assert cited() == Cited()
    page = a_page(cited=cited())
    assert (page.text, page.footer) == ("", "")


def test_what_leads_nowhere_or_is_incomplete_in_how_to_cite_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(
        "version: 1\ndate-released: 2026-01-02\nauthors: [{name: A}]\nurl:\nlicense: [5]\n"
        "repository-code: 'javascript:alert(1)'\nreferences: [{title: B}, {year: 2020}]\n",
        "utf-8",
    )
    found = cited()
    assert (found.site, found.repository, found.licences) == ("", "", ("5",))
    assert found.based_on == (Work("B"),)
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    assert '"B"' in data_crate(tmp_path, found)


@pytest.mark.parametrize("name", ["MIT", "CC0-1.0", "BSD-3-Clause", "EUPL-1.2", "GPL-3.0-or-later"])
def test_a_short_name_of_a_licence_leads_to_its_text(name):
    assert address_of(name) == f"https://spdx.org/licenses/{name}.html"


@pytest.mark.parametrize(
    "name", ["proprietary", "CC-BY", "none", "LicenseRef-town-1.0", "MIT/GPL-3"]
)
def test_a_name_that_is_none_of_a_licence_leads_nowhere(name):
    assert address_of(name) == ""


@pytest.mark.parametrize("work", ["title: 2020-01-01", "title: B, year: [1]", "a", "title: []"])
def test_works_of_any_form_in_how_to_cite_are_told_or_left_out(work, tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(
        "version: 1\ndate-released: 2026-01-02\nauthors: [{name: A}]\n"
        f"references: [{{{work}}}, {{title: C, authors: [x]}}, {{title: D}}]\n",
        "utf-8",
    )
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    assert '"D"' in data_crate(tmp_path, cited())
    assert '"D"' in a_page(cited=cited(), whole=True).linked


def test_people_and_bodies_are_told_apart_and_a_version_is_no_number(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    (tmp_path / "CITATION.cff").write_text(
        "version: 1.10\ndate-released: 2026-01-02\nauthors:\n"
        '- {given-names: Ada, name-particle: von, family-names: "Berg\\nSee", name-suffix: Jr.}\n'
        "- {name: Amt Wald}\n- {given-names: Sukarno}\n",
        "utf-8",
    )
    found = cited()
    assert [str(author) for author in found.authors] == [
        "Ada von Berg See Jr.",
        "Amt Wald",
        "Sukarno",
    ]
    assert found.version == "1.10"
    page = a_page(cited=found)
    assert "author = {von Berg See, Jr., Ada and {Amt Wald} and {Sukarno}}" in page.bibtex
    assert "AU  - von Berg See, Ada, Jr.\r\nAU  - Amt Wald\r\nAU  - Sukarno\r\n" in page.ris
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    linked = json.loads(page.linked)["@graph"][0]["author"]
    crated = json.loads(data_crate(tmp_path, found))["@graph"]
    crated = [part for part in crated if part["@id"].startswith("#author")]
    for told in (linked, crated):
        assert [author["@type"] for author in told] == ["Person", "Organization", "Person"]


def test_a_licence_of_other_words_has_no_address_and_a_place_of_its_own_in_the_crate(tmp_path):
    found = Cited((Author("A"),), "1", "2026-01-02", ("All rights reserved", "See the file"))
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    graph = json.loads(data_crate(tmp_path, found))["@graph"]
    root = next(part for part in graph if part["@id"] == "./")
    assert root["license"] == [{"@id": "#licence-1"}, {"@id": "#licence-2"}]
    assert a_page(cited=found).licences == []
    known = a_page(cited=Cited((Author("A"),), "1", "2026-01-02", ("CC-BY-4.0",)))
    assert known.licences == ["https://creativecommons.org/licenses/by/4.0/"]


def test_tables_never_have_the_licence_of_the_software_if_the_study_names_one(monkeypatch):
    whole = a_page(whole=True)
    for licence, told in {
        "Restricted: on request": {"@type": "CreativeWork", "name": "Restricted: on request"},
        "CC0-1.0": "https://spdx.org/licenses/CC0-1.0.html",
        "": ["https://spdx.org/licenses/MIT.html"],
    }.items():
        monkeypatch.setattr(metadata, "read_about", lambda licence=licence: About(licence=licence))
        _, data, code = json.loads(whole.linked)["@graph"]
        assert data["license"] == told
        assert code["license"] == ["https://spdx.org/licenses/MIT.html"]


def test_tables_in_a_crate_have_their_licence_also_in_words(tmp_path, monkeypatch):
    package = {"title": "C", "licenses": [{"name": "Ask-us", "title": "Ask us"}]}
    package["resources"] = [{"path": "a.csv", "title": "A"}]
    for file, text in {"data/datapackage.json": json.dumps(package), "data/a.csv": "a\n"}.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    for file in ("index.html", ANNOTATIONS):
        (tmp_path / file).write_text("", "utf-8")
    monkeypatch.setattr(crate, "notebook_runs", lambda _language: [])
    for made, names in {
        crate.data_crate(tmp_path / "data", ABOUT): ("./",),
        crate.run_crate(tmp_path, "de", "T", ABOUT): ("data/a.csv",),
    }.items():
        graph = {part["@id"]: part for part in json.loads(made)["@graph"]}
        for name in names:
            assert graph[graph[name]["license"]["@id"]]["name"] == "Ask us"


def test_a_crate_of_which_no_licence_is_known_says_so(tmp_path):
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    graph = json.loads(data_crate(tmp_path, Cited(AUTHORS, "1", "2026-01-02")))["@graph"]
    graph = {part["@id"]: part for part in graph}
    assert graph[graph["./"]["license"]["@id"]]["name"] == "No licence is named."


def test_each_work_is_once_in_a_crate(tmp_path):
    works = (Work("A", address="https://doi.org/10.1/x"), Work("B"))
    about = Cited(AUTHORS, "1", "2026-01-02", ("MIT",), based_on=(*works, *works))
    (tmp_path / "datapackage.json").write_text('{"title": "C", "resources": []}', "utf-8")
    graph = json.loads(data_crate(tmp_path, about))["@graph"]
    names = [part["@id"] for part in graph]
    assert len({*names}) == len(names)
    (root,) = (part for part in graph if part["@id"] == "./")
    assert [part["@id"] for part in root["isBasedOn"]] == [works[0].address, "#work-2", "#work-4"]


def test_a_build_may_be_told_where_it_will_be_published(built, monkeypatch):
    built.point_paths(monkeypatch)
    monkeypatch.setenv("COMPENDIUM_SITE_URL", "https://example.org/y")
    assert cited().site == "https://example.org/y/"


def test_a_study_that_does_not_say_how_to_cite_it_may_have_an_address(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_BOOK", str(tmp_path))
    monkeypatch.setenv("COMPENDIUM_SITE_URL", "https://example.org")
    monkeypatch.setenv("COMPENDIUM_REPOSITORY_URL", "https://example.org/code")
    page = a_page(cited=cited())
    assert page.address == "https://example.org/en/notebooks/a%20b.html"
    assert page.cited == Cited(site="https://example.org/", repository="https://example.org/code")
    assert page.text == ""


def test_a_site_with_an_address_lists_its_pages_but_not_that_for_searching(tmp_path, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_SITE_URL", "https://example.org")
    told = {}
    config = SimpleNamespace(html_title="B", study_language="en", root_doc="index")
    app = SimpleNamespace(
        connect=lambda event, listener, **_: told.update({event: listener}),
        config=config,
        outdir=tmp_path,
        env=SimpleNamespace(get_doctree=lambda _page: None),
    )
    register(app)
    for name in ("search", "a&b", "index"):
        told["html-page-context"](app, name, "", {"title": "T"}, None)
    told["build-finished"](app, None)
    listed = re.findall("<loc>(.*)</loc>", (tmp_path / "sitemap.xml").read_text("utf-8"))
    assert listed == ["https://example.org/en/a%26b.html", "https://example.org/en/index.html"]


def test_editions_are_known_before_the_theme_looks_for_empty_parts():
    connected, context = [], {}
    app = SimpleNamespace(
        connect=lambda event, listener, priority=500: connected.append((event, priority, listener)),
        config=SimpleNamespace(root_doc="index"),
    )
    register(app)
    for event, priority, listener in connected:
        if event == "html-page-context" and priority < 500:
            listener(app, "index", "", context, None)
    assert context["study_editions"] == {"de": "index", "en": "index"}


@pytest.mark.parametrize("site", ["", "https://example.org/x/"])
def test_a_front_page_that_cannot_be_read_has_no_picture(monkeypatch, tmp_path, site):
    (tmp_path / "de").mkdir()
    (tmp_path / "de/index.md").write_bytes("# Gärten".encode("latin-1"))
    monkeypatch.setattr(paths, "book", lambda: tmp_path)
    assert landing._picture(site, "de") == {}


def test_a_site_with_an_address_has_a_page_in_the_place_of_those_that_are_not_there(
    mini, monkeypatch
):
    mini.point_paths(monkeypatch)
    monkeypatch.setenv("COMPENDIUM_SITE_URL", "https://example.org/x")
    write_landing_page()
    site = mini.build / "html"
    missing = (site / "404.html").read_text("utf-8")
    assert '<base href="https://example.org/x/">' in missing
    assert "<script" not in missing
    assert (site / "robots.txt").read_text("utf-8") == (
        "Sitemap: https://example.org/x/de/sitemap.xml\n"
    )
    monkeypatch.delenv("COMPENDIUM_SITE_URL")
    write_landing_page()
    assert [path.name for path in site.iterdir()] == ["index.html"]


def test_the_page_in_front_knows_languages_by_what_stands_before_the_region(mini):
    write_landing_page()
    page = (mini.build / "html/index.html").read_text("utf-8")
    assert "map(l => l.split('-')[0]).find(" in page


def test_the_page_in_front_speaks_the_language_of_the_first_edition(mini):
    write_landing_page()
    page = (mini.build / "html/index.html").read_text("utf-8")
    assert '<html lang="de">' in page
    title = re.search("<title>(.*?)</title>", page)[1]
    for name in ("description", "og:description", "DC.description"):
        assert told(page, name) == [title]
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(script)["description"] == {
        "@language": "en",
        "@value": "An invented study.",
    }


def test_the_page_in_front_says_which_way_a_language_is_written_where_that_is_from_the_right(
    mini, monkeypatch
):
    monkeypatch.setattr(Locale, "text_direction", "rtl")
    write_landing_page()
    page = (mini.build / "html/index.html").read_text("utf-8")
    assert '<html lang="de" dir="rtl">' in page
    assert '<a href="de/index.html" hreflang="de" lang="de" dir="rtl">' in page


def test_the_page_in_front_says_the_title_in_the_language_of_each_edition(mini):
    config = mini.book / "_config.yml"
    english = mini.book / "en/index.md"
    english.parent.mkdir()
    english.write_text("# Heat\n", "utf-8")
    settings = config.read_text("utf-8")
    config.write_text(settings.replace('Gemeinden"}', 'Gemeinden", en: "Heat & cities"}'), "utf-8")
    write_landing_page()
    page = (mini.build / "html/index.html").read_text("utf-8")
    (heading,) = re.findall("<h1>(.*?)</h1>", page)
    assert f'<h1>{heading}</h1><p lang="en">Heat &amp; cities</p><ul>' in page
    config.write_text(re.sub(r"title: \{.*\}", "title: One for both", settings), "utf-8")
    write_landing_page()
    page = (mini.build / "html/index.html").read_text("utf-8")
    assert "<h1>One for both</h1><ul>" in page


def test_the_page_in_front_shows_the_figure_of_the_title_page_if_it_has_an_address(
    finished, monkeypatch
):
    finished.point_paths(monkeypatch)
    index = finished.book / "de/index.md"

    def shown(figure, site):
        with index.open("a", encoding="utf-8") as page:
            page.write(f"\n```{{study-figure}} {figure}\n```\n")
        monkeypatch.setenv("COMPENDIUM_SITE_URL", site)
        write_landing_page()
        page = (finished.build / "html/index.html").read_text("utf-8")
        return told(page, "og:image"), told(page, "og:image:alt")

    before = index.read_text("utf-8")
    assert shown("roles", "") == ([], [])
    pictures, texts = shown("roles", "https://example.org/x")
    assert pictures == ["https://example.org/x/de/figures/roles.png"]
    assert (finished.build / "html/de/figures/roles.png").is_file()
    record = json.loads((finished.build / "de/figures/roles.json").read_text("utf-8"))
    assert [html.unescape(text) for text in texts] == [record["headline"]]
    index.write_text(before, "utf-8")
    assert shown("nowhere", "https://example.org/x") == ([], [])
    record = {"name": "codings", "skipped": "Nothing is coded."}
    (finished.build / "de/figures/codings.json").write_text(json.dumps(record), "utf-8")
    assert shown("codings", "https://example.org/x") == ([], [])
    with index.open("a", encoding="utf-8") as page:
        page.write("\n:::{study-figure} actors\n:::\n")
    (picture,), _ = shown("roles", "https://example.org/x")
    assert picture.endswith("/actors.png"), "the first that was drawn"


def test_a_parameter_that_is_empty_is_not_told(built):
    """`source = ` would look like something that is missing."""
    records = (built.build / "de/figures").glob("*.json")
    told = [json.loads(record.read_text("utf-8"))["parameters"].values() for record in records]
    assert any("" in values for values in told)
    for page in (built.build / "html/de").glob("*.html"):
        assert not re.search(r"\w = [,)]", page.read_text("utf-8")), page.name
