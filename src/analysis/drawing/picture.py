"""A figure as a picture to take away: in pixels, as it is also shown below a cell, and as SVG."""

from __future__ import annotations

import io
import re

import numpy as np
from matplotlib import rcParams
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from analysis.drawing.shapes import digits, short_path

PALETTE = 256  # colours that a palette holds
# Of 256 steps from dark to light in red, green and blue: colours that are no further apart look
# the same at the edge of a letter. A colour of more than this share of the picture is that of an
# area, where one sees less of a difference.
ALIKE = 20
AREA = 1 / 1000
PLACES = np.array([1, 1 << 8, 1 << 16])  # of red, green and blue in a number of four bytes
# Of what Matplotlib writes: remarks; scales and links, which stay; numbers longer than one sees.
LONG = re.compile(r'<!--.*?-->|(?:scale|matrix)\([^)]*\)|:href="[^"]*"|-?\d+\.\d{3,}', re.DOTALL)
LETTER = re.compile(r'(<use xlink:href="#[^"]+") transform="translate\((\S+) (\S+)\)"/>')
SHAPE = re.compile(r'(?<=<path id=")[^"]+-[0-9a-f]+(?=")')  # of a letter
# What Matplotlib draws a letter with: 64 steps in a unit, of which a letter is 100 high; typefaces
# are drawn in a thousand.
GLYPH = re.compile(r'(<path id="[^"]+-[0-9a-f]+" d=")([^"]*)(" transform="scale\()0\.015625\)')
STEPS = 10 / 64
PATH = re.compile(r'(<path(?! id="[^"]+-[0-9a-f]+" )[^>]* d=")([^"]*)')
STYLE = re.compile(r'(?<= style=")[^"]*')
GROUP = re.compile(r'<g id="([^"]*)"')
NAMED = re.compile(r'(?<=#)[^")]+')  # to which something in the picture leads
NAME = re.compile(r'(?<= id=")[^"]+(?=")|(?<=:href="#)[^"]+(?=")')


def png(figure: Figure) -> bytes:
    """The figure as PNG, in `savefig.dpi` pixels an inch.

    A drawing has few colours and their shades at edges: with a palette it is a third as long, and
    looks the same; areas, and small marks, too, keep their exact colour. A picture of many colours
    keeps all of them.
    """
    dpi = rcParams["savefig.dpi"]
    pixels, written = io.BytesIO(), io.BytesIO()
    if dpi == "figure" or rcParams["savefig.bbox"] or rcParams["savefig.transparent"]:
        return _as_it_is(figure)  # somebody's own look: of another size, or see-through
    figure.savefig(pixels, format="rgba", dpi=dpi)
    size = (figure.get_size_inches() * dpi).astype(int)
    picture = Image.frombytes("RGBA", tuple(map(int, size)), pixels.getvalue())
    if picture.getextrema()[3][0] < 255:  # see-through in places
        return _as_it_is(figure)
    pixels_in_all, drawn = picture.width * picture.height, _drawn(figure)
    counted = {colour[:3]: count for count, colour in picture.getcolors(pixels_in_all)}
    exact = {one for one, count in counted.items() if one in drawn or count > AREA * pixels_in_all}
    ordered = sorted(counted, key=lambda one: (one in exact, counted[one], one), reverse=True)
    colours, areas = np.array(ordered, dtype=int), len(exact)
    chosen = _chosen(colours, areas)
    is_few = len(chosen) <= PALETTE
    picture = _with_palette(picture, colours, chosen) if is_few else picture.convert("RGB")
    picture.save(written, "png", dpi=(dpi, dpi))
    return written.getvalue()


def _drawn(figure: Figure) -> set[tuple[int, ...]]:
    """The colours that lines have, and that marks are filled with or have around them."""
    found = []
    for mark in figure.findobj(Patch):
        found += [mark.get_facecolor(), mark.get_edgecolor()]
    for line in figure.findobj(Line2D):
        found += [line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()]
    for marks in figure.findobj(Collection):
        found += [*marks.get_facecolor(), *marks.get_edgecolor()]
    colours = to_rgba_array(found) if found else []
    return {tuple(round(255 * part) for part in one[:3]) for one in colours if one[3] == 1}


def _as_it_is(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _chosen(colours: np.ndarray, areas: int) -> np.ndarray:
    """Of colours, the most frequent first, those for a palette: those of areas, and others until
    each is like one of them; more than PALETTE if so few will not do. The fewer there are, the
    shorter is the picture.
    """
    chosen, left = [], colours
    while len(left) and len(chosen) <= PALETTE:
        chosen.append(left[0])
        stays = (np.abs(left - left[0]) > ALIKE).any(axis=1)
        stays[: max(areas - len(chosen) + 1, 0)] = True
        left = left[1:][stays[1:]]
    return np.array(chosen)


def _with_palette(picture: Image.Image, colours: np.ndarray, chosen: np.ndarray) -> Image.Image:
    """The picture with each of its colours as the nearest of those chosen."""
    nearest = [int(np.abs(chosen - colour).max(axis=1).argmin()) for colour in colours]
    number = np.zeros(1 << 24, dtype=np.uint8)  # of the palette, by colour
    number[colours @ PLACES] = nearest
    pixels = np.frombuffer(picture.tobytes(), "<u4").reshape(picture.size[::-1])
    small = Image.fromarray(number[pixels & 0xFFFFFF])
    small.putpalette(chosen.ravel().tolist())
    return small


def svg(figure: Figure) -> str:
    """The figure as SVG, its letters as shapes, in half the signs that Matplotlib needs: places to
    a hundredth of a point, letters to a thousandth of their height, short paths and names, and no
    blanks between elements.
    """
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None})  # would make builds different
    if rcParams["svg.fonttype"] == "none":  # somebody's own look: texts, which are not ours
        return written.getvalue()
    text = GLYPH.sub(_letter, LONG.sub(_short, written.getvalue()))
    text = PATH.sub(lambda found: found[1] + short_path(found[2]), LETTER.sub(_at_its_place, text))
    text = STYLE.sub(lambda found: found[0].replace(": ", ":").replace("; ", ";"), text)
    named = {*NAMED.findall(text)}
    text = GROUP.sub(lambda found: found[0] if found[1] in named else "<g", text)
    letters = {name: f"l{n}" for n, name in enumerate(dict.fromkeys(SHAPE.findall(text)))}
    text = NAME.sub(lambda found: letters.get(found[0], found[0]), text)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", text)).strip() + "\n"


def _short(found: re.Match) -> str:
    if found[0].startswith("<"):
        return ""
    if found[0].endswith((")", '"')):
        return found[0]
    return digits(float(found[0]))


def _letter(found: re.Match) -> str:
    """The shape of a letter in the steps in which its typeface is drawn."""
    start, path, transform = found.groups()
    return f"{start}{short_path(path, STEPS, 0)}{transform}0.1)"


def _at_its_place(found: re.Match) -> str:
    """A letter where it stands in its line, without words for that."""
    element, x, y = found.groups()
    return f'{element} x="{digits(float(x), 0)}"' + (f' y="{y}"' if float(y) else "") + "/>"
