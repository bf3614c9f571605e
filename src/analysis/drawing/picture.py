"""A figure as a picture in pixels: what is downloaded as PNG, and shown below a cell."""

from __future__ import annotations

import io

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure
from PIL import Image

PALETTE = 256  # colours that a palette holds
# Of 256 steps from dark to light in red, green and blue: colours that are no further apart look
# the same at the edge of a letter.
ALIKE = 12
PLACES = np.array([1, 1 << 8, 1 << 16])  # of red, green and blue in a number of four bytes


def png(figure: Figure) -> bytes:
    """The figure as PNG, in `savefig.dpi` pixels an inch.

    A drawing has few colours and their shades at edges: with a palette it is a third as long, and
    looks the same; areas keep their exact colour. A picture of many colours keeps all of them.
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
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    colours = np.array([colour[:3] for _, colour in counted], dtype=int)
    chosen = _chosen(colours)
    is_few = len(chosen) <= PALETTE
    picture = _with_palette(picture, colours, chosen) if is_few else picture.convert("RGB")
    picture.save(written, "png", dpi=(dpi, dpi))
    return written.getvalue()


def _as_it_is(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _chosen(colours: np.ndarray) -> np.ndarray:
    """Of colours, the most frequent first, those for a palette: to one of which each is alike, and
    then the most frequent; more than PALETTE if that cannot be.
    """
    chosen, left = [], colours
    while len(left) and len(chosen) <= PALETTE:
        chosen.append(left[0])
        left = left[(np.abs(left - left[0]) > ALIKE).any(axis=1)]
    places = np.unique(np.concatenate([chosen, colours]), axis=0, return_index=True)[1]
    return np.concatenate([chosen, colours])[np.sort(places)][: max(PALETTE, len(chosen))]


def _with_palette(picture: Image.Image, colours: np.ndarray, chosen: np.ndarray) -> Image.Image:
    """The picture with each of its colours as the nearest of those chosen."""
    nearest = [int(np.abs(chosen - colour).max(axis=1).argmin()) for colour in colours]
    number = np.zeros(1 << 24, dtype=np.uint8)  # of the palette, by colour
    number[colours @ PLACES] = nearest
    pixels = np.frombuffer(picture.tobytes(), "<u4").reshape(picture.size[::-1])
    small = Image.fromarray(number[pixels & 0xFFFFFF])
    small.putpalette(chosen.ravel().tolist())
    return small
