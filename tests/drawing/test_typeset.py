"""Wrapped text: no letter is lost and no line is wider than its column."""

import hypothesis.strategies as some
from hypothesis import given, settings

from analysis.drawing import typeset

TEXTS = some.text("abcdeilmnorstuwß ÄÖü-/.,0123 \n\u00a0", max_size=60)
SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)


@SETTINGS
@given(text=TEXTS, width=some.floats(0.8, 8), language=some.sampled_from(["de", "en"]))
def test_wrapping_keeps_every_letter_and_the_width(text, width, language):
    lines = typeset.wrap(text, width, language=language)
    assert _letters("".join(lines)) == _letters(text)
    assert all(typeset.text_width(line) <= width + typeset.SPILL for line in lines)


@SETTINGS
@given(text=TEXTS, width=some.floats(2, 8))
def test_even_lines_are_as_many_and_hold_the_same(text, width):
    lines, even = typeset.wrap(text, width), typeset.wrap_evenly(text, width)
    assert len(even) <= len(lines)
    assert _letters("".join(even)) == _letters(text)


@SETTINGS
@given(
    word=some.from_regex(r"[A-Z][a-z]{3,9}-[A-Z][a-z]{3,9}", fullmatch=True),
    width=some.floats(1.2, 4),
)
def test_a_word_with_a_hyphen_of_its_own_is_parted_there_if_that_fits(word, width):
    lines, own = typeset.wrap(word, width), word.partition("-")
    parts = [own[0] + "-", own[2]]
    if typeset.text_width(word) > width and all(typeset.text_width(p) <= width for p in parts):
        assert lines == parts


@SETTINGS
@given(text=TEXTS, width=some.floats(3, 8), indent=some.floats(0, 2.5))
def test_what_a_lead_leaves_free_stays_free(text, width, indent):
    lines = typeset.wrap(text, width, indent=indent)
    assert not lines or typeset.text_width(lines[0]) <= width - indent + typeset.SPILL


def _letters(text):
    """A text without what wrapping may add or take away: blanks and hyphens."""
    return "".join(letter for letter in text if letter not in " \n\u00a0-")
