"""Where two pictures differ is framed, and nothing else."""

import hypothesis.strategies as some
import numpy as np
from hypothesis import given, settings

from analysis.compare.pictures import TILE, WHITE, drawn_otherwise

SIZE = (10 * TILE, 12 * TILE, 3)
SPOT = some.tuples(
    some.integers(0, SIZE[0] - 1), some.integers(0, SIZE[1] - 1), some.integers(1, 80)
)


def sheet(*spots, size=SIZE):
    picture = np.full(size, WHITE, dtype=np.uint8)
    for top, left, side in spots:
        picture[top : top + side, left : left + side] = 0
    return picture


def test_the_same_picture_does_not_differ():
    assert drawn_otherwise(sheet((5, 5, 20)), sheet((5, 5, 20))) is None


@settings(max_examples=80)
@given(some.lists(SPOT, max_size=4), some.lists(SPOT, min_size=1, max_size=4))
def test_whatever_differs_lies_in_an_area_and_areas_do_not_overlap(before, now):
    one, other = sheet(*before), sheet(*now)
    found = drawn_otherwise(one, other)
    differs = (one != other).any(axis=2)
    if not differs.any():
        assert found is None
        return
    framed = np.zeros(differs.shape, dtype=int)
    for x, y, width, height in found["areas"]:
        assert differs[y : y + height, x : x + width].any()
        framed[y : y + height, x : x + width] += 1
    assert framed.max() == 1
    assert not (differs & (framed == 0)).any()


def test_what_only_the_taller_picture_reaches_is_an_area():
    taller = sheet((11 * TILE, 0, TILE), size=(12 * TILE, *SIZE[1:]))
    found = drawn_otherwise(sheet(), taller)
    assert found["areas"] == [[0, 11 * TILE, TILE, TILE]]
    assert found["sizes"] == [[SIZE[1], SIZE[0]], [SIZE[1], 12 * TILE]]


def test_what_no_eye_tells_apart_is_no_area():
    paler = sheet((0, 0, 9))
    paler[paler == 0] = 5
    assert drawn_otherwise(sheet((0, 0, 9)), paler)["areas"] == []


def test_what_is_paler_throughout_is_an_area_however_little():
    paler = sheet()
    paler[:] = WHITE - 23
    found = drawn_otherwise(sheet(), paler)
    assert found["areas"] == [[0, 0, SIZE[1], SIZE[0]]]
    assert found["most"] == 23
    part = sheet()
    part[: 2 * TILE, : 3 * TILE] = WHITE - 23
    assert drawn_otherwise(sheet(), part)["areas"] == [[0, 0, 3 * TILE, 2 * TILE]]
