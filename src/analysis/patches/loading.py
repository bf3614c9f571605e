"""What is loaded, and takes long."""

from __future__ import annotations

import sys
from contextlib import suppress


def skip_slow_imports() -> None:
    """To be called before nbformat and Sphinx are imported; saves 2 to 6 s (jsonschema 4.26).

    jsonschema checks international web addresses with a grammar that takes seconds to load, if the
    package for it is there. Should it stop asking whether it is, its format checks fail to import:
    then this line has to go.
    """
    sys.modules.setdefault("rfc3987_syntax", None)


def ignore_plugins_of_doit() -> None:
    """doit 0.37 searches all installed packages for plug-ins of its own, three times; a build uses
    none, and is to be the same whichever there are: a tenth of the time when nothing is due.
    """
    with suppress(ImportError, AttributeError):
        import doit.plugin

        if hasattr(doit.plugin.PluginDict, "_from_entry_points"):
            doit.plugin.PluginDict._from_entry_points = lambda _plugins, _category: {}
