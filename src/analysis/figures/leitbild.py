"""The crosswalk: goals of a document that touch action fields of municipalities, said or unsaid."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording, capitalised
from analysis.wording.phrases import with_roles

LABELS = 4.3  # width of the names of topics, cm
SQUARES = LABELS + 0.3  # left edge of the squares, cm
SQUARE = 0.42  # size of a square, cm
STEP = 0.53  # distance of squares, cm
ACROSS = 8  # squares in a line
GAP = 0.25  # white between the squares and the texts beside them, cm
PAD = 0.14  # white above and below a topic, cm
BIG = 13  # size of the numbers above, pt
NUMBER = 0.75  # room for such a number, cm
EDGE = 1.6  # width of an outline, pt
LINKS = ("said", "unsaid", "none")
TOUCHES = ("touched", "untouched")  # where no code tells whether a goal names municipalities
UNLINKED = ("none", "untouched")
ORDER = (*LINKS, *TOUCHES)[::-1]  # of squares of a topic: those with a text beside them come last


@dataclass(frozen=True)
class Field:
    """An action field: its name, with that of its role where no colour tells it, and the colour of
    the role it belongs to.
    """

    name: str
    colour: str


def draw(
    goals: pd.DataFrame,
    topics: pd.DataFrame,
    codes: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """One square per goal, in a row per topic: filled ones name municipalities, outlined ones need
    them unsaid, and what these are stands beside; grey ones do neither. Where no code tells what is
    named, all that are linked are filled.

    goals: unit_id, group, link, with_code and gist, as from counts.linked_fields. topics: group and
    label, in order of display. codes: the table of this name. None if there are no goals.
    """
    if goals.empty:
        return None
    sheet, fields = style.sheet(width), _fields(codes, words)
    y = _summary(sheet.ax, goals, words, width)
    for topic in topics.to_dict("records"):
        sheet.ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
        room = LABELS if width == style.WIDTH else width
        name = typeset.wrap(
            words.text(topic, "label"), room, weight="medium", language=words.language
        )
        own = goals[goals["group"] == topic["group"]]
        y = _topic(sheet.ax, y + PAD, name, own, fields, words, width) + PAD
    return sheet.end(y)


def table(
    goals: pd.DataFrame, topics: pd.DataFrame, codes: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """The goals themselves, in the order of the figure, with what each is linked to and where it
    stands; arguments as for `draw`.
    """
    label = words.column("label")
    order = {group: place for place, group in enumerate(topics["group"])}
    rows = goals.sort_values("group", key=lambda groups: groups.map(order), kind="stable")
    gist = words.column("gist")
    names = codes.set_index("code")[label]
    return rows.assign(
        topic=rows["group"].map(topics.set_index("group")[label]),
        link=[words(f"link.{link}") for link in rows["link"]],
        field=[names.get(code, "–") for code in rows["with_code"]],
    )[["topic", gist, "link", "field", "locator"]].rename(
        columns={} if _things(goals) == "goals" else {gist: "said"}
    )


def headline(goals: pd.DataFrame, words: Wording) -> str:
    """How many goals name municipalities, and how many more cannot do without them; where no code
    tells the former, how many touch their action fields. How many other statements do what.
    """
    kinds, n = link_counts(goals), int(link_counts(goals).sum())
    if _things(goals) != "goals":
        each = "; ".join(f"{words(link)} ({words.number(of)})" for link, of in kinds.items())
        return capitalised(words("headline.statements", n=words.numeral(n), links=each))
    if kinds.get("said") == n:
        return words.count("headline.all", n)
    if n == 1:
        return words(f"headline.only.{kinds.idxmax()}")
    total = words.count("goals", n)
    if "touched" in kinds:
        return words.count("headline.touched", int(kinds["touched"]), goals=total)
    named = words.count("headline.said", int(kinds["said"]), goals=total)
    if not kinds["said"] and not kinds["unsaid"]:
        return f"{named} {words('headline.neither')}"
    return f"{named} {words.count('headline.unsaid', int(kinds['unsaid']))}"


def caption(goals: pd.DataFrame, codes: pd.DataFrame, source: str, words: Wording) -> str:
    """What a square is, and what its colour means; arguments as for `draw`."""
    each = words.count(f"{_things(goals)}.each", goals["unit_id"].nunique())
    return words("caption", each=each, source=source, coloured=coloured(goals, codes, words))


def _things(goals: pd.DataFrame) -> str:
    """What the goals are called: statements, unless all of them are goals."""
    is_goal = "kind" not in goals or goals["kind"].eq("goal").all()
    return "goals" if is_goal else "statements"


def alt(goals: pd.DataFrame, topics: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> str:
    """The squares of each topic, and the goals that are linked; arguments as for `draw`."""
    label = words.column("label")
    fields, names = codes.set_index("code")[label], topics.set_index("group")[label]
    each = goals.drop_duplicates("unit_id")["group"].value_counts()
    per_topic = [f"{name} {words.number(each.get(group, 0))}" for group, name in names.items()]
    cells = goals.dropna(subset="with_code").groupby(["group", "with_code", "link"], sort=False)
    linked = [
        words("alt.linked", topic=names[group], field=fields[field], link=words(f"link.{link}"))
        for (group, field, link), _ in cells
    ]
    listed = "; ".join(linked) or words("alt.none")
    things = _things(goals)
    named = {"one": words(f"{things}.name"), "many": words(f"{things}.names")}
    return words("alt", **named, topics=words.listing(per_topic), linked=listed)


def link_counts(goals: pd.DataFrame) -> pd.Series:
    """How many goals name municipalities (said), need them unsaid, or do neither (none); or how
    many touch their action fields, or do not.
    """
    links = goals.drop_duplicates("unit_id")["link"].value_counts()
    return links.reindex(list(TOUCHES if links.index.isin(TOUCHES).any() else LINKS), fill_value=0)


def linked(goals: pd.DataFrame) -> pd.DataFrame:
    """The goals that are linked to municipalities."""
    return goals[~goals["link"].isin(UNLINKED)]


def _fields(codes: pd.DataFrame, words: Wording) -> dict[str, Field]:
    """The action fields by their code."""
    fields = codes.dropna(subset="role_code")
    roles = _roles(codes)
    colours = fields["role_code"].map(style.role_colours(roles)).fillna(style.MUTED)
    names = fields[words.column("label")]
    if not style.tells_roles(roles):
        role = fields["role_code"].map(codes.set_index("code")[words.column("label")])
        names = with_roles(names, role)
    named = zip(fields["code"], names, colours, strict=True)
    return {code: Field(name, colour) for code, name, colour in named}


def _roles(codes: pd.DataFrame) -> pd.Series:
    return codes.loc[codes["dimension"] == "role", "code"]


def _colours(goal: pd.DataFrame, fields: dict[str, Field]) -> list[str]:
    """The colours of the roles whose fields a goal touches, given all its rows."""
    known = [fields[code].colour for code in goal["with_code"] if code in fields]
    return list(dict.fromkeys(known)) or [style.MUTED]


def coloured(goals: pd.DataFrame, codes: pd.DataFrame, words: Wording) -> str:
    """What the colours of the squares mean, if they mean anything, and where this is from;
    arguments as for `draw`.
    """
    fields = _fields(codes, words)
    touches = linked(goals)["with_code"].isin(fields).any()
    if not (touches and style.tells_roles(_roles(codes))):
        return words("coloured.none")
    of_goals = [_colours(rows, fields) for _, rows in linked(goals).groupby("unit_id")]
    return words("coloured.split" if any(len(of) > 1 for of in of_goals) else "coloured")


def _summary(ax: Axes, goals: pd.DataFrame, words: Wording, whole: float) -> float:
    """How many goals are of which kind; the squares before the numbers make it the legend.
    Returns where it ends.
    """
    is_beside, kinds, bottom = whole == style.WIDTH, link_counts(goals), 0.0
    width = whole / len(kinds) if is_beside else whole
    for i, link in enumerate(kinds.index):
        y = 0.0 if is_beside else bottom
        x, middle = i * width if is_beside else 0.0, y + typeset.height_of(0.5, BIG)
        _square(ax, x, middle - SQUARE / 2, link, [style.INK])
        x += SQUARE + NUMBER
        number = words.number(int(kinds[link]))
        typeset.write_lines(ax, x, y, [number], size=BIG, weight="bold", align="right")
        room = width - SQUARE - NUMBER - 0.4
        text = typeset.wrap(words(link), room, language=words.language)
        top = middle - typeset.height_of(0.5)
        bottom = max(bottom, top + typeset.write_lines(ax, x + 0.15, top, text))
        bottom = bottom if is_beside else max(bottom, y + typeset.height_of(1, BIG)) + 0.1
    return bottom + 0.3


def _topic(
    ax: Axes,
    y: float,
    name: list[str],
    goals: pd.DataFrame,
    fields: dict[str, Field],
    words: Wording,
    width: float,
) -> float:
    """A topic, its squares from `y` on, and what the linked ones are; on a narrow sheet below each
    other. Returns where it ends.
    """
    is_beside, left = width == style.WIDTH, SQUARES if width == style.WIDTH else 0
    top = y + SQUARE / 2 - typeset.height_of(0.5) if is_beside else y
    ends = [top + typeset.write_lines(ax, 0, top, name, weight="medium")]
    y = y if is_beside else ends[0] + 0.06
    ends.append(y + SQUARE)
    each = goals.drop_duplicates("unit_id")
    each = each.sort_values("link", key=lambda links: links.map(ORDER.index), kind="stable")
    for i, goal in enumerate(each.to_dict("records")):
        line, place = divmod(i, ACROSS)
        colours = _colours(goals[goals["unit_id"] == goal["unit_id"]], fields)
        x, corner = left + place * STEP, y + line * STEP
        with links.said(ax, words.text(goal, "gist"), f"context_statements:{goal['unit_id']}"):
            _square(ax, x, corner, goal["link"], colours)
        ends.append(corner + SQUARE)
    right = left + min(len(each), ACROSS) * STEP + GAP if is_beside else 0
    top = top if is_beside else max(ends) + 0.06
    of_goal = dict(iter(linked(goals).groupby("unit_id")))
    for rows in (of_goal[unit] for unit in each["unit_id"] if unit in of_goal):
        top += _note(ax, right, top, rows, fields, words, width) + PAD
        ends.append(top - PAD)
    return max(ends)


def _note(
    ax: Axes,
    x: float,
    y: float,
    goal: pd.DataFrame,
    fields: dict[str, Field],
    words: Wording,
    width: float,
) -> float:
    """The fields that a goal touches, a row each, in bold, and what it says; its height."""
    names = [fields[code].name for code in goal["with_code"] if code in fields]
    room, look = width - x, {"language": words.language}
    lead = ", ".join(names) or words("no_field")
    height = typeset.write(ax, x, y, lead, room, weight="bold", **look)
    gist = words.text(goal.iloc[0], "gist")
    return height + typeset.write(ax, x, y + height, gist, room, colour=style.MUTED, **look)


def _square(ax: Axes, x: float, y: float, link: str, colours: list[str]) -> None:
    """A goal, its top left corner at (x, y), in stripes of its colours: outlined where it only
    needs municipalities.
    """
    faces = {"said": colours[0], "touched": colours[0], "unsaid": style.PAPER}
    face = faces.get(link, style.QUIET)
    edge = colours[0] if link == "unsaid" else face
    x, y, size = x + 0.02, y + 0.02, SQUARE - 0.04
    if len(colours) == 1 or link not in faces:
        look = {"facecolor": face, "edgecolor": edge, "linewidth": EDGE}
        ax.add_patch(Rectangle((x, y), size, size, **look))
        return
    line = EDGE / 72 / style.CM
    left, whole = x - line / 2, size + line  # as large as with an outline
    stripe = whole / len(colours)
    for i, colour in enumerate(colours):
        look = {"facecolor": colour, "linewidth": 0}
        ax.add_patch(Rectangle((left + i * stripe, y - line / 2), stripe, whole, **look))
    if link == "unsaid":
        inner = {"facecolor": face, "linewidth": 0}
        ax.add_patch(Rectangle((x + line / 2, y + line / 2), size - line, size - line, **inner))
