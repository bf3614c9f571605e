"""Where the study contradicts itself: its discrepancies by kind and section."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording

# The kinds, from the gravest on.
KINDS = ("contradiction", "ambiguity", "chronology", "citation", "wording", "spelling")
GRAVEST = KINDS[0]
# Parts without number: in front of the others and behind them.
BEFORE = ("front", "acknowledgements", "preamble")
BEHIND = ("page", "references", "annex", "imprint")
LABELS = 2.9  # width of the names of the kinds, cm
SIDE = 0.26  # of a square, cm
STEP = 0.31  # from one square to the next, cm
GAP = 0.12  # between the squares of a key and their texts, cm
PAD = 0.13  # white above and below a row, cm
COLUMNS = 2  # of the list of contradictions


def placed(discrepancies: pd.DataFrame) -> pd.DataFrame:
    """The discrepancies, once for each `part` of the study in which they have a passage, a section
    of at most two levels, in the order of the study and within a part from the gravest on.
    """
    passages = discrepancies["locator"].str.split("; *").explode()
    part = passages.str.extract(r"^(\d+[a-z]?(?:\.\d+)?|[a-z]+)", expand=False)
    rows = discrepancies.join(part.rename("part")).drop_duplicates(["discrepancy_id", "part"])
    rows = rows.assign(rank=rows["kind"].map(KINDS.index), place=rows["part"].map(_place))
    return rows.sort_values(["place", "rank"], kind="stable", ignore_index=True)


def _each(discrepancies: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The placed discrepancies, each once, where it comes first; `part` names all its parts."""
    names = discrepancies["part"].map(lambda part: part_name(part, words))
    parts = names.groupby(discrepancies["discrepancy_id"], sort=False).agg(", ".join)
    return (
        discrepancies.drop(columns="part")
        .drop_duplicates("discrepancy_id")
        .join(parts, on="discrepancy_id")
    )


def _place(part: str) -> tuple:
    """Where a part stands in the study."""
    if part[0].isdigit():
        return 1, tuple(map(int, re.findall(r"\d+", part))), part
    return (0, BEFORE.index(part)) if part in BEFORE else (2, BEHIND.index(part))


def draw(discrepancies: pd.DataFrame, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """Parts of the study as columns, kinds as rows, a square for each discrepancy in each part that
    it is met in, hollow where it takes knowledge from outside to see it; below, what contradicts
    itself, by its title. On a narrow sheet, and where there are many parts, these are rows, and of
    the kinds only the gravest stands out.

    discrepancies: kind, part, title, is_external, as from `placed`. None if there are none.
    """
    if discrepancies.empty:
        return None
    sheet = style.sheet(width)
    is_matrix = width == style.WIDTH and _fit(discrepancies, words)
    y = (
        _matrix(sheet.ax, discrepancies, words)
        if is_matrix
        else _parts(sheet.ax, discrepancies, words, width)
    )
    y = _key(sheet.ax, y + PAD, discrepancies, words, width)
    return sheet.end(_titles(sheet.ax, y, discrepancies, words, width))


def _matrix(ax: Axes, discrepancies: pd.DataFrame, words: Wording) -> float:
    """Parts as columns, kinds as rows, and the sums; returns where they end."""
    columns = _columns(list(dict.fromkeys(discrepancies["part"])), words)
    y = _head(ax, columns, words)
    for kind in KINDS:
        own = discrepancies[discrepancies["kind"] == kind]
        if len(own):
            ax.plot([0, style.WIDTH], [y, y], color=style.RULE, linewidth=0.8)
            y = _row(ax, y + PAD, kind, own, columns, words) + PAD
    return _sums(ax, y, discrepancies, columns, words)


def _fit(discrepancies: pd.DataFrame, words: Wording) -> bool:
    """Whether there is room for a column for each part."""
    return sum(_needs(discrepancies["part"].unique(), words)) <= style.WIDTH - LABELS


def _needs(parts: Iterable[str], words: Wording) -> list[float]:
    """Width that the name of each part needs, in cm."""
    names = [typeset.text_width(part_name(part, words), style.SMALL, "bold") for part in parts]
    return [name + 2 * GAP for name in names]


def _columns(parts: list[str], words: Wording) -> dict[str, tuple[float, float]]:
    """Left edge and width of the column of each part, in cm."""
    widths = typeset.shared(_needs(parts, words), style.WIDTH - LABELS)
    edges = itertools.accumulate(widths, initial=LABELS)
    return dict(zip(parts, zip(edges, widths, strict=False), strict=True))


def _parts(ax: Axes, discrepancies: pd.DataFrame, words: Wording, width: float) -> float:
    """Parts as rows, each with its squares, the gravest first; returns where they end."""
    y, look = 0.0, {"language": words.language}
    across = int((width - LABELS - 0.7) / STEP)
    for kind in (GRAVEST, KINDS[1]):
        text = words(f"kind.{kind}" if kind == GRAVEST else "other_kinds")
        square(ax, 0, y + 0.03, kind, is_external=False)
        y += typeset.write(ax, STEP + GAP, y, text, width - STEP - GAP, **look) + PAD / 2
    look["size"] = style.SMALL
    y += PAD + typeset.write(ax, 0, y + PAD, words("head"), width, **look)
    look["size"] = style.NORMAL
    for part, rows in discrepancies.groupby("part", sort=False):
        y += PAD / 2
        ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
        y += PAD / 2
        bottom = y + typeset.write(ax, 0, y, part_name(part, words), LABELS - 0.2, **look)
        number = {"weight": "bold", "align": "right"}
        typeset.write_lines(ax, width, y, [words.number(len(rows))], **number)
        for i, row in enumerate(rows.to_dict("records")):
            x, top = LABELS + i % across * STEP, y + 0.04 + i // across * STEP
            with links.said(ax, words.text(row, "title"), f"discrepancies:{row['discrepancy_id']}"):
                square(ax, x, top, row["kind"], row["is_external"])
            bottom = max(bottom, top + SIDE)
        y = bottom
    return y


def part_name(part: str, words: Wording) -> str:
    """A part of the study: its section number or, where it has none, what it is."""
    return part if part[0].isdigit() else words(f"part.{part}")


def _head(ax: Axes, columns: dict[str, tuple[float, float]], words: Wording) -> float:
    """The parts on one line at their bottom; returns where it ends."""
    look = {"size": style.SMALL, "language": words.language}
    names = [
        typeset.wrap(part_name(part, words), width, weight="bold", **look)
        for part, (_, width) in columns.items()
    ]
    bottom = typeset.height_of(max(map(len, names)), style.SMALL)
    for (x, _), lines in zip(columns.values(), names, strict=True):
        top = bottom - typeset.height_of(len(lines), style.SMALL)
        typeset.write_lines(ax, x, top, lines, size=style.SMALL, weight="bold")
    typeset.write(ax, 0, bottom - typeset.height_of(1, style.SMALL), words("head"), LABELS, **look)
    return bottom + 0.08


def _row(
    ax: Axes,
    y: float,
    kind: str,
    own: pd.DataFrame,
    columns: dict[str, tuple[float, float]],
    words: Wording,
) -> float:
    """A kind with its squares, as many beside each other as a column takes; returns its bottom."""
    weight = "bold" if kind == GRAVEST else "normal"
    look = {"weight": weight, "language": words.language}
    bottom = y + typeset.write(ax, 0, y, words(f"kind.{kind}"), LABELS - 0.2, **look)
    for part, rows in own.groupby("part"):
        left, width = columns[part]
        across = max(1, int((width - GAP + STEP - SIDE) / STEP))
        for i, row in enumerate(rows.to_dict("records")):
            x = left + i % across * STEP
            top = y + 0.04 + i // across * STEP
            with links.said(ax, words.text(row, "title"), f"discrepancies:{row['discrepancy_id']}"):
                square(ax, x, top, kind, row["is_external"])
            bottom = max(bottom, top + SIDE)
    return bottom


def square(ax: Axes, x: float, y: float, kind: str, is_external: bool) -> None:
    """A discrepancy, its top left corner at (x, y): dark where its `kind` is a contradiction,
    hollow with `is_external`, where the study alone does not show it.
    """
    colour = style.INK if kind == GRAVEST else style.QUIET
    face = style.PAPER if is_external else colour
    ax.add_patch(Rectangle((x, y), SIDE, SIDE, facecolor=face, edgecolor=colour, linewidth=0.9))


def _sums(
    ax: Axes,
    y: float,
    discrepancies: pd.DataFrame,
    columns: dict[str, tuple[float, float]],
    words: Wording,
) -> float:
    """How many there are of all kinds; returns the bottom."""
    ax.plot([0, style.WIDTH], [y, y], color=style.INK, linewidth=0.8)
    total = words("sum", n=words.number(discrepancies["discrepancy_id"].nunique()))
    look = {"weight": "bold", "language": words.language}
    typeset.write(ax, 0, y + PAD, total, LABELS, **look)
    for part, n in discrepancies["part"].value_counts().items():
        typeset.write(ax, columns[part][0], y + PAD, words.number(n), 1, **look)
    return y + PAD + typeset.height_of(1)


def _key(ax: Axes, y: float, discrepancies: pd.DataFrame, words: Wording, width: float) -> float:
    """What hollow squares stand for, if there are any; returns the bottom."""
    if not discrepancies["is_external"].any():
        return y
    square(ax, 0, y + 0.03, KINDS[1], is_external=True)
    look = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    room = width - STEP - (0 if width == style.WIDTH else GAP)
    return y + typeset.write(ax, STEP + GAP, y, words("external"), room, **look) + PAD


def _titles(ax: Axes, y: float, discrepancies: pd.DataFrame, words: Wording, whole: float) -> float:
    """What contradicts itself, by section; returns the bottom."""
    rows = _each(discrepancies[discrepancies["kind"] == GRAVEST], words)
    if rows.empty:
        return y
    y += PAD
    y += typeset.write_heading(ax, y, words("titles"), width=whole, language=words.language)
    in_columns = COLUMNS if whole == style.WIDTH else 1
    per_column, width = -(-len(rows) // in_columns), whole / in_columns
    columns = [rows.iloc[i : i + per_column] for i in range(0, len(rows), per_column)]
    return max(_list(ax, i * width, y, own, width, words) for i, own in enumerate(columns))


def _list(ax: Axes, x: float, y: float, rows: pd.DataFrame, width: float, words: Wording) -> float:
    """Contradictions below each other, each behind its square; returns the bottom."""
    room, look = width - STEP - 0.45, {"language": words.language}
    for row in rows.to_dict("records"):
        lead, text = row["part"], words.text(row, "title")
        with links.said(ax, f"{lead}: {text}", f"discrepancies:{row['discrepancy_id']}"):
            square(ax, x, y + 0.04, GRAVEST, row["is_external"])
            y += typeset.write_lead(ax, x + STEP + GAP, y, lead, text, room, **look) + 0.08
    return y


def table(discrepancies: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The discrepancies in the order of the study, each with all its parts."""
    rows = _each(discrepancies, words)
    return pd.DataFrame({
        "part": rows["part"],
        "kind": [words(f"kind.{kind}") for kind in rows["kind"]],
        "title": rows[words.column("title")],
        "is_external": [words("yes" if outside else "no") for outside in rows["is_external"]],
    })  # fmt: skip


def headline(discrepancies: pd.DataFrame, words: Wording) -> str:
    """How many of the discrepancies are contradictions, and which part has most of them all."""
    kinds = discrepancies.drop_duplicates("discrepancy_id")["kind"]
    contradictions = int((kinds == GRAVEST).sum())
    total = words.numeral(len(kinds))
    per_part = discrepancies["part"].value_counts(sort=False)
    peak = int(per_part.max())
    most = [words(f"headline.part.{_form(part)}", part=part_name(part, words))
            for part in per_part[per_part == peak].index]  # fmt: skip
    share = words.count("headline", contradictions, total=total)
    key = "headline.most" if len(most) == 1 else "headline.each"
    return f"{share}; {words.count(key, peak, parts=words.few(most, 'headline.parts'))}"


def _form(part: str) -> str:
    return "numbered" if part[0].isdigit() else "named"


def alt(discrepancies: pd.DataFrame, words: Wording) -> str:
    """How many discrepancies each part has, and what contradicts itself."""
    counts = discrepancies["part"].value_counts(sort=False)
    parts = [f"{part_name(part, words)}: {words.number(n)}" for part, n in counts.items()]
    rows = _each(discrepancies[discrepancies["kind"] == GRAVEST], words).to_dict("records")
    titles = [f"{row['part']}: {words.text(row, 'title')}" for row in rows]
    return words("alt", parts="; ".join(parts), titles="; ".join(titles) or "–")
