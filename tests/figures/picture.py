"""What can be seen in a figure: where its texts lie, and how far they and its marks stand out."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from analysis.drawing import style
from analysis.drawing.links import what_is_said

# pixels by which lines of text may come into each other's boxes, where no letter reaches
TOUCH = 1.0
GROUNDS = {to_rgb(colour) for colour in (style.PAPER, style.ZERO, style.NOT_STATED["facecolor"])}
# Thin lines between rows and years, which carry nothing, may be as pale as that.
PALE = {to_rgb(colour) for colour in (style.PAPER, style.PALE, style.RULE)}
HAIRLINE = 0.8  # width up to which they may, pt; a white line parts areas, however wide
LEAST = 3  # contrast of a mark with what it lies on


class Picture:
    """A drawn figure, as pixels of a screen."""

    def __init__(self, figure):
        self.canvas = FigureCanvasAgg(figure)
        (self.axes,) = figure.axes
        self.size = figure.bbox.size
        self.artists = [
            artist
            for axes in (self.axes, *self.axes.child_axes)
            for artist in axes.get_children()
            if artist.get_visible() and artist is not axes.patch
        ]
        self.said = what_is_said(self.artists)
        self.texts = [
            artist
            for artist in self.artists
            if isinstance(artist, Text) and artist.get_text().strip()
        ]
        renderer = self.canvas.get_renderer()
        self.boxes = np.array(
            [text.get_window_extent(renderer).extents for text in self.texts]
        ).reshape(-1, 4)

    def outside(self):
        """The texts that do not lie on the sheet."""
        inside = (self.boxes[:, :2] > -TOUCH).all(axis=1) & (
            self.boxes[:, 2:] < self.size + TOUCH
        ).all(axis=1)
        return [
            text.get_text()
            for text, is_inside in zip(self.texts, inside, strict=True)
            if not is_inside
        ]

    def overlapping(self):
        """The pairs of texts that overlap."""
        low = np.maximum(self.boxes[:, None, :2], self.boxes[None, :, :2])
        high = np.minimum(self.boxes[:, None, 2:], self.boxes[None, :, 2:])
        pairs = np.argwhere(np.triu((high - low > TOUCH).all(axis=2), k=1))
        return [(self.texts[i].get_text(), self.texts[j].get_text()) for i, j in pairs]

    def tiny(self):
        """The texts that are smaller than any may be."""
        return [text.get_text() for text in self.texts if text.get_fontsize() < 8]

    def unreadable(self):
        """The texts that stand out too little from what lies behind one of their
        letters, with the contrast.
        """
        ground = self._without_texts()
        doubtful = [
            (text, colour, place)
            for text, place in zip(self.texts, self._places(len(ground)), strict=True)
            if _least(colour := to_rgb(text.get_color()), ground[place]) < style.READABLE
        ]
        if not doubtful:  # even between letters everything stands out
            return []
        letters = self._letters_alone()
        least = [
            (text.get_text(), _least(colour, ground[place][letters[place] > 0.5]))
            for text, colour, place in doubtful
        ]
        return [(text, round(found, 2)) for text, found in least if found < style.READABLE]

    def faint(self):
        """The marks and lines that stand out too little from paper, and the hatches that do from
        their ground, with the contrast; a patch below a text is no mark.
        """
        marks = [artist for artist in self.artists if self._is_mark(artist)]
        hatched = [artist for artist in self.artists if _hatch(artist)]
        found = [(mark, _colours(mark), max(_on_paper(mark))) for mark in marks]
        found += [(patch, _hatch(patch), _least(*_hatch(patch))) for patch in hatched]
        faint = {
            (type(artist).__name__, colours, round(contrast, 2))
            for artist, colours, contrast in found
            if contrast < LEAST
        }
        return sorted(faint)

    def marks(self, colour):
        """The middles, in cm, of all patches of this face."""
        patches = [
            artist
            for artist in self.artists
            if isinstance(artist, Patch) and artist.get_facecolor()[:3] == to_rgb(colour)
        ]
        boxes = [
            patch.get_extents().transformed(self.axes.transData.inverted()) for patch in patches
        ]
        return [((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) for box in boxes]

    def _is_mark(self, artist):
        if isinstance(artist, PathCollection):
            return len(artist.get_offsets()) > 0
        if isinstance(artist, LineCollection):
            return len(artist.get_segments()) > 0
        if isinstance(artist, Line2D):
            return _has_marker(artist) or artist in self.said or not _is_hairline(artist)
        if not isinstance(artist, Patch) or not artist.get_fill():
            return False
        if to_rgb(artist.get_facecolor()) in GROUNDS and not _has_edge(artist):
            return False
        box = artist.get_extents()  # not of a spine with the ticks on it, which are laid out anew
        middles = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
        is_below_text = ((middles > box.min) & (middles < box.max)).all(axis=1).any()
        return artist.get_hatch() is None and not is_below_text

    def _places(self, height):
        """The pixels of each text, in a picture of that height."""
        for left, bottom, right, top in self.boxes.astype(int):
            rows = slice(max(height - top - 1, 0), height - bottom + 1)
            yield rows, slice(max(left, 0), right + 1)

    def _without_texts(self):
        for text in self.texts:
            text.set_visible(False)
        self.canvas.draw()
        pixels = np.asarray(self.canvas.buffer_rgba())[..., :3] / 255
        for text in self.texts:
            text.set_visible(True)
        return pixels

    def _letters_alone(self):
        """How much of each pixel a letter covers."""
        others = [artist for artist in self.artists if artist not in self.texts]
        colours = [text.get_color() for text in self.texts]
        for artist in others:
            artist.set_visible(False)
        for text in self.texts:
            text.set_color("black")
        self.canvas.draw()
        covered = 1 - np.asarray(self.canvas.buffer_rgba())[..., 0] / 255
        for artist in others:
            artist.set_visible(True)
        for text, colour in zip(self.texts, colours, strict=True):
            text.set_color(colour)
        return covered


def contrasts(colour, others):
    """The contrast of one colour with each of several (rows of red, green, blue), by
    the formula of WCAG 2.2.
    """
    one, many = _luminance(np.asarray(colour)), _luminance(np.asarray(others))
    return (np.maximum(one, many) + 0.05) / (np.minimum(one, many) + 0.05)


def _least(colour, pixels):
    """The contrast of a colour with that of some pixels from which it stands out least."""
    return float(contrasts(colour, np.reshape(pixels, (-1, 3))).min(initial=21))


def _luminance(colours):
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def _has_edge(patch):
    return patch.get_linewidth() > 0 and patch.get_edgecolor()[3] > 0


def _hatch(patch):
    """The colour of the lines of a hatched patch, and of what they lie on."""
    if not (isinstance(patch, Patch) and patch.get_hatch()):
        return None
    return to_rgb(patch.get_hatchcolor()), to_rgb(patch.get_facecolor())


def _is_hairline(line):
    colour = to_rgb(line.get_color())
    return colour in PALE and (line.get_linewidth() <= HAIRLINE or colour == to_rgb(style.PAPER))


def _has_marker(line):
    return line.get_marker() not in ("None", "", None)


def _colours(mark):
    if isinstance(mark, Line2D) and not _has_marker(mark):
        return (to_rgb(mark.get_color()),)
    if isinstance(mark, LineCollection):
        return (max(map(to_rgb, mark.get_colors()), key=sum),)  # the palest of them
    if isinstance(mark, Line2D):
        return to_rgb(mark.get_markerfacecolor()), to_rgb(mark.get_markeredgecolor())
    if isinstance(mark, PathCollection):  # the points of one row, all of one look
        return to_rgb(mark.get_facecolor()[0]), to_rgb(mark.get_edgecolor()[0])
    return (
        to_rgb(mark.get_facecolor()),
        *([to_rgb(mark.get_edgecolor())] if _has_edge(mark) else []),
    )


def _on_paper(mark):
    return [float(contrasts(colour, np.ones((1, 3)))[0]) for colour in _colours(mark)]
