"""Archives that say nothing of when, where and by whom they were made."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

UNIX = 3  # the system whose rights of files an archive tells


def write_zip(path: Path, files: Mapping[str, Path | str]) -> None:
    """Writes files, or texts, by the names that they get in the archive, in the order of names.

    Whoever unpacks it may read all of them, and run those that say what runs them; rights on the
    disk are not the same everywhere.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            about = zipfile.ZipInfo(name)
            data = content.read_bytes() if isinstance(content, Path) else content.encode()
            rights = 0o755 if data.startswith(b"#!") else 0o644
            about.create_system, about.external_attr = UNIX, rights << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, data, compresslevel=9)


def unpacked(path: Path) -> Iterator[bytes]:
    """Names and contents of what is in an archive."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield from (name.encode(), archive.read(name))
