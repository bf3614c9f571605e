"""How figures are drawn into notebooks."""

from __future__ import annotations

import functools
import io
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def keep_fonts_in_memory() -> None:
    """matplotlib 3.11 reads every letter from the font's file each time it is measured or drawn,
    by calls of the system; from memory that takes a third, and a notebook a quarter less time.
    """
    with suppress(ImportError, AttributeError):
        from matplotlib import font_manager

        read = functools.cache(lambda path: Path(path).read_bytes())
        usual = font_manager._get_font.__wrapped__

        @functools.lru_cache(64)
        def from_memory(files, **settings):
            contents = tuple((_Font(path, read(path)), index) for path, index in files)
            return usual(contents, **settings)

        font_manager._get_font = from_memory
        os.register_at_fork(after_in_child=from_memory.cache_clear)  # as matplotlib does


class _Font(io.BytesIO):
    """A font in memory that is called by its file, from which pictures as PDF and PS take it."""

    def __init__(self, path: str, content: bytes):
        super().__init__(content)
        self.path = path

    def __str__(self) -> str:
        return self.path


def measure_once() -> None:
    """matplotlib 3.11 looks for the font of a text and measures it anew each time it places it,
    some ten times a figure; once for each size is enough: a twentieth of a notebook's time.

    Beside the text and its look that depends on the fonts there are and on the settings below.
    """
    with suppress(ImportError, AttributeError, KeyError):
        from matplotlib import font_manager, rcParams
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.textpath import TextToPath

        families = ("serif", "sans-serif", "cursive", "fantasy", "monospace")
        lists = [f"font.{name}" for name in families]
        others = ("font.enable_last_resort", "text.hinting", "text.kerning_factor")
        setting = functools.partial(dict.__getitem__, rcParams)
        known = font_manager.fontManager.ttflist

        def remember(owner: type, name: str, own: Callable = lambda _: None) -> None:
            usual, found = getattr(owner, name), {}

            @functools.wraps(usual)
            def remembered(self, *arguments, **named):
                settings = (*map(tuple, map(setting, lists)), *map(setting, others))
                key = (own(self), len(known), settings, arguments, *named.items())
                if key not in found:
                    found[key] = usual(self, *arguments, **named)
                return found[key]

            if not hasattr(usual, "__wrapped__"):
                setattr(owner, name, remembered)

        remember(font_manager.FontManager, "_find_fonts_by_props", id)
        remember(TextToPath, "get_text_width_height_descent")
        remember(RendererAgg, "get_text_width_height_descent", lambda renderer: renderer.dpi)


def draw_into_notebooks_only() -> None:
    """At the end of a cell matplotlib draws a figure for the window it is in, beside what IPython
    puts into the notebook; here is no window. A tenth of the time of a notebook (matplotlib 3.11).
    """
    with suppress(ImportError):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg.draw_idle = lambda *_, **__: None
