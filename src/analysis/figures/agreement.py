"""How far coders agree, code by code: a forest plot of Krippendorff's α and AC1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Integral

import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.methods.codeagreement import COEFFICIENTS, NOISE_BELOW, compared
from analysis.methods.determinable import NotDeterminable
from analysis.methods.reliability import Interval
from analysis.wording import Wording

INDENT = 0.25  # indent of labels, cm
ROW = 0.46  # least height of a row, cm
TITLE = 0.62  # height of the title of a dimension, cm
LEAST = 0.5  # the scale begins here, or lower if a value does
APART = 0.4  # white between the names of two columns, cm
BEHIND = 0.12  # from a bar to its number, cm
DECIMALS = 3  # of values in tables
# What the table of codes has beside α and its interval, and in which order: what is looked at most
# stands first.
FIRST = ("alpha", "interval", "ac1", "percent", "positive", "remark")
OTHERS = ("negative", "kappa", "fleiss", "brennan_prediger", "prevalence_index", "bias_index")
OF_SETS = (
    "units", "same", "mv", "mv_interval", "masi", "masi_interval", "jaccard", "jaccard_interval",
    "spoken", "mv_spoken", "masi_spoken", "jaccard_spoken", *COEFFICIENTS,
)  # fmt: skip
OF_PAIRS = ("units", "mv", "masi", "kappa", "ac1")
NONE = NotDeterminable("unpaired")


@dataclass(frozen=True)
class Columns:
    """Where things stand on a sheet, in cm: the right edge of the labels, both ends of the scale,
    the right edge of the values, the left edge of the bars, the longest bar, and the edge.
    """

    labels: float
    left: float
    right: float
    value: float
    bars: float
    bar: float
    edge: float


COLUMNS = {
    style.WIDTH: Columns(6.2, 6.7, 11.8, 14.3, 14.8, 1.2, style.WIDTH),
    style.NARROW: Columns(3.5, 3.7, 6.2, 7.1, 7.4, 0.9, style.NARROW),
}


@dataclass(frozen=True)
class Scale:
    """The scale of the coefficients, from `least` to 1, on the columns of a sheet."""

    least: float
    columns: Columns

    def x(self, value: float) -> float:
        """Where a value stands, in cm."""
        left, right = self.columns.left, self.columns.right
        return left + (value - self.least) / (1 - self.least) * (right - left)


def draw(
    rows: pd.DataFrame, dimensions: pd.DataFrame, words: Wording, width: float = style.WIDTH
) -> Figure | None:
    """A row for each code, by dimension: α with its interval, AC1 beside it, α as a number, and in
    how many units a coder gave the code. Paler are codes of which there are too few to tell.

    rows: as from `of_codes`, with label and dimension. None if α of no code can be determined.
    """
    if not len(determined(rows)):
        return None
    sheet, columns = style.sheet(width), COLUMNS[width]
    scale, top = Scale(_least(rows), columns), _head(sheet.ax, columns, words)
    y, most, placed = top, int(rows["positives"].max()), []
    room = columns.edge - columns.bars - BEHIND - typeset.text_width(words.number(most))
    columns = replace(columns, bar=min(columns.bar, room))
    for dimension in dimensions.to_dict("records"):
        own = rows[rows["dimension"] == dimension["dimension"]]
        if own["positives"].sum():
            look = {"weight": "bold", "valign": "center", "language": words.language}
            title = words.text(dimension, "label")
            typeset.write(sheet.ax, 0, y + TITLE / 2, title, width, **look)
            y += TITLE
            for row in own.to_dict("records"):
                bottom = _row(sheet.ax, y, row, most, columns, words)
                placed.append(row | {"middle": (y + bottom) / 2, "colour": _colour(row)})
                y = bottom
    y += 0.15
    _points(sheet.ax, top, y, determined(pd.DataFrame(placed)), scale)
    y = _axis(sheet.ax, top, y, scale, words)
    return sheet.end(_legend(sheet.ax, y + 0.3, words, width))


def determined(rows: pd.DataFrame) -> pd.DataFrame:
    """The codes of which α can be determined."""
    return rows[~rows["alpha"].map(lambda value: isinstance(value, NotDeterminable)).astype(bool)]


def paradox(rows: pd.DataFrame) -> dict | None:
    """The code at which α lies farthest below AC1 though enough units have it; None if at none."""
    known = determined(rows)
    enough = known[known["positives"] >= NOISE_BELOW]
    apart = (enough["ac1"] - enough["alpha"]).astype(float)
    return enough.loc[apart.idxmax()].to_dict() if len(apart) and apart.max() > 0 else None


def paradox_values(rows: pd.DataFrame, words: Wording) -> dict[str, str | int]:
    """What a sentence says about the code of the paradox; dashes where there is none."""
    row = paradox(rows)
    if row is None:
        return dict.fromkeys(("code", "positives", "percent", "alpha", "ac1", "positive"), "–")
    told = {n: rounded(row[n], words) for n in ("percent", "alpha", "ac1", "positive")}
    return {"code": words.text(row, "label"), "positives": int(row["positives"])} | told


def names_of(coders: Iterable[str], words: Wording) -> dict[str, str]:
    """How each coder is called: as their file is, if there is no other word for them."""
    return {coder: words.known(f"coder.{coder}", coder) for coder in coders}


def caption(
    sets: pd.DataFrame, decisions: pd.DataFrame, statements: pd.DataFrame, words: Wording
) -> str:
    """How many statements are compared, of how many where one coder alone rated some, and whose
    codings; decisions: on codes of which coders disagreed. statements: the table, which tells
    whether some were cut into several units.
    """
    whole = statements.loc[statements["unit_id"].isin(sets.index), "statement_id"].is_unique
    rated, paired = words.number(len(sets)), words.number(len(compared(sets)))
    over = words("over.all" if paired == rated else "over.some", n=paired, rated=rated)
    over += "" if whole else words("units")
    before = words("before") if len(decisions) else ""
    coders = words.listing(names_of(sets, words).values())
    return words("caption", over=over, before=before, coders=coders)


def headline(rows: pd.DataFrame, words: Wording) -> str:
    """On how many codes all coders agree throughout, and on which they agree least; all of them,
    where they agree on several as little. Of codes whose values are not noise, if there are any; a
    code that all units have is one of them, though it has no α.
    """
    known, about = rows[rows["positives"] >= NOISE_BELOW], {"least": words.numeral(NOISE_BELOW)}
    if known.empty:
        return words("headline.noise", **about)
    same, total = int((known["percent"] == 1).sum()), words.numeral(len(known))
    about["total"] = total
    if same == len(known):
        return words.count("headline.all", same, **about)
    differing = determined(known)
    alphas = differing["alpha"].astype(float)
    lowest = differing[alphas.sub(alphas.min()).abs() < 1e-9]  # as good as equal
    codes = [words("quoted", text=label) for label in lowest[words.column("label")]]
    about |= {"codes": words.few(codes, "codes"), "alpha": rounded(alphas.min(), words)}
    if len(known) == 1:
        return words("headline.only", **about)
    return words.count("headline", same, **about)


def table(rows: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """Every coefficient of every code; what cannot be determined says so, and why."""
    found = rows.assign(remark=[remark(row, words) for row in rows.to_dict("records")])
    shown = found[[words.column("label"), "positives"]].copy()
    for name in (*FIRST, "units", "share", "given_only", *OTHERS):
        shown[name] = [cell(value, words) for value in found[name]]
    return shown


def table_of_sets(
    parts: list[tuple[str, dict]], pairs: list[dict[tuple[str, str], dict]], words: Wording
) -> pd.DataFrame:
    """The same over several codes together: a row for each measure, a column for each part.

    parts: names of parts, and what `of_sets` gives for each. pairs: for each part what `of_pairs`
    gives; of two coders there is nothing to add.
    """
    shown = {words(f"column.{name}"): [of[name] for _, of in parts] for name in OF_SETS}
    names = names_of(dict.fromkeys(coder for pair in pairs[0] for coder in pair), words)
    for pair in pairs[0] if len(pairs[0]) > 1 else ():
        coders = words.listing(names[coder] for coder in pair)
        for name in OF_PAIRS:
            measure = words("pair", measure=words(f"column.{name}"), coders=coders)
            shown[measure] = [of.get(pair, {}).get(name, NONE) for of in pairs]
    cells = [[cell(value, words) for value in values] for values in shown.values()]
    table = pd.DataFrame(cells, columns=[label for label, _ in parts], dtype=object)
    table.insert(0, "measure", list(shown))
    return table


def alt(rows: pd.DataFrame, dimensions: pd.DataFrame, words: Wording) -> str:
    """The value and the interval of each code, by dimension."""
    parts = []
    for dimension in dimensions.to_dict("records"):
        own = rows[rows["dimension"] == dimension["dimension"]]
        if own["positives"].sum():
            values = "; ".join(_aloud(row, words) for row in own.to_dict("records"))
            parts.append(words("alt.dimension", label=words.text(dimension, "label"), rows=values))
    return words("alt", dimensions=" ".join(parts))


def cell(value, words: Wording):
    """For a table: a number with all its decimals, an interval, or that it cannot be determined."""
    if isinstance(value, Interval | NotDeterminable):
        return _interval(value, words)
    return value if isinstance(value, str | Integral) else decimal(value)


def decimal(value: float) -> Decimal:
    """A number with all decimals that a table shows, also where the last are zeros."""
    return Decimal(f"{value:z.{DECIMALS}f}")  # z: there is no zero below zero


def spoken(value, words: Wording) -> str:
    """A number or an interval as a sentence calls it."""
    if isinstance(value, Interval | NotDeterminable):
        return _interval(value, words)
    return rounded(value, words)


def rounded(value: float, words: Wording) -> str:
    """A value with two decimals, or with as many as tell it from 1."""
    decimals = range(2, 10) if value < 1 - 1e-9 else ()  # else as good as equal
    return words.number(value, next((n for n in decimals if round(value, n) < 1), 2))


def remark(row: dict, words: Wording) -> str:
    """Why there is no value or no interval, and whether what there is is noise."""
    reasons = [
        words(f"reason.{value.reason}")
        for value in (row["alpha"], row["interval"])
        if isinstance(value, NotDeterminable)
    ]
    noise = 0 < row["positives"] < NOISE_BELOW
    return "; ".join(
        dict.fromkeys(reasons + [words("noise", n=words.numeral(NOISE_BELOW))] * noise)
    )


def _interval(value: Interval | NotDeterminable, words: Wording) -> str:
    if isinstance(value, NotDeterminable):
        return words("not_determinable")
    # a bound beside nought is nought
    low, high = (words.number(float(f"{bound:z.2f}"), 2) for bound in (value.low, value.high))
    return words("interval", low=low, high=high)


def _aloud(row: dict, words: Wording) -> str:
    """A code with its value, its interval and its positives."""
    label, n = words.text(row, "label"), int(row["positives"])
    if isinstance(row["alpha"], NotDeterminable):
        return words("alt.none", label=label, reason=words(f"reason.{row['alpha'].reason}"))
    alpha, between = rounded(row["alpha"], words), _interval(row["interval"], words)
    given = words.count("alt.given", n)
    if isinstance(row["interval"], NotDeterminable):
        return words("alt.point", label=label, alpha=alpha, given=given)
    return words("alt.row", label=label, alpha=alpha, interval=between, given=given)


def _least(rows: pd.DataFrame) -> float:
    """Where the scale begins: a tenth at or below every value."""
    known = determined(rows)
    lows = [row.low for row in known["interval"] if isinstance(row, Interval)]
    return min(
        LEAST, *(int(v * 10 - (v < 0)) / 10 for v in (*lows, *known["alpha"], *known["ac1"]))
    )


def _head(ax: Axes, columns: Columns, words: Wording) -> float:
    """The names of the columns; returns where they end."""
    look = {"size": style.SMALL, "colour": style.MUTED}
    names = {columns.value: "head.alpha", columns.edge: "head.given"}
    lines = {x: words(name).split("\n") for x, name in names.items()}
    bottom = typeset.height_of(max(map(len, lines.values())), style.SMALL)
    widest = max(typeset.text_width(line, style.SMALL) for line in lines[columns.edge])
    # Where one would run into the other, they stand one above the other.
    is_close = columns.edge - widest < columns.value + APART
    below = typeset.height_of(1, style.SMALL) if is_close else 0
    for x, text in lines.items():
        top = bottom - typeset.height_of(len(text), style.SMALL)
        top += below if x == columns.value else 0
        typeset.write_lines(ax, x, top, text, align="right", **look)
    return bottom + below + 0.1


def _colour(row: dict) -> str:
    """Of a code and its values: paler where they are noise."""
    return style.INK if row["positives"] >= NOISE_BELOW else style.MUTED


def _row(ax: Axes, y: float, row: dict, most: int, columns: Columns, words: Wording) -> float:
    """A code; returns where its row ends."""
    room = columns.labels - INDENT
    label = typeset.wrap(words.text(row, "label"), room, language=words.language)
    height = max(ROW, typeset.height_of(len(label)) + 0.1)
    middle = y + height / 2
    colour = _colour(row)
    with links.said(ax, words.text(row, "label"), f"codes:{row['code']}"):
        top = middle - typeset.height_of(len(label) / 2)
        typeset.write_lines(ax, INDENT, top, label, colour=colour)
    _value(ax, columns, middle, row, colour, words)
    top, n = middle - typeset.height_of(0.5), int(row["positives"])
    left, length = columns.bars, columns.bar * n / most
    ax.add_patch(Rectangle((left, middle - 0.1), length, 0.2, facecolor=style.QUIET))
    typeset.write_lines(ax, left + length + BEHIND, top, [words.number(n)], colour=colour)
    return y + height


def _value(ax: Axes, columns: Columns, y: float, row: dict, colour: str, words: Wording) -> None:
    """The α of a code as a number; words where there is none."""
    if isinstance(row["alpha"], NotDeterminable):
        lines, look = [words("not_determinable")], {"size": style.SMALL, "colour": style.MUTED}
    else:
        lines, look = [rounded(row["alpha"], words)], {"size": style.NORMAL, "colour": colour}
    top = y - typeset.height_of(0.5, look["size"])
    width = typeset.text_width(lines[0], look["size"])
    if columns.value - width < columns.right:  # the lines of the scale stay out of it
        box = (columns.value - width, top), width, typeset.height_of(1, look["size"])
        ax.add_patch(Rectangle(*box, facecolor=style.PAPER, zorder=0.5))
    typeset.write_lines(ax, columns.value, top, lines, align="right", **look)


def _points(ax: Axes, top: float, bottom: float, rows: pd.DataFrame, scale: Scale) -> None:
    """α with its interval, and AC1 behind both: a dot plot by seaborn on axes of its own, which
    measure coefficients across and the sheet's cm down.

    rows: as in `draw`, those with an α, and where the `middle` of each is.
    """
    left, right = scale.columns.left, scale.columns.right
    box = (left, top, right - left, bottom - top)
    inset = ax.inset_axes(box, transform=ax.transData, zorder=2)
    for row in rows.to_dict("records"):
        if isinstance(between := row["interval"], Interval):
            ends = (between.low, between.high)
            inset.hlines(row["middle"], *ends, color=row["colour"], linewidth=1.6, zorder=3.5)
    points = rows.astype({"alpha": float, "ac1": float})
    shared = {"data": points, "y": "middle", "ax": inset, "orient": "h", "native_scale": True}
    shared |= {"jitter": False, "legend": False, "clip_on": False}
    hollow = {"color": style.PAPER, "edgecolor": style.MIDDLE, "linewidth": 1}
    seaborn.stripplot(x="ac1", marker="D", size=7, zorder=3, **hollow, **shared)
    inks = {colour: colour for colour in points["colour"]}
    seaborn.stripplot(x="alpha", hue="colour", palette=inks, size=5, zorder=4, **shared)
    inset.set(xlim=(scale.least, 1), ylim=(bottom, top))
    inset.set_axis_off()


def _alpha(ax: Axes, x: float, y: float, colour: str) -> None:
    ax.plot([x], [y], "o", color=colour, markersize=5, markeredgewidth=0, zorder=4)


def _ac1(ax: Axes, x: float, y: float) -> None:
    look = {"markerfacecolor": style.PAPER, "markeredgecolor": style.MIDDLE, "markersize": 7}
    ax.plot([x], [y], "D", color=style.MIDDLE, markeredgewidth=1, zorder=3, **look)


def _axis(ax: Axes, top: float, y: float, scale: Scale, words: Wording) -> float:
    """The scale below the rows, with a line through them at each tick; returns where it ends."""
    step = 0.1 if scale.least >= LEAST else 0.2 if scale.least >= 0 else 0.5
    step *= 1 if scale.columns.edge == style.WIDTH else 2
    ticks = [1 - i * step for i in range(int((1 - scale.least) / step + 1e-9) + 1)]
    for tick in ticks:
        x = scale.x(tick)
        ax.plot([x, x], [top, y], color=style.RULE, linewidth=0.8, zorder=0)
        number = [words.number(round(tick, 1), 1)]
        look = {"size": style.SMALL, "colour": style.MUTED, "align": "center"}
        typeset.write_lines(ax, x, y + 0.06, number, **look)
    return y + 0.06 + typeset.height_of(1, style.SMALL)


def _legend(ax: Axes, y: float, words: Wording, width: float) -> float:
    """What the marks mean, below each other; returns where it ends."""
    look = {"size": style.SMALL, "colour": style.MUTED}
    for key in ("alpha", "ac1", "noise"):
        text = words(f"legend.{key}", n=words.numeral(NOISE_BELOW))
        lines = typeset.wrap(text, width - 0.9, style.SMALL, language=words.language)
        middle = y + typeset.height_of(0.5, style.SMALL)
        if key == "ac1":
            _ac1(ax, 0.4, middle)
        else:
            colour = style.INK if key == "alpha" else style.MUTED
            ax.plot([0.1, 0.7], [middle, middle], color=colour, linewidth=1.6)
            _alpha(ax, 0.4, middle, colour)
        typeset.write_lines(ax, 0.9, y, lines, **look)
        y += typeset.height_of(len(lines), style.SMALL) + 0.06
    return y
