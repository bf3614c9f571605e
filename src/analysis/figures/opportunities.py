"""Opportunities and limits: what is said of one kind and of the other, topic by topic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Rectangle

from analysis.drawing import links, style, typeset
from analysis.figures.parts.dimension import unusual
from analysis.wording import Wording, capitalised

LABELS = 5.1  # width of the labels, cm
INDENT = 0.25  # their indent, cm
SIDE = 3.66  # width of a side, cm
LEGEND = 13.4  # left edge of the legend, cm
STEP = 0.61  # distance of marks, cm
BETWEEN = 0.06  # white between them, cm
TITLE = 0.72  # least height of the title of a group, cm
PAD = 0.07  # space around marks and beside zero, cm
GAP = 0.1  # cm
ZERO = LABELS + SIDE + GAP  # where the zero line stands, cm
INKS = (style.MUTED, style.ACCENT)  # of the left and of the right side
SIGN = 0.26  # size of a mark in the legend, cm
SENTENCE = r"(?:[^;]* )?s ?\d+"  # a passage that is a single sentence
ROUND = "case"  # the corpus whose marks are round
# On a narrow sheet topics stand above their marks, and the legend below them all.
NARROW_SIDE = 4.3  # room for the marks of a side, cm
NARROW_ZERO = 4.5  # where the sides meet, cm
# How a mark is filled: the surer the attribution, the fuller; with the ink of its side. What is
# ascribed to nobody has a dashed rim.
SHADES = {"explicit": 1.0, "inferred": 0.45, "collective": 0.0, "none": 0.0}
DASHED = (0, (1.6, 1.1))


@dataclass(frozen=True)
class Row:
    """A topic: its name and the lines of it, its marks to the left and to the right of zero."""

    name: str
    lines: list[str]
    left: list[dict]
    right: list[dict]

    @property
    def kind(self) -> int:
        """On which sides there are marks: 1 right only, 0 both, -1 left only."""
        return bool(self.right) - bool(self.left)


@dataclass(frozen=True)
class Scale:
    """How wide a mark is with the space behind it, in cm, how many of them fit in a line, and where
    zero is.

    side: width of a side. labels: room for the topics beside the marks; none where they stand above
    them.
    """

    step: float
    zero: float = ZERO
    side: float = SIDE
    labels: float = LABELS

    @property
    def across(self) -> int:
        """Marks in a line."""
        return int(self.side / self.step)


def draw(
    marks: pd.DataFrame,
    topics: pd.DataFrame,
    sides: pd.DataFrame,
    places: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Topics (rows, by the side they have marks on) with one mark per statement to the left and to
    the right of zero; round ones are of the case studies, paler ones not ascribed expressly.

    marks: code (of a side), with_code (a topic; missing: none), initials, corpus, attribution; one
    row each. topics: codes with labels. sides: two codes with labels, left first. places: initials
    with their label, in order. None if there are no marks, or the codebook lacks a side.
    """
    if marks.empty or sides[words.column("label")].isna().any():
        return None
    # Initials that do not fit into a mark make all of them wider.
    widest = max(typeset.text_width(initials) for initials in marks["initials"].unique())
    is_narrow, sheet = width < style.WIDTH, style.sheet(width)
    narrow = {"zero": NARROW_ZERO, "side": NARROW_SIDE, "labels": 0} if is_narrow else {}
    scale = Scale(max(STEP, widest + 0.2), **narrow)
    head = _head(sheet.ax, list(sides[words.column("label")]), scale, words)
    about = (marks, topics, places, words)
    noted = 0 if is_narrow else _legend(sheet.ax, LEGEND, 0.3, style.WIDTH, *about)
    # The first title stands beside the names of the sides.
    y = head if is_narrow else max(0.0, head - TITLE)
    for title, rows in _groups(marks, topics, sides, list(places["initials"]), words):
        y = _title(sheet.ax, y, title)
        for row in rows:
            y = _row(sheet.ax, y, row, scale, words)
    if is_narrow:
        return sheet.end(_legend(sheet.ax, 0, y + TITLE / 2, width, *about))
    sheet.ax.plot([ZERO, ZERO], [head, y], color=style.INK, linewidth=0.8)
    return sheet.end(max(y, noted) + 0.1)


def table(
    marks: pd.DataFrame, topics: pd.DataFrame, codes: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """Every mark: its topic, its side, whose it is, what is said and where; arguments as for
    `draw`, `codes` with the labels of all codes.
    """
    names = codes.set_index("code")[words.column("label")]
    order = {code: place for place, code in enumerate(topics["code"])}
    how_known = marks["attribution"].where(marks["corpus"] != ROUND, ROUND)
    named = marks.assign(
        topic=marks["with_code"].map(names).fillna(_rest(topics, words)),
        aspect=marks["code"].map(names),
        attribution=[words(f"attribution.{how}") for how in how_known],
        chapter=[words(f"corpus.{corpus}") for corpus in marks["corpus"]],
        order=marks["with_code"].map(order),
    )
    turned = [True, True, False, True]
    ordered = named.sort_values(["order", "code", "corpus", "unit_id"], ascending=turned)
    gist = words.column("gist")
    columns = ["topic", "aspect", "initials", gist, "attribution", "chapter", "locator"]
    return ordered[columns].rename(columns={"topic": unusual(topics) or "topic"})


def headline(
    marks: pd.DataFrame, sides: pd.DataFrame, municipalities: pd.DataFrame, words: Wording
) -> str:
    """How many statements of the right side come from the municipality that has most of them, and
    how many of these from one sentence, where passages name sentences; that it is more than half,
    where it is; from each of them, where several have as many. Arguments as for `draw`.
    """
    right = sides.iloc[1]
    said = marks[marks["code"] == right["code"]].drop_duplicates(
        ["statement_id", "municipality_id"]
    )
    side, total = words.text(right, "label"), said["statement_id"].nunique()
    about = {"side": side, "all": words.numeral(total)}
    by_place = said.groupby("municipality_id", sort=False).size()
    if by_place.empty:
        return words("headline.none", **about)
    most, n = by_place.index[by_place == by_place.max()], int(by_place.max())
    names = municipalities.set_index("municipality_id")[words.column("label")]
    about["place"] = words.few(names[most], "headline.places")
    if total == 1:
        return words("headline.only", **about)
    if len(most) > 1:
        return words.count("headline.several", n, **about)
    own = said[said["municipality_id"] == most[0]]
    of_a_sentence = own[own["locator"].str.fullmatch(SENTENCE, na=False)]
    passage = ["source_id", "interview_id", "locator"]
    longest = max(of_a_sentence.groupby(passage, dropna=False).size(), default=0)
    number = words.numeral(n)
    about["said"] = words("headline.half", n=number) if 2 * n > total else number
    first = words.count("headline", n, **about)
    return (
        f"{first}, {words('headline.list', n=words.numeral(longest))}."
        if longest > 1
        else f"{first}."
    )


def alt(marks: pd.DataFrame, topics: pd.DataFrame, sides: pd.DataFrame, words: Wording) -> str:
    """How many statements each topic has on either side; arguments as for `draw`."""
    left, right = sides["code"]
    per_topic = topic_counts(marks, topics, sides)
    names = topics.set_index("code")[words.column("label")]
    groups = {}
    for name, chosen in (
        ("more", per_topic[left] == 0),
        ("both", (per_topic[left] > 0) & (per_topic[right] > 0)),
        ("fewer", per_topic[right] == 0),
    ):
        found = per_topic[chosen].iterrows()
        shown = [
            f"{names[code]} {_ratio(counts[right], counts[left], words)}" for code, counts in found
        ]
        groups[name] = ", ".join(shown) or "–"
    without = marks.loc[marks["with_code"].isna(), "code"]
    rest = _ratio(without.eq(right).sum(), without.eq(left).sum(), words)
    labels = dict(zip(("left", "right"), sides[words.column("label")], strict=True))
    return capitalised(words("alt", **labels, **groups, **_nouns(topics, words), rest=rest))


def caption(
    marks: pd.DataFrame, topics: pd.DataFrame, sides: pd.DataFrame, corpora: str, words: Wording
) -> str:
    """What stands on which side of zero, how many statements there are, and from where; arguments
    as for `draw`.
    """
    labels = dict(zip(("left", "right"), sides[words.column("label")], strict=True))
    n, nouns = words.numeral(marks["statement_id"].nunique()), _nouns(topics, words)
    if other := unusual(topics):
        nouns["row"] = words("row.code.named", dimension=other)
    return words("caption", **labels, **nouns, n=n, corpora=corpora)


def _nouns(topics: pd.DataFrame, words: Wording) -> dict[str, str]:
    """What the rows are called, one and several."""
    kind = ".code" if unusual(topics) else ""
    return {noun: words(f"{noun}{kind}") for noun in ("row", "rows")}


def _rest(topics: pd.DataFrame, words: Wording) -> str:
    """The title of what is beside no row."""
    return words("rest", row=_nouns(topics, words)["row"])


def topic_counts(marks: pd.DataFrame, topics: pd.DataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    """Marks per topic (rows, in codebook order, as far as spoken of) and side (columns)."""
    counts = marks.groupby(["with_code", "code"]).size().unstack(fill_value=0)
    spoken_of = [code for code in topics["code"] if code in counts.index]
    return counts.reindex(index=spoken_of, columns=list(sides["code"]), fill_value=0)


def _ratio(right: int, left: int, words: Wording) -> str:
    return words("ratio", right=words.number(right), left=words.number(left))


def _groups(
    marks: pd.DataFrame, topics: pd.DataFrame, sides: pd.DataFrame, order: list[str], words: Wording
) -> list[tuple[list[str], list[Row]]]:
    """The topics that were spoken of, those with most marks on the right first, under the titles of
    their groups; then what is about no topic.
    """
    label, sure = words.column("label"), list(SHADES)
    ranked = marks.assign(
        place=marks["initials"].map(order.index), sure=marks["attribution"].map(sure.index)
    ).sort_values(["corpus", "sure", "place"], ascending=[False, True, True])
    named = zip(topics["code"], topics[label], strict=True)
    found = [(name, ranked[ranked["with_code"] == code]) for code, name in named]
    rows = [_topic(name, own, sides["code"], words) for name, own in found if len(own)]
    rows.sort(key=lambda row: (-row.kind, len(row.left) - len(row.right)))
    left, right = sides[label]
    titles = {1: words("only", side=right), 0: words("both"), -1: words("only", side=left)}
    groups = [
        (_bold(titles[kind], words), list(group))
        for kind, group in groupby(rows, key=lambda row: row.kind)
    ]
    rest = ranked[ranked["with_code"].isna()]
    if len(rest):
        none = words("no_topic.code" if unusual(topics) else "no_topic")
        alone = [_topic(none, rest, sides["code"], words)]
        groups.append((_bold(_rest(topics, words), words), alone))
    return groups


def _bold(title: str, words: Wording) -> list[str]:
    return typeset.wrap(title, LABELS, weight="bold", language=words.language)


def _topic(name: str, marks: pd.DataFrame, sides: pd.Series, words: Wording) -> Row:
    lines = typeset.wrap(name, LABELS - INDENT, language=words.language)
    return Row(name, lines, *(marks[marks["code"] == side].to_dict("records") for side in sides))


def _head(ax: Axes, names: list[str], scale: Scale, words: Wording) -> float:
    """The names of the sides beside zero; returns where they end."""
    look = {"size": style.LARGE, "weight": "bold"}
    lines = [typeset.wrap(name, scale.side, **look, language=words.language) for name in names]
    bottom = max(TITLE, typeset.height_of(max(map(len, lines)), style.LARGE) + 0.15)
    beside = scale.zero - GAP, scale.zero + GAP
    edges = zip(lines, beside, ("right", "left"), INKS, strict=True)
    for name, x, align, colour in edges:
        top = bottom - PAD - typeset.height_of(len(name), style.LARGE)
        typeset.write_lines(ax, x, top, name, align=align, colour=colour, **look)
    return bottom


def _title(ax: Axes, y: float, lines: list[str]) -> float:
    """The title of a group; returns where it ends."""
    height = typeset.height_of(len(lines))
    bottom = y + TITLE + height - typeset.height_of(1)
    typeset.write_lines(ax, 0, bottom - 0.1 - height, lines, weight="bold")
    return bottom


def _row(ax: Axes, y: float, row: Row, scale: Scale, words: Wording) -> float:
    """A topic and its marks, as high as they need; returns where it ends."""
    lines = -(-max(len(row.left), len(row.right)) // scale.across)
    height = max(lines * STEP, typeset.height_of(len(row.lines))) + 2 * PAD
    if scale.labels:
        top = y + (height - typeset.height_of(len(row.lines))) / 2
        typeset.write_lines(ax, INDENT, top, row.lines)
    else:
        room = scale.zero + scale.side
        y += typeset.write(ax, 0, y, row.name, room, language=words.language)
        height = lines * STEP + 2 * PAD
        line = [y + PAD / 2, y + height - PAD / 2]
        ax.plot([scale.zero] * 2, line, color=style.INK, linewidth=0.8)
    for marks, direction, ink in zip((row.left, row.right), (-1, 1), INKS, strict=True):
        for i, mark in enumerate(marks):
            line, place = divmod(i, scale.across)
            x = scale.zero + direction * (GAP + (place + 0.5) * scale.step)
            middle = y + PAD + (line + 0.5) * STEP
            size, top = (scale.step - BETWEEN, STEP - BETWEEN), middle - typeset.height_of(0.5)
            title = f"{mark['initials']}: {words.text(mark, 'gist')}"
            with links.said(ax, title, f"statements:{mark['unit_id']}"):
                colour = style.ink_on(_mark(ax, x, middle, size, mark, ink))
                typeset.write_lines(ax, x, top, [mark["initials"]], align="center", colour=colour)
    return y + height


def _mark(ax: Axes, x: float, y: float, size: tuple[float, float], mark: dict, ink: str):
    """A statement, its middle at (x, y): round if it is of a case study; returns its colour."""
    face = style.tint(ink, SHADES[mark["attribution"]])
    look = {"facecolor": face, "edgecolor": ink, "linewidth": 1}
    look |= {"linestyle": DASHED} if mark["attribution"] == "none" else {}
    width, height = size
    if mark["corpus"] == ROUND:
        ax.add_patch(Ellipse((x, y), width, height, **look))
    else:
        ax.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, **look))
    return face


def _legend(
    ax: Axes,
    left: float,
    y: float,
    right: float,
    marks: pd.DataFrame,
    topics: pd.DataFrame,
    places: pd.DataFrame,
    words: Wording,
) -> float:
    """What the marks mean, as far as they occur, and which topics have none, between the edges
    `left` and `right`; returns where it ends.
    """
    label, used = words.column("label"), set(marks["attribution"])
    corpora = [corpus for corpus in ("interview", ROUND) if corpus in set(marks["corpus"])]
    shapes = [(corpus, "explicit", words(f"shape.{corpus}")) for corpus in corpora]
    shades = [("interview", how, words(f"shade.{how}")) for how in SHADES if how in used]
    look = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    named = places[places["initials"].isin(marks["initials"])]
    bold = (typeset.text_width(initials, style.SMALL, "bold") for initials in named["initials"])
    x = left + max(STEP, max(bold, default=0) + GAP)
    room = right - x
    for group in (shapes, shades):
        for corpus, how, text in group:
            middle = y + typeset.height_of(0.5, style.SMALL)
            mark = {"corpus": corpus, "attribution": how}
            _mark(ax, left + SIGN / 2, middle, (SIGN, SIGN), mark, style.MUTED)
            y += typeset.write(ax, x, y, text, room, **look) + 0.12
        y += 0.12
    for place in named.to_dict("records"):
        typeset.write_lines(ax, left, y, [place["initials"]], size=style.SMALL, weight="bold")
        y += typeset.write(ax, x, y, place[label], room, **look) + 0.12
    silent = topics.loc[~topics["code"].isin(marks["with_code"]), label]
    if silent.empty:
        return y
    text = words("silent", topics=words.listing(silent))
    return y + 0.2 + typeset.write(ax, left, y + 0.2, text, right - left, **look)
