"""The code matrix: a heat map of how many statements of which municipality carry which code."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.methods.counts import and_more, has_more
from analysis.wording import Wording

LABELS = 7.0  # width of the labels, cm
INDENT = 0.25  # their indent, cm
TOTALS = 2.1  # width of the column of totals, cm
BAR = 1.2  # the longest bar in it, cm
WIDEST = 1.95  # and at most a column of the matrix, cm
# Municipalities that fit beside each other; more of them share further matrices.
SIDE_BY_SIDE = {style.WIDTH: 6, style.NARROW: 4}
NARROW_LABELS, NARROW_TOTALS = 4.2, 0.8  # on a narrow sheet, cm
MORE = 0.7  # cm, for what is behind a plus
BELOW = 0.38  # height of the marks below a number there, cm
ROW = 0.5  # least height of a row, cm
TITLE = 0.68  # height of the title of a dimension, cm
GAP = 0.2  # white beside the cells, cm
SPACE = 0.6  # white below a matrix, cm
RIM = 2.2  # white between cells, pt
MARK = 0.14  # size of the mark of an attribution, cm
SINGLY = 2  # marks of a kind that are drawn one by one in a cell; more are a mark and a number
MARKS = ("inferred", "collective")  # attributions that say less than an express one; see _mark


@dataclass(frozen=True)
class Group:
    """A dimension: its title, its codes, their labels, the lines of these, and how much higher than
    ROW its rows are at least, in cm.
    """

    title: str
    codes: list[str]
    names: list[str]
    lines: list[list[str]]
    more: float

    @property
    def row(self) -> float:
        """The height of its rows, the same for all of them, in cm."""
        return max(ROW + self.more, typeset.height_of(max(map(len, self.lines))) + 0.1)


@dataclass(frozen=True)
class Matrix:
    """The columns of some municipalities, `width` cm each; `places` are their names by id.

    statements, marked: of all municipalities, per code (rows), and the same by attribution. more:
    how many further ones only count; see `only_counted`.
    """

    statements: pd.DataFrame
    marked: dict[str, pd.DataFrame]
    more: pd.DataFrame
    places: pd.Series
    width: float
    words: Wording
    labels: float = LABELS

    @property
    def is_narrow(self) -> bool:
        """Whether marks stand below the numbers, and totals have no bars."""
        return self.labels < LABELS

    @property
    def most(self) -> int:
        """The greatest count of all municipalities, which is darkest."""
        return int(self.statements.to_numpy().max())

    @property
    def right(self) -> float:
        """The right edge of the cells, in cm."""
        return self.labels + len(self.places) * self.width


def draw(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Statements per code (rows, by dimension in codebook order) and municipality (columns) as a
    heat map; codes of no statement stay, dimensions of none go.

    coded: code, statement_id, municipality_id, attribution; a row for each statement of a
    municipality and each of its codes. more: as from `only_counted`. Small squares mark statements
    that are not ascribed expressly. Beside the rows a bar shows the number of different statements.
    None if no statement carries a code.
    """
    if coded.empty:
        return None
    groups = _groups(_shown(codes, coded, more), dimensions, words, width)
    totals = different(coded, codes)
    places = municipalities.set_index("municipality_id")[words.column("label")]
    sheet, y = style.sheet(width), 0.0
    for matrix in _matrices(coded, more.reindex(codes["code"]), places, words, width):
        y = _head(sheet.ax, y, matrix, coded)
        for group in groups:
            y = _group(sheet.ax, y, group, matrix, totals)
        y = _legend(sheet.ax, y + SPACE / 2, words, width) + SPACE
    return sheet.end(y - SPACE)


def different(coded: pd.DataFrame, codes: pd.DataFrame) -> pd.Series:
    """How many different statements carry each code, however many municipalities they are
    ascribed to; arguments as for `draw`.
    """
    found = coded.groupby("code")["statement_id"].nunique()
    return found.reindex(codes["code"], fill_value=0)


def table(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    dimensions: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
) -> pd.DataFrame:
    """The matrix with its rows and columns in the order of the figure; arguments as for `draw`."""
    label = words.column("label")
    places = municipalities.set_index("municipality_id")[label]
    titles = dimensions.set_index("dimension")[label]
    rows = _shown(codes, coded, more)[["dimension", "code", label]]
    counts = _wide(coded, rows["code"], places.index)
    counts = counts.assign(different=different(coded, rows))
    if has_more(more).any():
        counts = _with_more(counts, more)
    named = rows.assign(dimension=rows["dimension"].map(titles))
    return named.merge(counts.rename(columns=places), on="code")


def _with_more(counts: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """The same with how many more only count behind each number."""
    unshown = more.reindex(counts.index).assign(
        different=[pd.NA if any_more else 0 for any_more in has_more(more).reindex(counts.index)]
    )
    return pd.DataFrame(
        {
            name: [
                and_more(str(n), extra)
                for n, extra in zip(counts[name], unshown[name], strict=True)
            ]
            for name in counts
        },
        counts.index,
    )


def headline(coded: pd.DataFrame, codes: pd.DataFrame, more: pd.DataFrame, words: Wording) -> str:
    """The role that most statements show municipalities in, and the fields that none is about, not
    even one that only counts; of a codebook without roles, the most frequent code.
    """
    totals, fields = different(coded, codes), codes.dropna(subset="role_code")
    quoted = codes.set_index("code")[words.column("label")].map(
        lambda label: words("quoted", code=label)
    )
    of_roles = totals[totals.index.isin(fields["role_code"])]
    kind = "role" if of_roles.any() else "code"
    ranked = of_roles if of_roles.any() else totals
    top = quoted[ranked.index[ranked == ranked.max()]]
    most = words.count(f"headline.{kind}", len(top), codes=words.listing(top))
    spoken = totals.gt(0) | has_more(more).reindex(totals.index)
    silent = [code for code in fields["code"] if not spoken[code]] if kind == "role" else []
    return (
        f"{most}; {words('headline.silent', codes=words.listing(quoted[silent]))}"
        if silent
        else f"{most}."
    )


def alt(
    coded: pd.DataFrame,
    codes: pd.DataFrame,
    municipalities: pd.DataFrame,
    more: pd.DataFrame,
    words: Wording,
) -> str:
    """The size of the matrix, the most frequent code of each dimension, and how many statements
    each municipality has; arguments as for `draw`.
    """
    label, totals = words.column("label"), different(coded, codes)
    shown = _shown(codes, coded, more)
    counted = shown.assign(n=totals[shown["code"]].to_numpy())
    top = counted.loc[counted.groupby("dimension", sort=False)["n"].idxmax()]
    named = [words("alt.top", code=row[label], n=row["n"]) for row in top.to_dict("records")]
    bases = _bases(coded, municipalities["municipality_id"])
    own = [f"{name} {n}" for name, n in zip(municipalities[label], bases, strict=True)]
    size = {"codes": len(shown), "places": len(municipalities)}
    size = {name: words.numeral(n) for name, n in size.items()}
    return words("alt", **size, top=words.listing(named), bases=words.listing(own))


def _matrices(
    coded: pd.DataFrame, more: pd.DataFrame, places: pd.Series, words: Wording, whole: float
) -> list[Matrix]:
    """As many municipalities beside each other as fit, the others below them."""
    is_broad, most = whole == style.WIDTH, SIDE_BY_SIDE[whole]
    labels, totals = (LABELS, TOTALS) if is_broad else (NARROW_LABELS, NARROW_TOTALS)
    if has_more(more).any():  # what is behind a plus needs its room
        totals, most = totals + MORE, most - 2
    across = math.ceil(len(places) / math.ceil(len(places) / most))
    width = min(WIDEST, (whole - labels - totals) / across)
    statements = _wide(coded, more.index, places.index)
    marked = {
        attribution: _wide(coded[coded["attribution"] == attribution], more.index, places.index)
        for attribution in MARKS
    }
    return [
        Matrix(statements, marked, more, places.iloc[i : i + across], width, words, labels)
        for i in range(0, len(places), across)
    ]


def _wide(coded: pd.DataFrame, codes: pd.Series | pd.Index, places: pd.Index) -> pd.DataFrame:
    """Statements per code and municipality, every combination a cell."""
    distinct = coded.drop_duplicates(["code", "municipality_id", "statement_id"])
    counts = distinct.groupby(["code", "municipality_id"]).size().unstack(fill_value=0)
    return counts.reindex(index=codes, columns=places, fill_value=0).rename_axis("code")


def _bases(coded: pd.DataFrame, places) -> list[int]:
    """How many different statements each municipality has."""
    own = coded.groupby("municipality_id")["statement_id"].nunique()
    return [int(own.get(place, 0)) for place in places]


def _shown(codes: pd.DataFrame, coded: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """All codes of the dimensions that some statement has a code of."""
    spoken = [*coded["code"], *more.index[has_more(more)]]
    used = codes.loc[codes["code"].isin(spoken), "dimension"]
    return codes[codes["dimension"].isin(used)]


def _groups(
    shown: pd.DataFrame, dimensions: pd.DataFrame, words: Wording, whole: float
) -> list[Group]:
    """The dimensions in use, with all their codes; shown: these."""
    labels, more = (LABELS, 0) if whole == style.WIDTH else (NARROW_LABELS, BELOW)
    width, groups = labels - INDENT - GAP, []
    for dimension in dimensions.to_dict("records"):
        own = shown[shown["dimension"] == dimension["dimension"]]
        names = own[words.column("label")]
        lines = [typeset.wrap(text, width, language=words.language) for text in names]
        if lines:
            title = words.text(dimension, "label")
            groups.append(Group(title, list(own["code"]), list(names), lines, more))
    return groups


def _head(ax: Axes, y: float, matrix: Matrix, coded: pd.DataFrame) -> float:
    """Each municipality with the number of its statements; returns where they end."""
    if matrix.is_narrow:
        return _upright(ax, y, matrix, coded)
    words, weight = matrix.words, "medium"
    bases = _bases(coded, matrix.places.index)
    names = [
        typeset.wrap(name, matrix.width - 0.1, weight=weight, language=words.language)
        for name in matrix.places
    ]
    bottom = y + typeset.height_of(max(map(len, names)))
    small = {"size": style.SMALL, "colour": style.MUTED}
    for i, (lines, n) in enumerate(zip(names, bases, strict=True)):
        x = matrix.labels + (i + 0.5) * matrix.width
        top = bottom - typeset.height_of(len(lines))
        typeset.write_lines(ax, x, top, lines, weight=weight, align="center")
        base = words("base", n=words.number(n))
        typeset.write_lines(ax, x, bottom, [base], align="center", **small)
    x = matrix.right + GAP
    typeset.write_lines(ax, x, bottom - typeset.height_of(1), [words("statements")], weight=weight)
    typeset.write_lines(ax, x, bottom, [words("different")], **small)
    return bottom + typeset.height_of(1, style.SMALL)


def _upright(ax: Axes, y: float, matrix: Matrix, coded: pd.DataFrame) -> float:
    """The same on a narrow sheet, where no name is as short as its column is wide."""
    words, bases = matrix.words, _bases(coded, matrix.places.index)
    columns = {matrix.labels + (i + 0.5) * matrix.width: name
               for i, name in enumerate(matrix.places)}  # fmt: skip
    columns[matrix.right + GAP + 0.25] = f"{words('statements')} ({words('different')})"
    bottom = y + max(typeset.text_width(name, weight="medium") for name in columns.values()) + 0.1
    look = {"rotation": 90, "ha": "center", "va": "bottom", "fontweight": "medium"}
    for x, name in columns.items():
        ax.text(x, bottom, name, fontsize=style.NORMAL, **look)
    small = {"size": style.SMALL, "colour": style.MUTED, "align": "center"}
    for x, n in zip(columns, bases, strict=False):
        typeset.write_lines(ax, x, bottom, [words("base", n=words.number(n))], **small)
    return bottom + typeset.height_of(1, style.SMALL)


def _group(ax: Axes, y: float, group: Group, matrix: Matrix, totals: pd.Series) -> float:
    """The title of a dimension and the rows of its codes; returns where they end."""
    look = {"weight": "bold", "valign": "center", "language": matrix.words.language}
    typeset.write(ax, 0, y + TITLE / 2, group.title, matrix.right, **look)
    y += TITLE
    _cells(ax, y, group, matrix)
    for code, name, lines in zip(group.codes, group.names, group.lines, strict=True):
        middle = y + group.row / 2
        with links.said(ax, name, f"codes:{code}"):
            typeset.write_lines(ax, INDENT, middle - typeset.height_of(len(lines) / 2), lines)
        for i, (place, where) in enumerate(matrix.places.items()):
            number = and_more(str(matrix.statements.at[code, place]), matrix.more.at[code, place])
            title = f"{name} – {where}: {number}"
            with links.said(ax, title, f"codes:{code}:{place}"):
                _number(ax, matrix.labels + i * matrix.width, middle, matrix, code, place)
        _total(ax, matrix, middle, totals, code)
        y += group.row
    return y


def _cells(ax: Axes, y: float, group: Group, matrix: Matrix) -> None:
    """The shades of a dimension, drawn by seaborn on axes of their own below the numbers."""
    height = len(group.codes) * group.row
    box = (matrix.labels, y, matrix.right - matrix.labels, height)
    inset = ax.inset_axes(box, transform=ax.transData, zorder=0)
    counts = matrix.statements.loc[group.codes, matrix.places.index]
    shades = ListedColormap([style.shade(n, matrix.most) for n in range(matrix.most + 1)])
    shaded = {"cmap": shades, "vmin": -0.5, "vmax": matrix.most + 0.5, "cbar": False}
    rims = {"linewidths": RIM, "linecolor": style.PAPER}
    seaborn.heatmap(counts, ax=inset, xticklabels=False, yticklabels=False, **shaded, **rims)
    inset.set(xlabel="", ylabel="")


def _number(ax: Axes, x: float, middle: float, matrix: Matrix, code: str, place: str) -> None:
    """How many statements a cell has, and marks for those that are not ascribed expressly."""
    n = int(matrix.statements.at[code, place])
    number = [and_more(matrix.words.number(n), matrix.more.at[code, place])]
    if number == ["0"]:
        return
    colour = style.ink_on(style.shade(n, matrix.most))
    marks = {how: int(counts.at[code, place]) for how, counts in matrix.marked.items()}
    half = typeset.height_of(0.5)
    if not matrix.is_narrow:
        x += 0.42 * matrix.width
        typeset.write_lines(ax, x, middle - half, number, colour=colour, align="right")
    else:
        x, apart = x + 0.5 * matrix.width, BELOW / 2 if any(marks.values()) else 0
        typeset.write_lines(ax, x, middle - apart - half, number, colour=colour, align="center")
        x, middle = x - _marks(None, 0, 0, marks, colour, matrix.words) / 2 - 0.05, middle + apart
    _marks(ax, x, middle, marks, colour, matrix.words)


def _marks(
    ax: Axes | None, x: float, middle: float, marks: dict[str, int], colour, words: Wording
) -> float:
    """The marks of a cell, how many of each attribution; returns where they end. Draws nothing
    without axes.
    """
    for attribution, n in marks.items():
        x += 0.1
        for _ in range(n if n <= SINGLY else 1):
            if ax:
                _mark(ax, x, middle, attribution, colour)
            x += 1.4 * MARK
        if n > SINGLY:
            number, look = words.number(n), {"size": style.SMALL, "colour": colour}
            if ax:
                top = middle - typeset.height_of(0.5, style.SMALL)
                typeset.write_lines(ax, x, top, [number], **look)
            x += typeset.text_width(number, style.SMALL)
    return x


def _mark(ax: Axes, x: float, middle: float, attribution: str, colour) -> None:
    """The sign of a statement that is not ascribed expressly: solid where the municipality is
    inferred, hollow where all are spoken of.
    """
    solid = {"facecolor": colour, "linewidth": 0}
    look = solid if attribution == "inferred" else {"fill": False, "edgecolor": colour}
    ax.add_patch(Rectangle((x, middle - MARK / 2), MARK, MARK, **{"linewidth": 0.8} | look))


def _total(ax: Axes, matrix: Matrix, middle: float, totals: pd.Series, code: str) -> None:
    """A bar, but on narrow sheets, and the number of different statements with a code; words where
    there are none.
    """
    x, top, words = matrix.right + GAP, middle - typeset.height_of(0.5), matrix.words
    n, is_more = int(totals[code]), bool(has_more(matrix.more.loc[[code]]).iloc[0])
    if not n and not is_more:
        x = matrix.labels + GAP if matrix.is_narrow else x
        typeset.write_lines(ax, x, top, [words("no_statement")], colour=style.MUTED)
        return
    length = 0 if matrix.is_narrow else BAR * n / totals.max()
    if length:
        ax.add_patch(Rectangle((x, middle - 0.11), length, 0.22, facecolor=style.QUIET))
    number = and_more(words.number(n), pd.NA if is_more else 0)
    typeset.write_lines(ax, x + length + 0.12, top, [number], weight="bold")


def _legend(ax: Axes, y: float, words: Wording, width: float) -> float:
    """What the marks mean, side by side; returns where it ends."""
    look, x = {"size": style.SMALL, "colour": style.MUTED}, INDENT
    for attribution in MARKS:
        text = words(f"mark.{attribution}")
        if x + 2 * MARK + typeset.text_width(text, style.SMALL) > width:
            x, y = INDENT, y + typeset.height_of(1.2, style.SMALL)
        _mark(ax, x, y + typeset.height_of(0.5, style.SMALL), attribution, style.MUTED)
        typeset.write_lines(ax, x + 2 * MARK, y, [text], **look)
        x += 2 * MARK + typeset.text_width(text, style.SMALL) + 0.5
    return y + typeset.height_of(1, style.SMALL)
