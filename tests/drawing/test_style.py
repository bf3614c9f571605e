"""The look of all figures: text can be read on anything, and marks can be told apart."""

from itertools import pairwise

import pytest

from analysis.drawing import style


def lightness_of(colour):
    """The lightness of a colour, from 0 to 100 (CIE L*)."""
    return 116 * style.luminance(colour) ** (1 / 3) - 16


@pytest.mark.parametrize("n", range(1, 9))
def test_roles_have_colours_that_grey_print_tells_apart_or_one_that_tells_nothing(n):
    codes = [f"role.{i}" for i in range(n)]
    colours = style.role_colours(codes)
    assert [*colours] == codes
    assert all(style.contrast(colour, style.PAPER) >= 3 for colour in colours.values())
    if style.tells_roles(codes):
        steps = sorted(map(lightness_of, colours.values()))
        assert all(other - one > 10 for one, other in pairwise(steps))
    else:
        assert n > len(style.ROLES)
        assert len({*colours.values()}) == 1


@pytest.mark.parametrize("lightness", range(0, 256, 5))
def test_text_can_be_read_on_any_grey(lightness):
    ground = (lightness / 255,) * 3
    assert style.contrast(style.ink_on(ground), ground) >= style.READABLE
