"""What this package remembers of files, which a process that stays has to forget."""

from __future__ import annotations

import sys
from collections.abc import Callable


def forget(*kept: Callable) -> None:
    """From now on all is read anew, but for what these functions have said."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "analysis":
            for remembers in vars(module).values():
                if hasattr(remembers, "cache_clear") and remembers not in kept:
                    remembers.cache_clear()
