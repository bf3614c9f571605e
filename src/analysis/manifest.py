"""Digests of everything that a build makes, and what has become of each of them in another build.

Each thing has two digests: of its bytes, and of the data in it, which another
platform's fonts do not change.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.citation import cited
from analysis.engine import tutorial
from analysis.engine.runs import ENDINGS, notebook_runs
from analysis.files.whole import write_whole
from analysis.files.zipped import unpacked
from analysis.problems import ReportedError
from analysis.tables import PROCESSED

SAME = "same bytes"
PIXELS = "same data but other pixels"
DIFFERENT = "different data"
MISSING = "missing"
NEW = "new"
KINDS = ("processed", "figures", "tables", "values", "notebooks", "pages")
# what has entries of its own, or holds digests of what has; the PDF, which need not be there
ELSEWHERE = re.compile(
    r"[a-z]+/((figures|tables)/(?!.*\.html$)|notebooks/executed/"
    r"|(ro-crate-metadata\.json|[^/]*\.pdf)$)"
)
# a notebook's picture on a page, named by its digest
PICTURE = re.compile(rb"_images/[0-9a-f]{64}\.(?:png|jpe?g|gif|svg)")
# a figure on a page, whose widths are those of this platform's fonts
DRAWING = re.compile(rb'<svg class="study-drawing.*?</svg>', re.DOTALL)
# what a page itself says of the release
RELEASE = re.compile(rb'<p class="study-release">.*?</p>', re.DOTALL)

# what leads to the PDF, where there is one
PDF = re.compile(rb'<a class="study-pdf".*?</a>|<meta name="citation_pdf_url"[^>]*>', re.DOTALL)


def write_manifest() -> None:
    """Writes the digests of all results into manifest.json, for a release."""
    if not cited().release:
        raise ReportedError(
            f"a manifest is that of a release, and {paths.shown(paths.citation())} names none; "
            "expected a file as on citation-file-format.github.io, with version and date-released"
        )
    made = manifest()
    planned = any(notebook_runs(language) for language in paths.languages())
    needed = ("processed", "pages", *(["notebooks"] if planned else []))
    if empty := [kind for kind in needed if not made[kind]]:
        raise ReportedError(
            f"there are no {' and no '.join(empty)} in {paths.shown(paths.build())}; expected a "
            "whole report, as `make manifest` builds it before"
        )
    write_whole(paths.manifest(), json.dumps(made, indent=1) + "\n")


def verify() -> int:
    """Says what has become of everything in the release's manifest; 1 if something is missing or
    has other data, or nothing of it could be compared.
    """
    known = released()
    if known is None:
        missing = f"{paths.shown(paths.manifest())} does not exist"
        raise ReportedError(f"{missing}; `make manifest` writes it")
    verdicts = list(compare(known, manifest()))
    for kind, name, verdict in verdicts:
        print(f"{'✓' if verdict in (SAME, PIXELS) else '✗'} {kind}/{name}: {verdict}")
    counts = Counter(verdict for *_, verdict in verdicts)
    said = ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    print(f"against release {known['release']}: {said or 'nothing'}")
    return int(bool(counts[DIFFERENT] or counts[MISSING]) or not (counts[SAME] or counts[PIXELS]))


def released() -> dict | None:
    """The manifest of the last release, which is committed; None without one."""
    return _read(paths.manifest())


def manifest() -> dict:
    """The digests of what lies in the build folder: kind, then name, to `bytes` and `data`; and
    the release they are of.
    """
    made = {
        "processed": {name: _plain(paths.processed() / name) for name in processed()},
        **{kind: dict(sorted(_each(kind))) for kind in ENDINGS},
        "pages": dict(_site()),
    }
    return {"release": cited().release, **made}


def compare(released: dict, built: dict) -> Iterator[tuple[str, str, str]]:
    """Kind, name and verdict for everything in either manifest, in order."""
    for kind in KINDS:
        for name in sorted({*released[kind], *built[kind]}):
            yield kind, name, verdict(released[kind].get(name), built[kind].get(name))


def verdict(released: dict | None, built: dict | None) -> str:
    """What has become of one thing."""
    if released is None:
        return NEW
    if built is None:
        return MISSING
    if released == built:
        return SAME
    return PIXELS if released["data"] == built["data"] else DIFFERENT


def against_release(kind: str, language: str, name: str) -> tuple[str, str] | None:
    """The release that the committed manifest describes, and the verdict on one figure or table;
    None without a manifest.
    """
    known = released()
    if known is None:
        return None
    built = _published(kind, language, name)
    return known["release"], verdict(known[kind].get(f"{language}/{name}"), built)


@functools.cache
def _read(path: Path) -> dict | None:
    # and not asked first whether it exists: only what is opened counts as an input of the book
    try:
        released = json.loads(path.read_text("utf-8"))
        if {"release", *KINDS} <= released.keys():
            return released
    except FileNotFoundError:
        return None
    except (ValueError, AttributeError):
        pass
    raise ReportedError(f"{paths.shown(path)} is damaged; get it back from Git")


def _each(kind: str) -> Iterator[tuple[str, dict]]:
    """What the notebooks of the plan published, by language and run."""
    for language in paths.languages():
        for run in notebook_runs(language):
            if built := _published(kind, language, run.name):
                yield f"{language}/{run.name}", built


def _published(kind: str, language: str, run: str) -> dict | None:
    """What one run published; None if it published nothing of this kind."""
    of = {"figures": _figure, "tables": _table, "values": _plain, "notebooks": _notebook}[kind]
    ending = "ipynb" if kind == "notebooks" else "json"
    path = paths.build() / language / kind / f"{run}.{ending}"
    return of(path) if path.is_file() else None


def processed() -> list[str]:
    """The files of the processed tables that there are."""
    files = sorted([*(f"{name}.csv" for name in PROCESSED), "datapackage.json"])
    return [file for file in files if (paths.processed() / file).is_file()]


def _figure(record: Path) -> dict:
    about = json.loads(record.read_text("utf-8"))
    if "skipped" in about:
        return dict.fromkeys(
            ("bytes", "data"), _digest(json.dumps(about | {"data": None}, sort_keys=True).encode())
        )
    pictures = [record.with_suffix(suffix).read_bytes() for suffix in (".svg", ".png")]
    return {
        "bytes": _digest(*pictures, _table(record)["data"].encode()),
        "data": _table(record)["data"],
    }


def _table(record: Path) -> dict:
    """Of a provenance record everything but the digests of the whole tables it was made from."""
    about = {
        key: value for key, value in json.loads(record.read_text("utf-8")).items() if key != "data"
    }
    digest = _digest(
        json.dumps(about, sort_keys=True).encode(), record.with_suffix(".csv").read_bytes()
    )
    return {"bytes": digest, "data": digest}


def _plain(path: Path) -> dict:
    digest = _digest(path.read_bytes())
    return {"bytes": digest, "data": digest}


def _notebook(path: Path) -> dict:
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    return {
        "bytes": _digest(path.read_bytes()),
        "data": _digest(json.dumps(notebook, sort_keys=True).encode()),
    }


def _site() -> Iterator[tuple[str, dict]]:
    """Pages and what they need; figures and executed notebooks have entries of their own, and a
    notebook's picture is named by its digest on the page. Pixels are no data.
    """
    for name, path in paths.site_files().items():
        if PICTURE.search(name.encode()) or ELSEWHERE.match(name):
            continue
        content = (
            PDF.sub(b"", RELEASE.sub(b"", path.read_bytes()))
            if path.suffix == ".html"
            else path.read_bytes()
        )
        data = DRAWING.sub(b"", PICTURE.sub(b"", content))
        if path.parent.name == "_images" and path.stem in tutorial.pictures():
            data = b""
        if path.suffix == ".zip":  # on another platform, what is packed may be as much shorter
            data = b"\0".join(unpacked(path))
        yield name, {"bytes": _digest(content), "data": _digest(data)}


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()
