"""Where two pictures of a figure differ."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

TILE = 24  # pixels, about a line of text in a figure: what is nearer together is one area
ALIKE = 24  # of 255: so little is rounding, or a palette's, at single pixels
EVENLY = 8  # and that is none throughout an area
WHITE = 255

Area = tuple[int, int, int, int]  # left, top, width and height in pixels


def drawn_otherwise(before: np.ndarray, now: np.ndarray) -> dict | None:
    """The areas in which two pictures differ, their share of the larger one, and by how much of 255
    a pixel does at most; None if they do not differ.

    before, now: height × width × 3 bytes. What only one of them reaches is white in the
    other.
    """
    if before.shape == now.shape and (before == now).all():
        return None
    shape = [-(-max(sizes) // TILE) * TILE for sizes in zip(before.shape, now.shape, strict=True)]
    one, other = (_padded(picture, *shape[:2]) for picture in (before, now))
    differs = (np.maximum(one, other) - np.minimum(one, other)).max(axis=2)
    pixels = differs.reshape(shape[0] // TILE, TILE, shape[1] // TILE, TILE)
    tiles = (pixels > ALIKE).any(axis=(1, 3)) | (pixels.mean(axis=(1, 3)) > EVENLY)
    return {
        "most": int(differs.max()),
        "share": round(float(tiles.mean()), 3),
        "areas": [list(area) for area in _merged([*_areas(tiles)])],
        "sizes": [[picture.shape[1], picture.shape[0]] for picture in (before, now)],
    }


def _padded(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    missing = ((0, height - picture.shape[0]), (0, width - picture.shape[1]), (0, 0))
    return np.pad(picture, missing, constant_values=WHITE)


def _areas(tiles: np.ndarray) -> Iterator[Area]:
    """Around tiles that touch or have one between them."""
    left = {(int(row), int(column)) for row, column in np.argwhere(tiles)}
    while left:
        waiting, found = [min(left)], []
        left.discard(waiting[0])
        while waiting:
            found.append(waiting.pop())
            row, column = found[-1]
            near = {(row + i, column + j) for i in range(-2, 3) for j in range(-2, 3)} & left
            left -= near
            waiting += near
        rows, columns = zip(*found, strict=True)
        top, side = min(rows), min(columns)
        sizes = (max(columns) - side + 1, max(rows) - top + 1)
        yield (side * TILE, top * TILE, sizes[0] * TILE, sizes[1] * TILE)


def _merged(areas: list[Area]) -> list[Area]:
    """The same without any that overlap, from top to bottom."""
    for i, (x, y, w, h) in enumerate(areas):
        for j, (u, v, a, b) in enumerate(areas[:i]):
            if x < u + a and u < x + w and y < v + b and v < y + h:
                side, top = min(x, u), min(y, v)
                both = (side, top, max(x + w, u + a) - side, max(y + h, v + b) - top)
                return _merged([*areas[:j], *areas[j + 1 : i], *areas[i + 1 :], both])
    return sorted(areas, key=lambda area: (area[1], area[0]))
