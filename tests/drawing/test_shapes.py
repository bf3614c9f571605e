"""Paths in few signs lead to the same places."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.drawing.shapes import digits, short_path

SIGN = re.compile(r"[A-Za-z]|-?(?:\d+(?:\.\d+)?|\.\d+)")
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}


def ends_of(path):
    """Every place that a path of SVG names, as a browser reads it."""
    signs, places, at, start = SIGN.findall(path), [], (0.0, 0.0), (0.0, 0.0)
    letter = ""
    while signs:
        if signs[0].isalpha():
            letter = signs.pop(0)
        elif letter in "Mm":
            letter = "L" if letter == "M" else "l"
        numbers = [float(signs.pop(0)) for _ in range(NUMBERS[letter.upper()])]
        x, y = at if letter.islower() else (0.0, 0.0)
        if letter in "Zz":
            at = start
            continue
        if letter in "Hh":
            numbers = [numbers[0], at[1] - y]
        elif letter in "Vv":
            numbers = [at[0] - x, numbers[0]]
        ends = [(x + end, y + down) for end, down in zip(numbers[::2], numbers[1::2], strict=True)]
        places += map(list, ends)
        at = ends[-1]
        start = at if letter in "Mm" else start
    return places


PLACES = st.decimals(-999, 999, places=3).map(str)
PARTS = st.sampled_from(["M", "L", "Q", "C", "z"]).flatmap(
    lambda letter: st.lists(
        PLACES, min_size=(n := {"M": 2, "L": 2, "Q": 4, "C": 6, "z": 0}[letter]), max_size=n
    ).map(lambda places: " ".join([letter, *places]))
)
PATHS = st.lists(PARTS, max_size=9).map(lambda parts: " ".join(["M 1 2", *parts]))


@given(PATHS, st.sampled_from([(1, 2), (10 / 64, 0)]))
def test_a_short_path_leads_to_the_same_places(path, steps):
    scale, decimals = steps
    short = short_path(path, scale, decimals)
    close = 0.51 * 10**-decimals
    told = [[scale * end for end in place] for place in ends_of(path)]
    assert ends_of(short) == [pytest.approx(place, abs=close) for place in told]
    assert len(short) <= len(path)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("M 1 2 L 3.5 2 L 3.5 1 L 1 1 z", "M1 2h2.5v-1h-2.5z"),
        ("M 0 0 L 1 1 L 2 3 L 1 1 z M 5 5 M 6 6", "M0 0l1 1 1 2-1-2zM5 5M6 6"),
        ("M 1 1 Q 2 2 1 3 Q 0 2 1 1", "M1 1q1 1 0 2-1-1 0-2"),
        ("M 0 0 A 1 1 0 0 1 2 2", "M 0 0 A 1 1 0 0 1 2 2"),
        ("M0 0h1", "M0 0h1"),
        ("", ""),
    ],
)
def test_a_path_says_what_is_new(path, short):
    assert short_path(path) == short


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (100, 0, "100"),
        (1.5, 2, "1.5"),
        (-0.001, 2, "0"),
        (20.0, 2, "20"),
        (0.5, 2, ".5"),
        (-0.25, 2, "-.25"),
        (-10.25, 2, "-10.25"),
    ],
)
def test_a_number_has_no_zeros_that_say_nothing(value, decimals, said):
    assert digits(value, decimals) == said
