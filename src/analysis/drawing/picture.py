"""A figure as a picture to take away: in pixels, as it is also shown below a cell, and as SVG."""

from __future__ import annotations

import io
import itertools
import re
import string
from collections import Counter
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from matplotlib import rcParams
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image

from analysis.drawing.shapes import LINK, SVG, digits, needless_clips, short_path

PALETTE = 256  # colours that a palette holds
# Of 256 steps from dark to light in red, green and blue: colours that are no further apart look
# the same at the edge of a letter. A colour of more than this share of the picture is that of an
# area, where one sees less of a difference.
ALIKE = 20
AREA = 1 / 1000
PLACES = np.array([1, 1 << 8, 1 << 16])  # of red, green and blue in a number of four bytes
# What Matplotlib draws a letter with: 64 steps in a unit, of which a letter is 100 high; typefaces
# are drawn in a thousand.
LETTER = "scale(0.015625)"
STEPS = 10 / 64
IN_LINE = re.compile(r"translate\((\S+) (\S+)\)")
# Scales, which stay; numbers longer than one sees.
LONG = re.compile(r"(?:scale|matrix)\([^)]*\)|-?\d+\.\d+")
NAMED = re.compile(r'(?<=:href="#)[^"]+|(?<=url\(#)[^)]+')  # to which something leads
ID = re.compile(r'(?<= id=")[^"]+')
NAME = re.compile(f"{ID.pattern}|{NAMED.pattern}")
# What a group hands down to all that is in it; how opaque it is, it is as a whole.
INHERITED = re.compile(r"(?:(?:fill|stroke)[a-z-]*:[^;]+;?)+")
for prefix, namespace in {
    "": "http://www.w3.org/2000/svg",
    "xlink": "http://www.w3.org/1999/xlink",
    "cc": "http://creativecommons.org/ns#",
}.items():
    ElementTree.register_namespace(prefix, namespace)


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
    """The figure as SVG, its letters as shapes, in 40 % of the signs that Matplotlib needs: places
    to a hundredth of a point, letters to a thousandth of their height, short paths and names, one
    group for neighbours of one look, and nothing that draws nothing or cuts nothing off.
    """
    written = io.StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None})  # would make builds different
    if rcParams["svg.fonttype"] == "none":  # somebody's own look: texts, which are not ours
        return written.getvalue()
    short = _Picture(written.getvalue()).short()
    ids = {*ID.findall(short)}
    links = Counter(name for name in NAMED.findall(short) if name in ids)
    names = {name: _letters(n) for n, (name, _) in enumerate(links.most_common())}
    return NAME.sub(lambda found: names.get(found[0], found[0]), short) + "\n"


class _Picture:
    """A picture on its way from what Matplotlib writes to fewer signs."""

    def __init__(self, written: str):
        self.root = ElementTree.fromstring(written)
        self.named = {*NAMED.findall(written)}
        self.needless = needless_clips(self.root)
        shapes = [one for one in self.root.iter(f"{SVG}path") if one.get("transform") == LETTER]
        self.letters = {f"#{one.get('id')}" for one in shapes}
        self.blanks = {f"#{one.get('id')}" for one in shapes if not one.get("d")}
        self.defs = Element(f"{SVG}defs")

    def short(self) -> str:
        self._shorten(self.root)
        self.root.insert(0, self.defs)
        return ElementTree.tostring(self.root, "unicode").replace(" />", "/>")

    def _shorten(self, element: Element) -> None:
        """Says an element, and what is in it, in fewer signs."""
        element.text, element.tail = (element.text or "").strip(), None
        about, element.attrib = element.attrib, {}
        if about.get("transform") == LETTER:
            about |= {"d": short_path(about["d"], STEPS, 0), "transform": "scale(.1)"}
        elif about.get(LINK) in self.letters:
            about |= _in_line(about.pop("transform", ""))
        for name, text in about.items():
            if (said := self._said(name, text)) is not None:
                element.set(name, said)
        element[:] = _in_groups([part for child in element for part in self._parts(child)])

    def _said(self, name: str, text: str) -> str | None:
        """What an attribute says, None if that changes nothing."""
        if name == "id":
            return text if text in self.named else None
        if name == "clip-path" and text in self.needless:
            return None
        if name == "d":
            return short_path(text)
        text = text if name == LINK else LONG.sub(_digits, text)
        return text.replace(": ", ":").replace("; ", ";") if name == "style" else text

    def _parts(self, element: Element) -> list[Element]:
        """What an element comes to where it stands: itself, what is in it, or nothing."""
        link = f"#{element.get('id')}"
        if {link, element.get(LINK)} & self.blanks or f"url({link})" in self.needless:
            return []
        if element.tag == f"{SVG}style":  # of all elements, which inherit it as well
            self.root.set("style", self._said("style", element.text.strip("*{}")))
            return []
        self._shorten(element)
        if element.tag == f"{SVG}defs":
            self.defs.extend(element)
            return []
        return [*element] if element.tag == f"{SVG}g" and not element.attrib else [element]


def _in_line(moved: str) -> dict[str, str]:
    """Where a letter stands in its line, without words for that."""
    found = IN_LINE.fullmatch(moved)
    if not found:
        return {"transform": moved} if moved else {}
    x, y = digits(float(found[1]), 0), digits(float(found[2]))
    return {name: place for name, place in (("x", x), ("y", y)) if place != "0"}


def _in_groups(parts: list[Element]) -> list[Element]:
    """The same with one group for neighbours of one look, which inherit it."""
    grouped = []
    for style, run in itertools.groupby(parts, lambda part: part.get("style", "")):
        alike = [*run]
        if len(alike) > 1 and INHERITED.fullmatch(style):
            for part in alike:
                del part.attrib["style"]
            group = Element(f"{SVG}g", style=style)
            group.extend(alike)
            alike = [group]
        grouped += alike
    return grouped


def _digits(found: re.Match) -> str:
    return found[0] if found[0].endswith(")") else digits(float(found[0]))


def _letters(number: int) -> str:
    """A name of as few letters as there can be for so many."""
    more, last = divmod(number, len(string.ascii_letters))
    return (_letters(more - 1) if more else "") + string.ascii_letters[last]
