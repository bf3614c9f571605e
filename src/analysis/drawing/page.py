"""A figure as part of a page: SVG whose texts are texts, whose colours the page may change, and
whose marks say what they are and where they lead.
"""

from __future__ import annotations

import hashlib
import io
import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import matplotlib
from matplotlib.figure import Figure

from analysis.drawing.dark import GROUND, LIT, dark
from analysis.drawing.links import Said, what_is_said
from analysis.drawing.shapes import LINK, SVG, digits, needless_clips, short_path
from analysis.drawing.style import CM, PAPER, ink_on
from analysis.drawing.typeset import text_width

POINTS = 72 * CM  # in a centimetre
MARK = "said-"  # begins the ids of marks of which something is said
NUMBER = re.compile(r"-?\d+\.\d+")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
REFERENCE = re.compile(r"(?<=url\(#)\w+(?=\))")
# Of what Matplotlib writes: elements that a page has no use for, and attributes that it needs.
DROPPED = {"metadata", "style"}
KEPT = {
    "clip-path", "cx", "cy", "d", "fill", "height", "patternUnits", "points", "r", "style",
    "transform", "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip


def markup(figure: Figure, name: str, alt: str, css: str = "") -> str:
    """The figure as an element of a page of HTML; each look is said once, in its own `style`.

    name: of the run; ids and looks go by a digest of it, as a page may show several figures. alt:
    what is read aloud instead of the texts in it. css: further class names.
    """
    said = what_is_said(figure.findobj())
    own = hashlib.sha256(f"{name} {css}".encode()).hexdigest()[:8]
    root = ElementTree.fromstring(_svg(figure, list(said)))
    svg = _Page(f"d{own}", list(said.values()), root).svg(alt, css)
    return ElementTree.tostring(svg, "unicode").replace(" />", "/>")


def _svg(figure: Figure, marks: list) -> bytes:
    """The figure as Matplotlib writes it, its marks by number."""
    for number, mark in enumerate(marks):
        mark.set_gid(f"{MARK}{number}")
    drawn = io.BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    for mark in marks:
        mark.set_gid(None)
    return drawn.getvalue()


class _Page:
    """A drawing on its way from Matplotlib (`root`) into a page.

    name: its class, with which its ids begin. said: what is said of its marks, by number.
    """

    def __init__(self, name: str, said: list[Said], root: Element):
        self.name, self.said, self.root = name, said, root
        self.ids: dict[str, str] = {}
        self.colours: set[str] = set()
        self.inks: dict[str, str] = {}
        self.lit: list[tuple[str, list[float], list[float]]] = []
        self.parts: dict[Said, list[Element]] = {}
        self.unread: Element | None = None
        self.size = root.get("viewBox").split()[2:]
        self.is_linked = any(one.row for one in said)
        self.needless = needless_clips(root)

    def svg(self, alt: str, css: str) -> Element:
        """The drawing as the page has it."""
        width, height = map(_short, self.size)
        about = {
            "class": " ".join(["study-drawing", *css.split(), self.name]),
            # What holds links is not read aloud as one picture.
            "role": "group" if self.is_linked else "img",
            "aria-label": alt,
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
        }
        svg = Element("svg", about)
        look = SubElement(svg, "style")
        for child in self.root:
            self._put(child, svg)
        self._once()
        for path in svg.iter("path"):
            path.set("d", short_path(path.get("d", "")))
        dark_ones = self.inks | {one[1:]: _dark(one) for one in self.colours}
        own = "".join(f"--figure-{name}:{one};" for name, one in sorted(dark_ones.items()))
        look.text = f'@media screen{{html[data-theme="dark"] .study-drawing{{{own}}}}}'
        look.text += self._looks(svg)
        return svg

    def _looks(self, svg: Element) -> str:
        """The looks of elements, which become classes of this drawing alone."""
        names: dict[str, str] = {}
        for element in svg.iter():
            if style := element.attrib.pop("style", None):
                element.set("class", names.setdefault(style, f"l{len(names)}"))
        return "".join(f".{self.name} .{name}{{{style}}}" for style, name in names.items())

    def _put(self, element: Element, into: Element) -> None:
        """Puts an element and what is in it where the page has it; groups go."""
        tag = element.tag.removeprefix(SVG)
        if tag in DROPPED or f"url(#{element.get('id')})" in self.needless:
            return
        mark = element.get("id", "")
        if mark.startswith(MARK):
            into = self._mark(self.said[int(mark.removeprefix(MARK))], into)
        if tag == "text" and into.tag == "svg":
            into = self._unread(into)
        if tag == "g" and element.get("clip-path") in {None, *self.needless}:
            for child in element:
                self._put(child, into)
            return
        own = SubElement(into, tag, self._attributes(element, tag))
        if tag == "path":
            self._note_lit(own)
        if tag == "text":
            self._write(own, element.text, into)
        for child in element:
            self._put(child, own)
        if tag == "defs" and not len(own):
            into.remove(own)

    def _write(self, own: Element, text: str, into: Element) -> None:
        own.text = text
        if "aria-hidden" not in into.attrib:
            own.set("aria-hidden", "true")
        self._measure(own)
        self._readable(own)

    def _attributes(self, element: Element, tag: str) -> dict[str, str]:
        kept = {name: _short(text) for name, text in element.attrib.items() if name in KEPT}
        if kept.get("clip-path") in self.needless:
            del kept["clip-path"]
        if tag != "g" and "id" in element.attrib:
            kept["id"] = self._id(element.get("id"))
        if LINK in element.attrib:
            kept["href"] = "#" + self._id(element.get(LINK)[1:])
        if kept.get("transform", "").startswith("rotate(-0 "):
            del kept["transform"]
        # in this order, in which ids are numbered
        for name in [name for name in ("fill", "style", "clip-path") if name in kept]:
            kept[name] = REFERENCE.sub(lambda found: self._id(found[0]), kept[name])
        # A colour of its own is set by the style alone, where it may be a variable.
        style = kept.get("style", "") + (f"; fill: {kept.pop('fill')}" if "fill" in kept else "")
        if style:
            kept["style"] = self._style(style)
        return kept

    def _style(self, style: str) -> str:
        """Without the font, which the page sets, and with its colours as variables."""
        parts = [part.split(": ", 1) for part in style.strip("; ").split("; ")]
        look = {name: value for name, value in parts if name != "font-family"}
        for name in [name for name in ("fill", "stroke") if name in look]:
            self.colours |= {*COLOUR.findall(look[name])}
            look[name] = COLOUR.sub(lambda one: f"var(--figure-{one[0][1:]},{one[0]})", look[name])
        return ";".join(f"{name}:{value}" for name, value in look.items())

    def _id(self, name: str) -> str:
        return f"{self.name}-" + str(self.ids.setdefault(name, str(len(self.ids))))

    def _mark(self, said: Said, into: Element) -> Element:
        """The element that says something of what is in it; it goes on where it has just ended."""
        parts = self.parts.setdefault(said, [])
        if parts and len(into) and into[-1] is parts[-1]:
            return parts[-1]
        about = {"href": f"row:{said.row}"} if said.row else {"aria-hidden": "true"}
        own = SubElement(into, "a" if said.row else "g", about)
        SubElement(own, "title").text = said.title
        parts.append(own)
        return own

    def _unread(self, into: Element) -> Element:
        """The group of texts that are not read aloud, as are what is said of the figure and of its
        marks; it goes on where it has just ended.
        """
        if into[-1] is not self.unread:
            self.unread = SubElement(into, "g", {"aria-hidden": "true"})
        return self.unread

    def _once(self) -> None:
        """A mark of several parts is one stop for the tab key, and read aloud once: at the last,
        which is its text if it has one. Texts are in the order in which they are read; shapes lie
        behind them.
        """
        for said, parts in self.parts.items():
            for part in parts[:-1]:
                part.set("aria-hidden", "true")
                if said.row:
                    part.set("tabindex", "-1")

    def _note_lit(self, path: Element) -> None:
        """Keeps where a field lies that is lit up on dark pages, for the texts on it."""
        for colour in LIT:
            if f"fill:var(--figure-{colour[1:]}," in path.get("style", ""):
                numbers = [float(one) for one in re.findall(r"-?[\d.]+", path.get("d", ""))]
                self.lit.append((colour, numbers[::2], numbers[1::2]))

    def _readable(self, text: Element) -> None:
        """Gives a text on such a field a colour of its own on dark pages."""
        x, y, style = float(text.get("x", -1)), float(text.get("y", -1)), text.get("style")
        for colour, xs, ys in self.lit:
            if min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys) and "--figure-" in style:
                ink = COLOUR.search(style)[0][1:]
                name = f"{ink}-{colour[1:]}"
                self.inks[name] = ink_on(LIT[colour]).lower()
                text.set("style", style.replace(f"--figure-{ink},", f"--figure-{name},"))

    def _measure(self, text: Element) -> None:
        """Gives a text the width it was drawn with, so that another font changes nothing else."""
        look = dict(part.split(":", 1) for part in text.get("style").split(";"))
        size = float(look["font-size"].removesuffix("px"))
        weight = int(look.get("font-weight", 400))
        width = text_width(text.text, size, weight) * POINTS
        text.set("textLength", _short(f"{width:.2f}"))
        text.set("lengthAdjust", "spacingAndGlyphs")


def _dark(colour: str) -> str:
    """The colour on a dark page, whose own ground takes the place of paper."""
    is_paper = colour == PAPER.lower()
    return f"var(--pst-color-background,{GROUND})" if is_paper else dark(colour)


def _short(text: str) -> str:
    """Numbers to a hundredth of a point, lines of a path in one."""
    shorter = NUMBER.sub(lambda found: digits(float(found[0])), text)
    return " ".join(shorter.split())
