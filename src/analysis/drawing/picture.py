"""A figure as a picture in pixels: what is downloaded as PNG, and shown below a cell."""

from __future__ import annotations

import io
from itertools import chain

from matplotlib import rcParams
from matplotlib.figure import Figure
from PIL import Image

PALETTE = 256  # colours that a palette holds
# Share of a picture whose colours have to be in the palette; others are shades at the edges of
# letters, and become the one that is nearest.
COVERED = 0.95


def png(figure: Figure) -> bytes:
    """The figure as PNG, in `savefig.dpi` pixels an inch.

    A drawing has few colours and their shades at edges: as a palette it is a third as long, and
    looks the same; all areas keep their exact colour. A picture of many colours keeps all of them.
    """
    dpi = rcParams["savefig.dpi"]
    pixels, written = io.BytesIO(), io.BytesIO()
    figure.savefig(pixels, format="rgba", dpi=dpi)
    size = (figure.get_size_inches() * dpi).astype(int)
    picture = Image.frombytes("RGBA", tuple(map(int, size)), pixels.getvalue()).convert("RGB")
    colours = picture.getcolors(picture.width * picture.height)
    most = sorted(colours, reverse=True)[:PALETTE]
    if sum(count for count, _ in most) >= COVERED * picture.width * picture.height:
        palette = Image.new("P", (1, 1))
        palette.putpalette(list(chain.from_iterable(colour for _, colour in most)))
        picture = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    picture.save(written, "png", dpi=(dpi, dpi))
    return written.getvalue()
