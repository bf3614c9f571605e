"""Imports once, in the process that kernels are forked from, what notebooks need of third-party packages."""

import importlib
import os

# Figures are drawn into the notebook. The backend itself is left to the kernel: it looks for the running shell on import.
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

for package in (
    "babel.dates", "babel.numbers", "fontpkg_fira_sans", "ipykernel.kernelapp", "ipykernel.zmqshell", "matplotlib.pyplot",
    "networkx", "pandas", "pyphen", "seaborn", "yaml",
):  # fmt: skip
    importlib.import_module(package)

# pandas takes a process without a shell for a terminal, and would fold wide tables in every kernel forked from it.
importlib.import_module("pandas").set_option("display.max_columns", 20)
