"""Imports once, in the process that kernels are forked from, what notebooks need
of third-party packages.
"""

import gc
import importlib
import os
import signal

from analysis.patches.drawing import draw_into_notebooks_only, keep_fonts_in_memory, measure_once

# Whoever ends a build meanwhile is answered by the build.
before = signal.signal(signal.SIGINT, signal.SIG_IGN)

# nobody will debug; without this the debugger warns on being loaded
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

for package in (
    "babel.dates", "babel.numbers", "fontpkg_fira_sans", "matplotlib.backends.backend_svg",
    "matplotlib.pyplot", "networkx", "pandas", "pandas.io.formats.csvs",
    "pyphen", "seaborn", "yaml",
    # What a kernel loads when it begins; the debugger takes most of that time.
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic",
    "ipykernel.debugger", "ipykernel.kernelapp", "ipykernel.zmqshell",
):  # fmt: skip
    importlib.import_module(package)

importlib.import_module("PIL.Image").preinit()  # its formats

# Tables of syllables take half a second; those of another language, and its names of months and
# forms of numbers, are read when a notebook needs them.
for language in ("de", "en"):
    importlib.import_module("pyphen").Pyphen(lang=language)
    importlib.import_module("babel.dates").get_month_names(locale=language)

# pandas takes a process without a shell for a terminal, and would fold wide tables in every kernel
# forked from it.
importlib.import_module("pandas").set_option("display.max_columns", 20)

keep_fonts_in_memory()
measure_once()
draw_into_notebooks_only()

# What is loaded stays; kernels need not go through it for garbage, nor copy its pages to do so.
gc.collect()
gc.freeze()

signal.signal(signal.SIGINT, before)
