"""The levels of governance: the targets and instruments that each of them sets for the
municipality at the bottom.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.marks import legend, marks_of
from analysis.drawing.notes import Notes
from analysis.figures.parts.levellist import ListedBand
from analysis.figures.parts.levels import (
    AXIS,
    CHIPS,
    EDGE,
    FILLS,
    MARK,
    UNDATED,
    Band,
    Years,
    arrow,
    draw_chip,
    years_of,
)
from analysis.wording import Wording, capitalised
from analysis.wording.phrases import target_text

HEAD = 1.2  # height of the head, cm
NARROW_HEAD = 0.5  # and of that of a narrow sheet, cm
ABOVE = 0.3  # room for the name of the arrow upwards above the band where it ends, cm
GAP = 0.1  # between bands, cm
LEGEND_GAP = 0.15  # above the legend, cm


def draw(
    levels: pd.DataFrame,
    items: pd.DataFrame,
    targets: pd.DataFrame,
    discrepancies: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Levels as bands, top first; in each its targets on a common axis of years, and its laws,
    instruments and initiatives as chips. On a narrow sheet targets are listed by year.

    levels: level_id, label, is_municipal, is_influenced. items: level_id, kind, label; those of the
    kind `group` stand beside each other. targets: level_id, actor, kind, covers, year, value (per
    cent, or degrees Celsius), qualifier, baseline_year. discrepancies: the table to which both
    refer. None if there are no levels.
    """
    if levels.empty:
        return None
    order = {kind: i for i, kind in enumerate(FILLS)}
    items = items.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    notes = Notes(_met(levels, targets, items), discrepancies, words)
    years, is_narrow, sheet = years_of(targets, levels), width < style.WIDTH, style.sheet(width)
    head = NARROW_HEAD if is_narrow else _head(sheet.ax, years, words)
    y, tops = head, {}
    for level in levels.to_dict("records"):
        own = (frame[frame["level_id"] == level["level_id"]] for frame in (targets, items))
        has_room = y == head and not is_narrow  # beside the years
        y += ABOVE if _is_reached_first(level, levels) and not has_room else 0
        tops[level["level_id"]] = y
        form = ListedBand if is_narrow else Band
        y = form(sheet.ax, level, years, notes, words).draw(y, *own) + GAP
    _up_and_down(sheet.ax, levels, tops, head, width, words)
    y = legend(sheet.ax, y + LEGEND_GAP, marks_of(targets), words, width)
    kinds = [kind for kind in FILLS if kind in set(items["kind"])]
    y += _chip_legend(sheet.ax, y, kinds, words, width)
    return sheet.end(notes.draw(sheet.ax, y, width))


def headline(levels: pd.DataFrame, targets: pd.DataFrame, words: Wording) -> str:
    """How many of the levels above the municipality have targets."""
    above = levels.loc[~levels["is_municipal"], "level_id"]
    with_targets = int(above.isin(targets["level_id"]).sum())
    if len(above) < 2:
        return words.count("headline.only", with_targets) if len(above) else words("headline.none")
    return words.count("headline", with_targets, total=words.numeral(len(above)))


def table(
    levels: pd.DataFrame, items: pd.DataFrame, targets: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """Targets and all other items, drawn or not, level by level; arguments as for `draw`."""
    label, description = words.column("label"), words.column("description")
    about = targets.assign(
        **{
            label: targets[words.column("actor")],
            description: [
                capitalised(target_text(row, words)) for row in targets.to_dict("records")
            ],
            "is_shown": True,
            "year": targets["year"].astype("string"),
        }
    )
    years = [words.date(year) if pd.notna(year) else year for year in items["year"]]
    rows = pd.concat([about, items.assign(year=years)])
    rows["level_id"] = pd.Categorical(rows["level_id"], levels["level_id"])
    rows = rows.sort_values("level_id", kind="stable")
    names = levels.set_index("level_id")[label]
    return pd.DataFrame({
        "level": rows["level_id"].astype("string").map(names),
        "kind": [words(f"kind.{kind}") for kind in rows["kind"]],
        "label": rows[label],
        "description": rows[description],
        "year": rows["year"],
        "is_shown": [words("yes" if is_shown else "no") for is_shown in rows["is_shown"]],
    })  # fmt: skip


def alt(levels: pd.DataFrame, items: pd.DataFrame, targets: pd.DataFrame, words: Wording) -> str:
    """The bands from top to bottom, the arrows beside them, their years, and the groups in the last
    one, as far as there are any; arguments as for `draw`.
    """
    label = words.column("label")
    names = levels.set_index("level_id")[label]
    years = targets.dropna(subset=["year"]).groupby("level_id", sort=False)["year"].unique()
    year_list = [
        f"{names[level]} {', '.join(map(str, sorted(own)))}" for level, own in years.items()
    ]
    groups = items.loc[items["kind"] == "group", label]
    bottom, above = levels.loc[levels["is_municipal"], label], _above(levels)
    reached = above.loc[above["is_influenced"], label]
    upwards = words("alt.influence", level=reached.iloc[0]) if len(reached) else ""
    where = "" if levels["is_municipal"].tail(1).all() else ".within"  # others lie below it
    own = {"bottom": ", ".join(bottom), "group_list": "; ".join(groups)}
    told = [
        words("alt", levels=words.numeral(len(levels)), level_list="; ".join(names)),
        words(f"alt.bottom{where}", **own) if len(bottom) else "",
        words("alt.rules", influence=upwards) if len(above) else "",
        words("alt.bands"),
        words("alt.years", year_list="; ".join(year_list)) if year_list else "",
        words(f"alt.groups{where}", **own) if len(groups) and len(bottom) else "",
    ]
    return capitalised(" ".join(filter(None, told)))


def caption(levels: pd.DataFrame, words: Wording, *, targets: int, shown: int, items: int) -> str:
    """How to read it, the arrow upwards included if there is one, and how targets are counted."""
    told = words.count("shown", shown)
    texts = [
        words("caption", targets=words.count("caption.targets", targets)),
        *([words.count("caption.items", items, shown=told)] if items else []),
        words("caption.origin"),
        *([words("caption.influence")] if _above(levels)["is_influenced"].any() else []),
    ]
    return "\n".join([" ".join(texts), words("caption.counted")])


def _above(levels: pd.DataFrame) -> pd.DataFrame:
    """The levels above the municipality; none if there is no municipality below them."""
    is_municipal = levels["is_municipal"]
    return levels[~is_municipal.cummax()] if is_municipal.any() else levels.head(0)


def _met(levels: pd.DataFrame, targets: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    """The discrepancies as a reader meets them: level by level, targets by year before items."""
    rows = pd.concat([targets.sort_values("year", kind="stable"), items])
    order = pd.Categorical(rows["level_id"], levels["level_id"])
    in_order = rows.assign(level_id=order).sort_values("level_id", kind="stable")
    return in_order["discrepancy_id"].dropna()


def _head(ax: Axes, years: Years, words: Wording) -> float:
    """What the columns hold, and the years; returns where the bands begin."""
    for x, text in ((AXIS[0] - MARK, words("targets")), (CHIPS[0], words("items"))):
        typeset.write(ax, x, 0.08, text, style.WIDTH, weight="medium", language=words.language)
    dated = [(years.x(year), str(year)) for year in years.lines]
    look = {"ha": "center", "va": "baseline", "fontsize": style.SMALL, "color": style.MUTED}
    for x, text in [*dated, (UNDATED, words("undated"))]:
        ax.text(x, HEAD - 0.12, text, **look)
    return HEAD


def _up_and_down(
    ax: Axes,
    levels: pd.DataFrame,
    tops: dict[str, float],
    head: float,
    width: float,
    words: Wording,
) -> None:
    """Beside the upper levels: rules come down to the municipality, influence goes up from it, as
    far as the source says.
    """
    municipal = levels.loc[levels["is_municipal"], "level_id"]
    bottom = tops[municipal.iloc[0]] - GAP if len(municipal) else head
    reached = [tops[level] for level in levels.loc[levels["is_influenced"], "level_id"]]
    if bottom > head:
        arrow(ax, (EDGE / 2, head), (0, bottom - head))
        _beside(ax, 0.05, head - 0.12, "downwards", "left", words)
    if reached and min(reached) < bottom:
        arrow(ax, (width - EDGE / 2, bottom), (0, min(reached) - bottom))
        _beside(ax, width - 0.05, min(reached) - 0.12, "upwards", "right", words)


def _is_reached_first(level: dict, levels: pd.DataFrame) -> bool:
    """Whether the arrow upwards ends at this level."""
    reached = levels.loc[levels["is_influenced"], "level_id"]
    is_first = level["level_id"] == next(iter(reached), "")
    return bool(is_first and not level["is_municipal"])


def _beside(ax: Axes, x: float, y: float, key: str, align: str, words: Wording) -> None:
    look = {"fontsize": style.SMALL, "fontweight": "medium", "color": style.ACCENT}
    ax.text(x, y, words(key), ha=align, va="baseline", **look)


def _chip_legend(ax: Axes, y: float, kinds: list[str], words: Wording, width: float) -> float:
    """The shapes of chips with their meaning; returns the height."""
    x, top = 0.0, y
    for kind in kinds:
        text = words(f"kind.{kind}")
        if x + 0.62 + typeset.text_width(text) > width:
            x, y = 0.0, y + typeset.height_of(1) + GAP
        draw_chip(ax, x, y + 0.04, 0.5, 0.28, kind)
        typeset.write(ax, x + 0.62, y, text, style.WIDTH, language=words.language)
        x += typeset.text_width(text) + 1.1
    return y - top + typeset.height_of(1) + GAP
