"""What WeasyPrint would pass over without a word."""

import tempfile
from pathlib import Path

import pytest

from analysis.pdf.elements import element
from analysis.pdf.layout import PdfError, Sheets
from analysis.pdf.report import _own_temporary_folder


@pytest.mark.parametrize("written", [None, "no picture", "<svg"])
def test_a_picture_that_cannot_be_read_is_told_and_no_pdf_is_made(tmp_path, written):
    if written:
        (tmp_path / "a.svg").write_text(written, "utf-8")
    sheets = Sheets("de", tmp_path, {"title": "Titel"})
    part = element("article", "", element("h1", "Titel"), element("img", alt="Bild", src="a.svg"))
    document = sheets.lay_out(part, 0)
    with pytest.raises(PdfError, match=r"lack pictures:\n.*a\.svg"):
        sheets.write([document])


def test_nothing_is_left_beside_a_pdf():
    before = tempfile.tempdir
    with _own_temporary_folder():
        left = Path(tempfile.mkdtemp())
        assert left.is_dir()
    assert not left.parent.exists()
    assert tempfile.tempdir == before
