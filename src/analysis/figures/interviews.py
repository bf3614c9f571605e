"""The interviews: who was asked, how, and to which block of the guide their statements belong."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import FEW, Wording, capitalised

TEXT = 4.5  # width of the texts on who was asked, cm
TOTAL = 0.9  # width of the totals, cm
WIDEST = 2.9  # and at most a block of the guide, cm
LEAST = 1.6  # at least a block, cm
SQUARE = 0.23  # size of a square, cm
STEP = 0.27  # distance of squares, cm
PER_LINE = 10  # squares in a line, so that a row shows how many they are
PAD = 0.2  # space above and below a row, cm
LOOKS = {  # by attribution, surest first
    "explicit": {"facecolor": style.ACCENT, "edgecolor": style.ACCENT},
    "inferred": {"facecolor": style.MIDDLE, "edgecolor": style.MIDDLE},
    "collective": {"facecolor": style.PAPER, "edgecolor": style.ACCENT},
    "none": {**style.NOT_STATED, "edgecolor": style.MUTED, "linewidth": 0.6},
}
MUTED = {"size": style.SMALL, "colour": style.MUTED}
BLOCK = 5.2  # width of the names of blocks on a narrow sheet, cm


@dataclass(frozen=True)
class Row:
    """A municipality, what is said of its interviews, and its statements (rows: blocks, columns:
    attributions). names: of the blocks.
    """

    title: str
    texts: list[str]
    counts: pd.DataFrame
    names: dict[str, str]
    place: str = ""

    def said(self, ax: Axes, code: str, words: Wording):
        """What is drawn within are the statements of a block; where they are of a municipality,
        they lead to all of these.
        """
        n = words.number(int(self.counts.loc[code].sum()))
        row = f"codes:{code}:{self.place}" if self.place else ""
        return links.said(ax, f"{self.title} – {self.names[code]}: {n}", row)


@dataclass(frozen=True)
class Grid:
    """The columns: `n` blocks of the guide, each `width` cm wide, with squares in lines."""

    n: int

    @property
    def width(self) -> float:
        """The width of a block, in cm."""
        return min(WIDEST, (style.WIDTH - TEXT - TOTAL) / self.n)

    @property
    def fits(self) -> bool:
        """Whether there is room for the names of the blocks above their columns."""
        return self.width >= LEAST

    @property
    def per_line(self) -> int:
        """Squares in a line of a block."""
        return max(1, min(PER_LINE, int(self.width / STEP)))

    @property
    def right(self) -> float:
        """The right edge of the totals, in cm."""
        return TEXT + self.n * self.width + TOTAL


def draw(
    interviews: pd.DataFrame,
    municipalities: pd.DataFrame,
    blocks: pd.DataFrame,
    counts: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Municipalities (rows) with how they were asked, and their statements per block of the guide
    (columns) as small squares; on a narrow sheet, and where there are many blocks, those of each
    stand below each other.

    interviews, municipalities: as the tables. blocks: code, label and `questions` (a count), in
    order. counts: code, municipality_id (missing for statements of no municipality), attribution,
    statements (a count). None if the guide has no blocks, or there are neither interviews nor
    statements.
    """
    if blocks.empty or (interviews.empty and counts.empty):
        return None
    grid, sheet, shared = Grid(len(blocks)), style.sheet(width), _shared(interviews, words)
    rows = _rows(interviews, municipalities, blocks, counts, words)
    if width < style.WIDTH or not grid.fits:
        y = _listed(sheet.ax, rows, shared, words, width)
    else:
        y = _head(sheet.ax, grid, blocks, shared, words)
        for row in rows:
            y = _row(sheet.ax, y, grid, row, words)
    used = [name for name in LOOKS if name in set(counts["attribution"])]
    return sheet.end(_legend(sheet.ax, y + PAD, used, words, width))


def table(
    municipalities: pd.DataFrame, blocks: pd.DataFrame, counts: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """Statements per municipality and block, by attribution and in all, in the order of the
    figure, with a row per block for those of no municipality; arguments as for `draw`.
    """
    label = words.column("label")
    places = municipalities.set_index("municipality_id")[label]
    places[""] = words("no_municipality")
    themes = blocks.set_index("code")[label]
    keyed = counts.assign(municipality=counts["municipality_id"].fillna(""), theme=counts["code"])
    wide = keyed.groupby(["municipality", "theme", "attribution"])["statements"].sum().unstack()
    every = pd.MultiIndex.from_product(
        [places.index, themes.index], names=["municipality", "theme"]
    )
    full = wide.reindex(every).fillna(0).astype(int)
    flat = full.assign(statements=full.sum(axis=1)).reset_index()
    return flat.assign(
        municipality=flat["municipality"].map(places), theme=flat["theme"].map(themes)
    )


def headline(
    interviews: pd.DataFrame, blocks: pd.DataFrame, statements: pd.Series, words: Wording
) -> str:
    """How many were asked and, of several, how many of them in writing, where that is known of all;
    and which block most statements are on.

    statements: how many different ones each block has, by its code.
    """
    said, modes = [], interviews["mode"]
    if len(modes) > 1 and not modes.eq("unknown").any():
        who = "groups" if modes.eq("group").any() else "respondents"
        total = words.count(who, len(modes))
        said.append(words.count("headline", int(modes.eq("written").sum()), respondents=total))
    names = blocks.set_index("code")[words.column("label")]
    top = _first(statements, names, words)
    if len(top) > FEW:
        said.append(words("headline.tied", n=words.numeral(len(top))))
    elif top or not said:
        said.append(words.count("headline.most", len(top), themes=words.listing(top)))
    return " ".join(f"{sentence}." for sentence in said)


def caption(
    interviews: pd.DataFrame, n: int, total: int, counts: pd.DataFrame, words: Wording
) -> str:
    """What is shown, of how many statements, whether there are others in no section, and why totals
    add up to more, where they do; total: with those. interviews, counts: as for `draw`.
    """
    rows = int(counts["statements"].sum())
    numbers = {"n": words.number(n), "rows": words.number(rows)}
    more = words("caption.more", **numbers) if rows > n else ""
    without = words("caption.without") if total > n else ""
    asked = words("caption.asked") if len(interviews) else ""
    return capitalised(words("caption", asked=asked, without=without, more=more, **numbers))


def _first(statements: pd.Series, names: pd.Series, words: Wording) -> list[str]:
    """The blocks that most statements are on, several where these have as many; none where there
    are no statements.
    """
    most = statements.index[statements.gt(0) & statements.eq(statements.max())]
    return [words("quoted", text=names[code]) for code in most]


def alt(
    interviews: pd.DataFrame,
    municipalities: pd.DataFrame,
    blocks: pd.DataFrame,
    counts: pd.DataFrame,
    words: Wording,
) -> str:
    """Who was asked how, and for each row its statements and its most frequent block or blocks;
    arguments as for `draw`.
    """
    label = words.column("label")
    places = municipalities.set_index("municipality_id")[label]
    asked = [
        f"{places[place]} ({words(f'mode.{mode}')})"
        for place, mode in zip(interviews["municipality_id"], interviews["mode"], strict=True)
    ]
    names, rows = blocks.set_index("code")[label], []
    for row in _rows(interviews, municipalities, blocks, counts, words):
        own = row.counts.sum(axis=1)
        top = _first(own, names, words)
        numbers = {"total": words.number(own.sum()), "most": words.number(own.max())}
        shown = {"municipality": row.title} | numbers
        rows.append(words.count("alt.place", len(top), themes=words.listing(top), **shown))
    who = f". {words('alt.asked', names=words.listing(asked))}" if asked else ""
    return words("alt", asked=who, per_place="; ".join(rows))


def _rows(
    interviews: pd.DataFrame,
    municipalities: pd.DataFrame,
    blocks: pd.DataFrame,
    counts: pd.DataFrame,
    words: Wording,
) -> list[Row]:
    """Every municipality that was asked or has statements, then the statements of none."""
    said, shared = set(counts["municipality_id"].dropna()), _shared(interviews, words)
    names, rows = dict(zip(blocks["code"], blocks[words.column("label")], strict=True)), []
    for place in municipalities.to_dict("records"):
        of_place = interviews["municipality_id"] == place["municipality_id"]
        asked = interviews[of_place].to_dict("records")
        texts = [text for interview in asked for text in _about(interview, shared, words)]
        if asked or place["municipality_id"] in said:
            here = counts[counts["municipality_id"] == place["municipality_id"]]
            name = words.text(place, "label")
            texts = texts or ([words("not_asked")] if len(interviews) else [])
            rows.append(Row(name, texts, _by_block(here, blocks), names, place["municipality_id"]))
    of_none = counts[counts["municipality_id"].isna()]
    if len(of_none):
        rows.append(Row(words("no_municipality"), [], _by_block(of_none, blocks), names))
    return rows


def _by_block(counts: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    wide = counts.pivot(index="code", columns="attribution", values="statements")
    return wide.reindex(index=blocks["code"], columns=list(LOOKS)).fillna(0).astype(int)


def _about(interview: dict, shared: list[str], words: Wording) -> list[str]:
    """Who was asked, how, how long and when; without what holds for all interviews."""
    office = words.text(interview, "function") or words("no_office")
    who = words(f"who.{interview['consent']}", office=office)
    how = [words(f"mode.{interview['mode']}"), _length(interview, words)]
    own = ", ".join(text for text in how if text not in shared)
    when = _period(interview, words)
    return [text for text in (who, own, when) if text and text not in shared]


def _period(interview: dict, words: Wording) -> str:
    """When an interview took place; empty if that is not told."""
    return "" if pd.isna(interview["period"]) else words.date(interview["period"])


def _length(interview: dict, words: Wording) -> str:
    """How long an interview took."""
    if pd.isna(interview["duration"]):
        return words("no_duration.written" if interview["mode"] == "written" else "no_duration")
    hours = interview["duration"]
    return words.count("hours", int(hours) if hours == int(hours) else hours)


def _shared(interviews: pd.DataFrame, words: Wording) -> list[str]:
    """The period and the length that all interviews have in common, if there are several."""
    if len(interviews) < 2:
        return []
    rows = interviews.to_dict("records")
    kinds = ({of(interview, words) for interview in rows} for of in (_period, _length))
    return [text for texts in kinds if len(texts) == 1 for text in texts if text]


def _head(ax: Axes, grid: Grid, blocks: pd.DataFrame, shared: list[str], words: Wording) -> float:
    """The blocks with the number of their questions, and what all interviews share; returns where
    they end.
    """
    look = {"weight": "medium", "language": words.language}
    labels = [
        typeset.wrap_evenly(label, grid.width - 0.25, **look)
        for label in blocks[words.column("label")]
    ]
    last = typeset.height_of(max(map(len, labels)))
    for i, (lines, n) in enumerate(zip(labels, blocks["questions"], strict=True)):
        x = TEXT + i * grid.width
        typeset.write_lines(ax, x, last - typeset.height_of(len(lines)), lines, weight="medium")
        typeset.write_lines(ax, x, last, [words.count("questions", int(n))], **MUTED)
    typeset.write_lines(ax, grid.right, last, [words("total")], weight="medium", align="right")
    common = typeset.wrap(", ".join(shared), TEXT - 0.25, style.SMALL, language=words.language)
    top = last + typeset.height_of(1) - typeset.height_of(len(common), style.SMALL)
    typeset.write_lines(ax, 0, top, common, **MUTED)
    return last + typeset.height_of(1) + 0.2


def _row(ax: Axes, y: float, grid: Grid, row: Row, words: Wording) -> float:
    """A municipality below a rule; returns where it ends."""
    ax.plot([0, grid.right], [y, y], color=style.RULE, linewidth=0.8)
    top, look = y + PAD, {"language": words.language}
    title = {"size": style.LARGE, "weight": "bold"}
    below = top + typeset.write(ax, 0, top, row.title, TEXT - 0.25, **title, **look)
    for text in row.texts:
        below += typeset.write(ax, 0, below, text, TEXT - 0.25, colour=style.MUTED, **look)
    ends = [below]
    for i, (code, counts) in enumerate(row.counts.to_dict("index").items()):
        x = TEXT + i * grid.width
        with row.said(ax, code, words):
            ends.append(_cell(ax, x, top, grid.per_line, counts, words))
    total = words.number(int(row.counts.to_numpy().sum()))
    typeset.write_lines(ax, grid.right, top, [total], align="right", **title)
    return max(ends) + PAD


def _cell(
    ax: Axes, x: float, top: float, per_line: int, counts: dict[str, int], words: Wording
) -> float:
    """The number of statements of a block and a square for each of them; returns where they end."""
    squares = [look for name, look in LOOKS.items() for _ in range(counts[name])]
    colour = style.INK if squares else style.MUTED
    number = [words.number(len(squares))]
    y = top + typeset.write_lines(ax, x, top, number, size=style.LARGE, colour=colour) + 0.06
    return _squares(ax, x, y, per_line, squares)


def _squares(ax: Axes, x: float, y: float, per_line: int, squares: list[dict]) -> float:
    """Squares in lines; returns where they end."""
    for i, look in enumerate(squares):
        line, place = divmod(i, per_line)
        ax.add_patch(Rectangle((x + place * STEP, y + line * STEP), SQUARE, SQUARE, **look))
    return y + STEP * -(-len(squares) // per_line)


def _listed(ax: Axes, rows: list[Row], shared: list[str], words: Wording, width: float) -> float:
    """Municipalities, and their blocks below each other; returns where they end."""
    look, y = {"language": words.language}, 0.0
    if shared:
        y += typeset.write(ax, 0, y, ", ".join(shared), width, **MUTED, **look) + PAD
    for row in rows:
        ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
        title = {"size": style.LARGE, "weight": "bold"} | look
        y += PAD + typeset.write(ax, 0, y + PAD, row.title, width, **title)
        text = ", ".join(row.texts)
        y += typeset.write(ax, 0, y, text, width, colour=style.MUTED, **look) + PAD / 2
        for code, counts in row.counts.to_dict("index").items():
            with row.said(ax, code, words):
                y = _block(ax, y, row.names[code], counts, words) + PAD / 2
        y += PAD / 2
    return y


def _block(ax: Axes, y: float, name: str, counts: dict[str, int], words: Wording) -> float:
    """The name of a block, the number of its statements, and their squares; returns the bottom."""
    squares = [look for name, look in LOOKS.items() for _ in range(counts[name])]
    colour = style.INK if squares else style.MUTED
    bottom = y + typeset.write(ax, 0, y, name, BLOCK, language=words.language)
    number = [words.number(len(squares))]
    typeset.write_lines(ax, BLOCK + 0.6, y, number, weight="bold", colour=colour, align="right")
    top = y + (typeset.height_of(1) - SQUARE) / 2
    return max(bottom, _squares(ax, BLOCK + 0.8, top, PER_LINE, squares))


def _legend(ax: Axes, y: float, names: list[str], words: Wording, width: float) -> float:
    """What the squares mean, side by side below a rule; returns where it ends."""
    typeset.write_lines(ax, 0, y, [words("legend")], **MUTED)
    x = typeset.text_width(words("legend"), style.SMALL) + 0.4
    for name in names:
        text = words(f"legend.{name}")
        if x + 0.34 + typeset.text_width(text, style.SMALL) > width:
            x, y = 0.0, y + typeset.height_of(1.2, style.SMALL)
        ax.add_patch(Rectangle((x, y + 0.07), 0.2, 0.2, **LOOKS[name]))
        typeset.write_lines(ax, x + 0.34, y, [text], **MUTED)
        x += 0.34 + typeset.text_width(text, style.SMALL) + 0.5
    return y + typeset.height_of(1, style.SMALL)
