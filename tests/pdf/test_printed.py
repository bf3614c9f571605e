"""The report on paper: one PDF of the pages, which everybody can read, or none."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from analysis.book.crate import NAME
from analysis.pdf.layout import faults

pytestmark = pytest.mark.xdist_group("built")
LINK = re.compile(r'<a class="study-pdf" href="([^"]*)"')


@pytest.fixture(scope="module")
def printed(built, new_mini):
    """A finished study and its PDF, made by the command; without the data dictionary, which is half
    of its sheets, and is printed and validated with the report of this repository.
    """
    study = new_mini()
    shutil.copytree(built.build, study.build)
    page = study.book / "de/evidence.md"
    shown, dictionary = page.read_text("utf-8").split("## Datenwörterbuch")
    assert "{data-dictionary}" in dictionary
    page.write_text(shown, "utf-8")
    done = study.run("analysis", "build", "pdf")
    assert done.returncode == 0, done.stdout + done.stderr
    study.site = study.build / "html/de"
    study.pdf = study.site / "report-de.pdf"
    return study


def test_the_pdf_is_one_that_everybody_can_read(printed):
    assert list(faults(printed.pdf.read_bytes())) == []


def test_the_validator_sees_what_is_wrong():
    from weasyprint import HTML

    written = HTML(string="<html><body><p>no language, no title").write_pdf()
    assert any("title" in fault.lower() for fault in faults(written))


def test_every_page_leads_to_the_pdf(printed):
    for page in printed.site.rglob("*.html"):
        inside = page.relative_to(printed.site)
        if inside.parts[0] != "_static" and "executed" not in inside.parts:
            (link,) = LINK.findall(page.read_text("utf-8"))
            assert (page.parent / link).resolve() == printed.pdf.resolve(), inside


def test_the_crate_lists_the_pdf_among_what_the_build_has_made(printed):
    graph = json.loads((printed.site / NAME).read_text("utf-8"))["@graph"]
    parts = {part["@id"]: part for part in graph}
    listed = {"@id": printed.pdf.name}
    assert listed in parts["./"]["hasPart"]
    assert listed in parts["#report"]["result"]
    digest = hashlib.sha256(printed.pdf.read_bytes()).hexdigest()
    assert parts[printed.pdf.name]["sha256"] == digest


def test_the_pdf_is_the_same_byte_for_byte_wherever_it_is_made(printed, tmp_path):
    shutil.copytree(printed.site, tmp_path / "elsewhere")
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "42"}
    code = (
        "import sys; from pathlib import Path; from analysis.pdf.report import make_pdf; "
        "from analysis.book.settings import *; from analysis import paths; "
        "site = Path(sys.argv[1]); "
        "from analysis.book.imprint import footer; from analysis.citation import cited; "
        "from analysis.wording import Wording; version = footer(cited(), Wording('de')); "
        "title = read_config(paths.book() / '_config.yml', 'de')['title']; "
        "pages = read_printed(paths.book() / '_toc.yml', 'de', paths.book() / 'de'); "
        "sys.stdout.buffer.write(make_pdf(site, 'de', title, version, pages))"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "elsewhere")],
        env=os.environ | printed.settings | elsewhere,
        capture_output=True,
        check=True,
    ).stdout
    assert again == printed.pdf.read_bytes()


def test_a_book_that_is_up_to_date_keeps_its_pdf_and_newer_pages_have_none(printed):
    kept = printed.run("analysis", "build", "book")
    assert printed.pdf.is_file()
    assert "make pdf" not in kept.stdout
    page = printed.book / "de/index.md"
    page.write_text(page.read_text("utf-8") + "\nNeu.\n", "utf-8")
    newer = printed.run("analysis", "build", "book")
    assert newer.returncode == 0, newer.stderr
    assert not printed.pdf.exists()
    assert "the PDF is missing (de); `make pdf` makes it" in newer.stdout
    assert not LINK.search((printed.site / "index.html").read_text("utf-8"))
