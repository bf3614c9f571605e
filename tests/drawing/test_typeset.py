"""Wrapped text: no letter is lost and no line is wider than its column."""

import io

import hypothesis.strategies as some
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from analysis.drawing import style, typeset

TEXTS = some.text("abcdeilmnorstuwß ÄÖü-/.,0123 \n\u00a0", max_size=60)
SETTINGS = settings(max_examples=60)


# pyphen has no patterns for the last two.
@SETTINGS
@given(text=TEXTS, width=some.floats(0.8, 8), language=some.sampled_from(["de", "en", "fi", "zh"]))
def test_wrapping_keeps_every_letter_and_the_width(text, width, language):
    lines = typeset.wrap(text, width, language=language)
    assert _letters("".join(lines)) == _letters(text)
    assert all(typeset.text_width(line) <= width + typeset.SPILL for line in lines)


@SETTINGS
@given(text=TEXTS, width=some.floats(2, 8))
def test_even_lines_are_as_many_and_hold_the_same(text, width):
    look = {"language": "de"}
    lines, even = typeset.wrap(text, width, **look), typeset.wrap_evenly(text, width, **look)
    assert len(even) <= len(lines)
    assert _letters("".join(even)) == _letters(text)


@SETTINGS
@given(
    word=some.from_regex(r"[A-Z][a-z]{3,9}-[A-Z][a-z]{3,9}", fullmatch=True),
    width=some.floats(1.2, 4),
)
def test_a_word_with_a_hyphen_of_its_own_is_parted_there_if_that_fits(word, width):
    lines, own = typeset.wrap(word, width, language="de"), word.partition("-")
    parts = [own[0] + "-", own[2]]
    if typeset.text_width(word) > width and all(typeset.text_width(p) <= width for p in parts):
        assert lines == parts


@SETTINGS
@given(text=TEXTS, width=some.floats(3, 8), indent=some.floats(0, 2.5))
def test_what_a_lead_leaves_free_stays_free(text, width, indent):
    lines = typeset.wrap(text, width, language="de", indent=indent)
    assert not lines or typeset.text_width(lines[0]) <= width - indent + typeset.SPILL


@SETTINGS
@given(lead=TEXTS, text=TEXTS, width=some.floats(2, 8), align=some.sampled_from(["left", "right"]))
def test_a_lead_and_what_follows_it_keep_every_letter_and_the_width(lead, text, width, align):
    lines = typeset.lead_lines(lead, text, width, align=align, language="de")
    bold, plain = ("".join(parts) for parts in zip(*lines, strict=True))
    assert (_letters(bold), _letters(plain)) == (_letters(lead), _letters(text))
    assert typeset.lead_extent(lines) <= width + typeset.SPILL + typeset.text_width("n")


@SETTINGS
@given(lead=TEXTS, text=TEXTS, width=some.floats(2, 8))
def test_a_lead_on_the_right_stands_above_a_text_of_several_lines(lead, text, width):
    lines = typeset.lead_lines(lead, text, width, align="right", language="de")
    beside = [bold and plain for bold, plain in lines]
    assert len(lines) == 1 or not any(beside)


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("Klimaschutzkonzept²", ["Klimaschutz-", "konzept²"]),
        ("Industrie-Klimaschutzkonzept", ["Industrie-", "Klimaschutz-", "konzept"]),
        ("Wasserstoffkompetenzzentrum", ["Wasserstoff-", "kompetenz-", "zentrum"]),
    ],
)
def test_compounds_are_parted_at_the_joints_that_the_wording_gives(word, lines):
    assert typeset.wrap(word, 2.1, language="de") == lines


def test_words_of_no_or_another_language_are_not_parted_as_german_ones():
    word = "Klimaschutzkonzept"
    assert typeset.wrap(word, 2.1, language="de") == ["Klimaschutz-", "konzept"]
    assert "-" not in "".join(typeset.wrap(word, 2.1, language=""))


@pytest.mark.parametrize("blank", [" ", "\t", "\n", " \t\n "])
def test_any_blank_parts_words(blank):
    assert typeset.wrap(f"a{blank}b", 5, language="de") == ["a b"]


def test_a_number_is_not_the_last_line():
    whole = typeset.text_width("In both chapters 5 and")
    assert typeset.wrap("In both chapters 5 and 6.", whole, language="en")[-1] == "and 6."


@SETTINGS
@given(needs=some.lists(some.floats(0.1, 9), min_size=1, max_size=12), room=some.floats(1, 40))
def test_columns_fill_the_room_as_evenly_as_what_they_need_allows(needs, room):
    widths = typeset.shared(needs, room)
    assert sum(widths) == pytest.approx(room)
    is_enough = sum(needs) <= room
    for need, width in zip(needs, widths, strict=True):
        assert (width >= need - 1e-9) if is_enough else (width <= need + 1e-9)
    free = [w for n, w in zip(needs, widths, strict=True) if abs(w - n) > 1e-6]
    assert not free or max(free) - min(free) < 1e-6


@given(n=some.integers(1, 200), most=some.integers(1, 30))
def test_no_row_of_things_beside_each_other_is_too_long_or_could_be_spared(n, most):
    across = typeset.abreast(n, most)
    assert across <= most
    assert -(-n // across) == -(-n // most)
    assert across == 1 or -(-n // (across - 1)) > -(-n // most)


def _letters(text):
    """A text without what wrapping may add or take away: blanks and hyphens."""
    return "".join(letter for letter in text if letter not in " \n\u00a0-")


@pytest.mark.parametrize("size", [style.SMALL, style.NORMAL, style.LARGE])
def test_digits_have_their_middle_in_that_of_their_line(size):
    sheet, written = style.sheet(), io.BytesIO()
    typeset.write(sheet.ax, 3, 2, "0123456789", 5, size=size, language="en", valign="center")
    sheet.end(4).savefig(written, format="png", dpi=600)
    inked = (np.asarray(Image.open(written).convert("L")) < 128).any(axis=1).nonzero()[0]
    middle = (inked[0] + inked[-1] + 1) / 2 / 600 / style.CM - style.EDGE
    assert middle == pytest.approx(2, abs=0.01)
