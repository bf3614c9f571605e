"""How something has changed between two years, as far as a source tells: both ends of it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import links, style, typeset
from analysis.wording import Wording, capitalised

START = 100  # what the first year is set to
LEFT, RIGHT = 1.5, 6.4  # room before the first year and behind the last one, cm
NARROW_RIGHT = 3.9  # and on a narrow sheet, cm
POINT = 0.045  # height of one point of the index, cm
HEAD = 0.6  # height of the row of years, cm
INKS = (style.ACCENT, style.MUTED)  # of what falls and of what rises
MOVES = {-1: "fell", 1: "rose", 0: "same"}
SIGNS = {-1: "−", 1: "+", 0: "±"}


def changes(facts: pd.DataFrame, falls: list[str], rises: list[str]) -> pd.DataFrame:
    """The facts that tell a fall or a rise in per cent between two years, with `first` and `last`
    year and the `index` that the last year has when the first one is 100; the greatest first.

    facts: the table of this name. falls, rises: ids of facts. Raises ValueError if one of these has
    no value in per cent or no span of years.
    """
    rows = facts[facts["fact_id"].isin([*falls, *rises])]
    years = rows["year"].str.extract(r"^(\d{4})/(\d{4})$").astype("Int64")
    is_change = rows["unit"].eq("percent") & rows["value"].notna() & years[0].notna()
    if not is_change.all():
        wrong = f"{rows.loc[~is_change, 'fact_id'].iloc[0]!r} tells no change between two years"
        raise ValueError(f"{wrong}; expected a value in percent and a year such as 1990/2020")
    sign = rows["fact_id"].isin(rises).map({True: 1, False: -1})
    index = START + sign * rows["value"]
    found = rows.assign(first=years[0], last=years[1], change=sign * rows["value"], index=index)
    return found.sort_values("index", ascending=False, kind="stable")


def draw(rows: pd.DataFrame, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """A dotted line for each change from the first year, set to 100, to the last one; what lies
    between them the source does not tell. Below, what a reader must know of the numbers.

    rows: as from `changes`. None if there are none.
    """
    if rows.empty:
        return None
    sheet, top = style.sheet(width), max(rows["index"].max(), START)
    right = width - (RIGHT if width == style.WIDTH else NARROW_RIGHT)
    bottom = HEAD + (top - min(rows["index"].min(), START)) * POINT
    for x, year in ((LEFT, rows["first"].min()), (right, rows["last"].max())):
        sheet.ax.plot([x, x], [HEAD - 0.1, bottom + 0.25], color=style.RULE, linewidth=0.8)
        typeset.write_lines(sheet.ax, x, 0, [str(year)], weight="bold", align="center")
    end = 0.0
    for row in rows.to_dict("records"):
        levels = [HEAD + (top - value) * POINT for value in (START, row["index"])]
        with links.said(sheet.ax, _title(row, words), f"facts:{row['fact_id']}"):
            end = _line(sheet.ax, (LEFT, right, width), levels, end, row, words)
    middle = HEAD + (top - START) * POINT - typeset.height_of(0.5)
    typeset.write_lines(sheet.ax, LEFT - 0.25, middle, [words.number(START)], align="right")
    return sheet.end(_notes(sheet.ax, max(bottom, end) + 0.4, rows, words, width))


def headline(rows: pd.DataFrame, facts: pd.DataFrame, words: Wording) -> str:
    """What fell, what rose and what stayed the same, by how much, between which years.

    facts: the table of this name, by which a word that begins a label is known to be no name.
    """
    texts = facts[[*map(words.column, ("subject", "indicator", "note"))]].fillna("")
    told, said = " ".join(texts.to_numpy().ravel()), []
    ordered = rows.sort_values("value", ascending=False, kind="stable")
    changing = _changing(rows, words)
    for sign, key in MOVES.items():
        group = ordered[np.sign(ordered["change"]) == sign].to_dict("records")
        if not group:
            continue
        what = [_inside(words.text(row, "subject"), told) for row in group]
        by = [
            words(
                "by" if changing else "by.indicator",
                indicator=words.text(row, "indicator"),
                what=one,
                by=words.quantity(row["value"], "percent", row["qualifier"]),
            )
            for one, row in zip(what, group, strict=True)
        ]
        key = key if said else f"{key}.first"
        values = {"by": words.listing(by), "what": words.listing(what), "changing": changing}
        said.append(words(key, **values) if changing else words.listing(by))
    years = {"first": rows["first"].min(), "last": rows["last"].max()}
    key = "headline" if changing else "headline.indicators"
    return words(key, changes=words.listing(said), **years)


def caption(rows: pd.DataFrame, source: str, words: Wording) -> str:
    """What changes, according to which source, and how to read it."""
    indicators = rows[words.column("indicator")].unique()
    quoted = words.listing(words("quoted", text=indicator) for indicator in indicators)
    what = capitalised(_changing(rows, words)) or quoted
    return words("caption", what=what, source=source)


def _changing(rows: pd.DataFrame, words: Wording) -> str:
    """What all of the facts tell a change of, by a text `changing.<fact_id>`; empty where they have
    none, or are of different things.
    """
    named = {words(key) if (key := f"changing.{fact}") in words else "" for fact in rows["fact_id"]}
    return named.pop() if len(named) == 1 else ""


def table(rows: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The changes as the source gives them, with the years and what must be known of them."""
    return pd.DataFrame({
        "label": rows[words.column("subject")],
        "indicator": rows[words.column("indicator")],
        "value": rows["value"],
        "year": [words.date(year) for year in rows["year"]],
        "note": rows[words.column("note")].fillna(""),
    })  # fmt: skip


def alt(rows: pd.DataFrame, words: Wording) -> str:
    """Where each line ends."""
    lines = [_title(row, words) for row in rows.to_dict("records")]
    years = {"first": rows["first"].min(), "last": rows["last"].max()}
    return words("alt", lines="; ".join(lines), **years)


def _inside(label: str, told: str) -> str:
    """A label as it stands inside a sentence: with a small letter, if `told` writes its first word
    so somewhere, which a name is not.
    """
    small = label[:1].lower() + label[1:]
    first = re.escape(small.partition(" ")[0])
    return small if re.search(rf"(?<!\w){first}(?!\w)", told) else label


def _title(row: dict, words: Wording) -> str:
    return f"{words.text(row, 'subject')}: {_signed(row, words)}"


def _signed(row: dict, words: Wording) -> str:
    """The change with its sign; in words if something qualifies it, as a fall by more than 5 % is
    no change of more than −5 %.
    """
    sign = np.sign(row["change"])
    if pd.isna(row["qualifier"]) or not sign:
        return SIGNS[sign] + words.quantity(row["value"], "percent", short=True)
    return words(MOVES[sign], by=words.quantity(row["value"], "percent", row["qualifier"]))


def _line(
    ax: Axes,
    xs: tuple[float, float, float],
    levels: list[float],
    free: float,
    row: dict,
    words: Wording,
) -> float:
    """A line between two points, its change and whose it is behind the last one; its bottom.

    xs: where the first year, the last year and the edge are, in cm. free: from where on there is
    room for texts.
    """
    first, last, edge = xs
    colour = INKS[row["change"] >= 0]
    ax.plot([first, last], levels, color=colour, linewidth=1.6, linestyle=(0, (1, 1.6)))
    ax.plot([first, last], levels, "o", color=colour, markersize=5)
    top = max(levels[1] - typeset.height_of(0.5, style.LARGE), free)
    bold = {"size": style.LARGE, "weight": "bold", "colour": colour}
    room, look = edge - last - 0.3, {"language": words.language}
    top += typeset.write(ax, last + 0.3, top, _signed(row, words), room, **bold, **look)
    return top + typeset.write(ax, last + 0.3, top, words.text(row, "subject"), room, **look)


def _notes(ax: Axes, y: float, rows: pd.DataFrame, words: Wording, width: float) -> float:
    """What must be known of the numbers, each note once; returns where they end."""
    look = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    for note in rows[words.column("note")].dropna().unique():
        y += typeset.write(ax, 0, y, note, width, **look)
    return y
