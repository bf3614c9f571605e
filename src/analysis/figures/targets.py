"""Targets on a ladder of years: who wants to reach what by when, and how much of it is meant."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.marks import GAP, PARTS, legend, mark_of, marks_of
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label, line_height, pack, span
from analysis.figures.parts.levels import WHOLE
from analysis.methods.counts import distinct_targets
from analysis.wording import Wording, capitalised
from analysis.wording.phrases import target_text

LEFT = 0.3  # left edge of the years, cm
CIRCLES = {"climate_neutral": "whole", "climate_neutral.part": "part"}  # what their fill tells
TITLE = 0.5  # height of the title of a lane, cm
PAD = 0.16  # above and below a lane, cm
COLUMN = 8.5  # width of a column of targets without a year, cm
LANES = ("above", "municipal", "company")  # from top to bottom


def lanes(targets: pd.DataFrame, levels: pd.DataFrame) -> pd.Series:
    """The lane of each target: of companies, of the municipal level, or of those above it."""
    is_municipal = targets["level_id"].isin(levels.loc[levels["is_municipal"], "level_id"])
    of_level = is_municipal.map({True: "municipal", False: "above"})
    return of_level.mask(targets["holder"] == "company", "company")


def draw(
    targets: pd.DataFrame,
    levels: pd.DataFrame,
    discrepancies: pd.DataFrame,
    published: int | None,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Targets as marks at their year, each with its holder beside it, in three lanes; those without
    a year are listed below.

    targets, levels, discrepancies: the tables of these names. published: the year of the study,
    where the ladder begins, if it is known. None if there are no targets.
    """
    if targets.empty:
        return None
    sheet, notes = style.sheet(width), Notes(targets["discrepancy_id"], discrepancies, words)
    y = legend(sheet.ax, 0.05, marks_of(targets), words, width)
    targets = targets.assign(lane=lanes(targets, levels))
    dated = targets.dropna(subset="year").sort_values("year", kind="stable")
    if len(dated):
        y = _ladder(sheet.ax, y, dated, axis_of(dated, published, width), notes, published, words)
    undated = targets[targets["year"].isna()]
    if len(undated):
        y = _list(sheet.ax, y + PAD, undated, notes, words, width)
    return sheet.end(notes.draw(sheet.ax, y, width) + 0.05)


def axis_of(targets: pd.DataFrame, published: int | None, width: float = style.WIDTH) -> YearAxis:
    """The ladder: from the year of the study, or an earlier target, to the last one."""
    years = pd.Series([published, *targets["year"]], dtype="float").dropna()
    _, last = span(years)
    return YearAxis(int(years.min()), last, LEFT, has_undated=False, edge=width)


def _ladder(
    ax: Axes,
    y: float,
    targets: pd.DataFrame,
    axis: YearAxis,
    notes: Notes,
    published: int | None,
    words: Wording,
) -> float:
    """The axis of years and its lanes, from `y` on; returns the bottom."""
    bottom = y + HEAD
    study = words("study", year=published) if axis.first == published else ""
    free = typeset.text_width(study, style.SMALL) if study else -math.inf
    readable = {*axis.numbered(free), published if study else None}
    for lane in LANES:
        own = targets[targets["lane"] == lane]
        if own.empty:
            continue
        ax.plot([0, axis.edge], [bottom] * 2, color=style.RULE, linewidth=0.8, zorder=0.1)
        bottom += PAD
        look = {"weight": "bold", "language": words.language}
        typeset.write(ax, LEFT + GAP, bottom, words(f"lane.{lane}"), axis.edge, **look)
        bottom += TITLE
        for line in pack(
            _label(row, axis, readable, notes, words) for row in own.to_dict("records")
        ):
            for item in line:
                item.draw(ax, bottom)
            bottom += line_height(line)
        bottom += PAD
    axis.draw(ax, y, bottom, words, free)
    if study:  # the ladder begins with it, so that no other year is written there
        x, middle = axis.x(published), y + HEAD / 2 - 0.05
        look = {"fontsize": style.SMALL, "color": style.INK, "va": "center_baseline"}
        ax.text(0, middle, study, **look)
        ax.plot([x, x], [y + HEAD - 0.08, bottom], color=style.ACCENT, linewidth=1.4, zorder=0)
    return bottom


def _label(
    target: dict, axis: YearAxis, readable: set[int | None], notes: Notes, words: Wording
) -> Label:
    """A target at its year, which stands before its holder where the axis does not have it among
    the years that are `readable`.
    """
    lead, text = _holder_and_aim(target, notes, words)
    lead = lead if target["year"] in readable else f"{target['year']} {lead}"
    row = f"targets:{target['target_id']}"
    return label(axis, mark_of(target), target["year"], lead, text, words, row)


def _holder_and_aim(target: dict, notes: Notes, words: Wording) -> tuple[str, str]:
    """Who wants it, and what, where the mark does not say it all; with the number of its note."""
    is_all = mark_of(target) == "climate_neutral" and target["covers"] in WHOLE
    aim = "" if is_all else target_text(target, words)
    return words.text(target, "actor"), aim + notes.number(target["discrepancy_id"])


def _list(
    ax: Axes, y: float, targets: pd.DataFrame, notes: Notes, words: Wording, width: float
) -> float:
    """The targets without a year in as many columns as fit, from `y` on; returns the bottom."""
    look = {"weight": "bold", "language": words.language}
    typeset.write(ax, LEFT + GAP, y, words("undated"), style.WIDTH, **look)
    rows, columns, ends = targets.to_dict("records"), int(width // COLUMN), [y]
    most = -(-len(rows) // columns)
    for column in range(columns):
        top, x = y + TITLE, LEFT + column * COLUMN
        for row in rows[column * most : (column + 1) * most]:
            texts = _holder_and_aim(row, notes, words)
            look = {"room": COLUMN - 3 * GAP, "to_right": True, "clears": False}
            look |= {"language": words.language, "row": f"targets:{row['target_id']}"}
            item = Label(mark_of(row), x, *texts, **look)
            item.draw(ax, top)
            top += line_height([item])
        ends.append(top)
    return max(ends)


def table(targets: pd.DataFrame, levels: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """A row for each target, in the order of levels and years."""
    names = levels.set_index("level_id")[words.column("label")]
    rank = {level: i for i, level in enumerate(names.index)}
    rows = targets.assign(rank=targets["level_id"].map(rank))
    rows = rows.sort_values(["rank", "year"], kind="stable")
    return pd.DataFrame({
        "level": rows["level_id"].map(names),
        "actor": rows[words.column("actor")],
        "kind": [words(f"kind.{kind}") for kind in rows["kind"]],
        "scope": [target_text(row, words) for row in rows.to_dict("records")],
        "covers": ["" if pd.isna(what) else words(f"covers.{what}") for what in rows["covers"]],
        "year": rows["year"].astype("string").fillna(words("undated")),
        "note": rows[words.column("note")].fillna(""),
    })  # fmt: skip


def headline(targets: pd.DataFrame, words: Wording) -> str:
    """Between which years climate neutrality lies, and how many of these targets mean a part; two
    versions of a target count once.
    """
    dated = targets[(targets["kind"] == "climate_neutral") & targets["year"].notna()]
    neutral = distinct_targets(dated)
    if neutral.empty:
        return words("headline.none")
    first, last = neutral["year"].min(), neutral["year"].max()
    span_of_years = words("span" if first < last else "span.year", first=first, last=last)
    parts, total = int(neutral["covers"].isin(PARTS).sum()), len(neutral)
    if total == 1:
        return words.count("headline.only", parts, span=span_of_years)
    if parts == total:
        return words("headline.all", span=span_of_years)
    return words.count("headline", parts, span=span_of_years, total=words.numeral(total))


def caption(targets: pd.DataFrame, discrepancies: pd.DataFrame, words: Wording) -> str:
    """How many targets there are, how many of them have no year, and what their circles and raised
    numbers mean, as far as there are such.
    """
    distinct, marks = distinct_targets(targets), set(marks_of(targets))
    drawn = [name for mark, name in CIRCLES.items() if mark in marks]
    key = drawn[0] if len(drawn) == 1 else "both"
    is_other = targets["kind"].eq("climate_neutral") & targets["covers"].eq("other")
    whole = words("circles.other" if is_other.any() else "circles.whole")
    circles = "" if not drawn else whole if key == "whole" else words(f"circles.{key}", whole=whole)
    undated = words.count("undated", int(distinct["year"].isna().sum()))
    explained = capitalised("; ".join(filter(None, (circles, undated))))
    told = words("caption", n=words.numeral(len(distinct)), marks=explained)
    versions = words("caption.versions") if len(distinct) < len(targets) else ""
    has_notes = Notes(targets["discrepancy_id"], discrepancies, words).statements
    return f"{told} {words('caption.notes', versions=versions)}" if has_notes else told


def alt(targets: pd.DataFrame, words: Wording) -> str:
    """What is wanted in which year, and what without one."""
    rows = [
        (target["year"], f"{words.text(target, 'actor')} ({target_text(target, words)})")
        for target in targets.to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=["year", "text"])
    by_year = frame.dropna().groupby("year")["text"].agg("; ".join)
    dated = ". ".join(f"{year:.0f}: {texts}" for year, texts in by_year.items())
    undated = "; ".join(frame.loc[frame["year"].isna(), "text"])
    n = words.numeral(len(distinct_targets(targets)))
    if not dated:
        return words("alt.undated", n=n, undated=undated)
    return words("alt", n=n, dated=dated, undated=undated or words("alt.none"))
