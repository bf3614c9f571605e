"""Files that are either whole or not there."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Writes a text file in one go, folders included; whoever is stopped while writing leaves only a NAME.partial."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, "utf-8", newline="")
    partial.replace(path)
