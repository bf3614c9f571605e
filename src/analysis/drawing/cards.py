"""Boxes with a title, a text and tiles, set in rows across the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.drawing import style

GAP = 0.25  # white between cards, cm
PAD = 0.2  # margin inside a card, cm
NARROW = 2.6  # least width of a card, cm
STEP = 0.2  # and how much wider it becomes at a time, cm
TILE = 3.4  # least width of a tile, cm
TILE_GAP = 0.14  # white between tiles, cm
TILE_PAD = 0.15  # margin inside them, cm


@dataclass(frozen=True)
class Card:
    """A box of `width` cm: its title, its text and, at its bottom, tiles of equal size."""

    title: str
    text: str
    tiles: list[str]
    width: float
    fill: str | tuple
    language: str

    @property
    def height(self) -> float:
        """Height that the content needs, in cm."""
        title = style.text_height(self.title, self._inside, style.LARGE, "bold", self.language)
        text = style.text_height(self.text, self._inside, language=self.language)
        return 2 * PAD + title + text + self._tiles_height

    def draw(self, ax: Axes, x: float, y: float, height: float) -> None:
        """The card with its top left corner at (x, y), `height` cm high."""
        ax.add_patch(Rectangle((x, y), self.width, height, facecolor=self.fill))
        look = {"colour": style.on(self.fill), "language": self.language}
        left, top = x + PAD, y + PAD
        top += style.write(
            ax, left, top, self.title, self._inside, size=style.LARGE, weight="bold", **look
        )
        style.write(ax, left, top, self.text, self._inside, evenly=True, **look)
        top = y + height - PAD - self._tiles_height + TILE_GAP + TILE_PAD
        for i, lines in enumerate(self._tiles):
            row, column = divmod(i, self._per_row)
            self._tile(
                ax,
                left + column * (self._tile_width + TILE_GAP),
                top + row * (self._tile_height + TILE_GAP),
                lines,
            )

    @property
    def _inside(self) -> float:
        return self.width - 2 * PAD

    @property
    def _per_row(self) -> int:
        return max(1, min(len(self.tiles), int((self._inside + TILE_GAP) / (TILE + TILE_GAP))))

    @property
    def _tile_width(self) -> float:
        return (self._inside + TILE_GAP) / self._per_row - TILE_GAP

    @property
    def _tile_height(self) -> float:
        return style.height_of(max(map(len, self._tiles))) + 2 * TILE_PAD

    @property
    def _tiles_height(self) -> float:
        """Height of all rows of tiles with the space above them, in cm."""
        return (
            -(-len(self.tiles) // self._per_row) * (self._tile_height + TILE_GAP) + TILE_PAD
            if self.tiles
            else 0.0
        )

    @property
    def _tiles(self) -> list[list[str]]:
        """The lines of each tile."""
        return [
            style.wrap_evenly(
                tile, self._tile_width - 2 * TILE_PAD, weight="medium", language=self.language
            )
            for tile in self.tiles
        ]

    def _tile(self, ax: Axes, x: float, y: float, lines: list[str]) -> None:
        ax.add_patch(Rectangle((x, y), self._tile_width, self._tile_height, facecolor=style.PAPER))
        top = y + (self._tile_height - style.height_of(len(lines))) / 2
        style.write_lines(ax, x + self._tile_width / 2, top, lines, weight="medium", align="center")


def row_height(cards: list[Card]) -> float:
    """Height of a row of cards, which are all as high as the highest one, in cm."""
    return max(card.height for card in cards)


def draw_row(ax: Axes, y: float, cards: list[Card]) -> None:
    """The cards beside each other, their tops at `y`."""
    x = 0.0
    for card in cards:
        card.draw(ax, x, y, row_height(cards))
        x += card.width + GAP


def share(shares: int, of: int) -> float:
    """Width of a card that takes some of the equal shares of the page, in cm."""
    return (style.WIDTH + GAP) / of * shares - GAP


def balanced(cards: list[Card]) -> list[Card]:
    """The cards with widths that fill the page; whichever is highest becomes wider,
    until there is no room left.
    """
    room = style.WIDTH - GAP * (len(cards) - 1)
    least = min(NARROW, room / len(cards))
    cards = [replace(card, width=least) for card in cards]
    heights = [card.height for card in cards]
    for _ in range(int((room - least * len(cards)) / STEP)):
        highest = heights.index(max(heights))
        cards[highest] = replace(cards[highest], width=cards[highest].width + STEP)
        heights[highest] = cards[highest].height
    rest = (room - sum(card.width for card in cards)) / len(cards)
    return [replace(card, width=card.width + rest) for card in cards]
