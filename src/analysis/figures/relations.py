"""Relations: in which role of municipalities which topic is taken up, project by project."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, states, style, typeset
from analysis.figures.parts.dimension import unusual
from analysis.wording import Wording, capitalised

LABELS = 2.95  # width of the names of topics, cm
WIDEST = 3.8  # and at most a column, cm
LEAST = 2.0  # at least a column, cm
SIGN = 0.13  # from the left edge of a column to the middle of the signs, cm
INDENT = 0.36  # of the names behind them, cm
GAP = 0.17  # white between columns, cm
PAD = 0.15  # white above and below a row, cm
BAR = 0.1  # height of the bars in the colours of the roles, cm
BETWEEN = 0.08  # white between projects, cm


@dataclass(frozen=True)
class Column:
    """A role, or none (code empty): its name, its colour, its left edge and its width in cm."""

    code: str
    name: str
    colour: str
    x: float
    width: float


def draw(
    placed: pd.DataFrame,
    topics: pd.DataFrame,
    roles: pd.DataFrame,
    words: Wording,
    width: float = style.WIDTH,
) -> Figure | None:
    """Topics (rows) and roles (columns) with the projects that the same statement gives both.

    placed: project_id, label, status, topic and role (missing: of none), a row for each project,
    topic and role. topics, roles: codes with labels, those to show in their order. A sign
    tells how far each of them has come. On a narrow sheet, and where there are many roles, those of
    a topic stand below it. None if there are no projects.
    """
    if placed.empty or roles.empty:
        return None
    if width < style.WIDTH or not _fit(roles):
        return _listed(placed, topics, roles, words, width)
    sheet, columns = style.sheet(), _columns(placed, roles, words)
    y = _head(sheet.ax, columns, words)
    right = columns[-1].x + columns[-1].width
    for topic in topics.to_dict("records"):
        sheet.ax.plot([0, right], [y, y], color=style.RULE, linewidth=0.8)
        own = placed[placed["topic"] == topic["code"]]
        y = _row(sheet.ax, y + PAD, words.text(topic, "label"), own, columns, words) + PAD
    return sheet.end(states.key(sheet.ax, y + PAD, placed["status"], words))


def table(
    placed: pd.DataFrame, topics: pd.DataFrame, roles: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """The projects of each topic and role with their status, in the order of the figure; arguments
    as for `draw`.
    """
    label = words.column("label")
    order = {code: place for place, code in enumerate([*topics["code"], *roles["code"]])}
    keyed = placed.assign(topic_at=placed["topic"].map(order), role_at=placed["role"].map(order))
    rows = keyed.sort_values(["topic_at", "role_at"], kind="stable")
    return pd.DataFrame({
        unusual(topics) or "topic": rows["topic"].map(topics.set_index("code")[label]),
        unusual(roles) or "role": rows["role"]
        .map(roles.set_index("code")[label])
        .fillna(_none(roles, words)),
        "project": rows[label],
        "status": [words(f"status.{status}") for status in rows["status"]],
        "passages": [capitalised(words.locator(cell)) for cell in rows["passages"]],
    })  # fmt: skip


def headline(
    placed: pd.DataFrame, topics: pd.DataFrame, roles: pd.DataFrame, words: Wording
) -> str:
    """The topic and the role that meet in most projects, and in how many of its projects; all such
    pairs, where several meet in as many. Arguments as for `draw`.
    """
    label, met = words.column("label"), placed.dropna(subset="role")
    projects = placed.groupby("topic")["project_id"].nunique()
    kind = ".code" if unusual(roles) else ""
    if met.empty:
        n, names = placed["project_id"].nunique(), _names(topics, roles, words)
        return words.count(f"headline.none{kind}", n, roles=names["roles"])
    pairs = met.groupby(["topic", "role"], sort=False)["project_id"].nunique()
    named = pd.concat([topics, roles]).set_index("code")[label]
    most, n = pairs.index[pairs == pairs.max()], int(pairs.max())
    names = [
        {"topic": named[topic], "role": words(f"role{kind}", role=named[role])}
        for topic, role in most
    ]
    if len(most) > 1:
        things = f"headline.pairs{_kind(topics, roles)}"
        listed = words.few((words("headline.pair", **pair) for pair in names), things)
        return words("headline.several", pairs=listed, n=words.numeral(n))
    total = int(projects[most[0][0]])
    if total == 1:
        return words("headline.only", **names[0])
    return words.count("headline", n, all=words.numeral(total), **names[0])


def alt(placed: pd.DataFrame, topics: pd.DataFrame, roles: pd.DataFrame, words: Wording) -> str:
    """How many projects each topic has in each role; arguments as for `draw`."""
    label = words.column("label")
    names = roles.set_index("code")[label]
    rows = []
    for topic in topics.to_dict("records"):
        own = placed[placed["topic"] == topic["code"]]
        per_role = own["role"].fillna("").value_counts()
        heads = {**names, "": _none(roles, words)}.items()
        cells = [
            f"{name} {words.number(per_role[code])}" for code, name in heads if code in per_role
        ]
        rows.append(f"{topic[label]}: {', '.join(cells)}")
    about = {"n": words.numeral(placed["project_id"].nunique()), "rows": "; ".join(rows)}
    return words(f"alt{_kind(topics, roles)}", **about, **_names(topics, roles, words))


def caption(
    placed: pd.DataFrame, topics: pd.DataFrame, roles: pd.DataFrame, corpora: str, words: Wording
) -> str:
    """How many projects there are, from where, and at which codes each stands; arguments as for
    `draw`.
    """
    about = {"n": words.numeral(placed["project_id"].nunique()), "corpora": corpora}
    about |= {"none": _none(roles, words)} | _names(topics, roles, words)
    return capitalised(words(f"caption{_kind(topics, roles)}", **about))


def _kind(topics: pd.DataFrame, roles: pd.DataFrame) -> str:
    """What the keys of texts end in that speak of neither topics nor roles."""
    return ".code" if unusual(topics) or unusual(roles) else ""


def _none(roles: pd.DataFrame, words: Wording) -> str:
    """What is said of projects without any of the columns."""
    return words("no_role.code" if unusual(roles) else "no_role")


def _names(topics: pd.DataFrame, roles: pd.DataFrame, words: Wording) -> dict[str, str]:
    """The names of both dimensions."""
    topic, role = unusual(topics) or words("column.topic"), unusual(roles) or words("column.role")
    return {"topics": topic, "roles": role}


def _fit(roles: pd.DataFrame) -> bool:
    """Whether there is room for a column for each role, and one for projects without."""
    return (style.WIDTH - LABELS) / (len(roles) + 1) >= LEAST


def _listed(
    placed: pd.DataFrame, topics: pd.DataFrame, roles: pd.DataFrame, words: Wording, width: float
) -> Figure:
    """Each topic, below it the roles with projects, and these below their role."""
    sheet, y = style.sheet(width), 0.0
    colours, label = style.role_colours(roles["code"]), words.column("label")
    heads = dict(zip(roles["code"], roles[label], strict=True)) | {"": _none(roles, words)}
    look = {"language": words.language}
    for topic in topics.to_dict("records"):
        sheet.ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
        title = {"weight": "bold"} | look
        y += PAD + typeset.write(sheet.ax, 0, y + PAD, words.text(topic, "label"), width, **title)
        own = placed[placed["topic"] == topic["code"]]
        for code, name in heads.items():
            projects = own[own["role"].fillna("") == code].to_dict("records")
            if projects:
                column = Column(code, name, colours.get(code, style.MUTED), 3 * BAR, width - GAP)
                y = _beside_rail(sheet.ax, y + BETWEEN, column, projects, words)
        y += PAD
    return sheet.end(states.key(sheet.ax, y + PAD, placed["status"], words, width))


def _beside_rail(ax: Axes, y: float, column: Column, projects: list[dict], words: Wording) -> float:
    """A role and its projects beside a bar in its colour; returns where they end."""
    top, small = y, {"size": style.SMALL, "language": words.language}
    y += typeset.write(ax, column.x, y, column.name, column.width, weight="medium", **small)
    for project in projects:
        y += BETWEEN + _project(ax, column, y + BETWEEN, project, words)
    ax.add_patch(Rectangle((0, top), BAR, y - top, facecolor=column.colour, linewidth=0))
    return y


def _columns(placed: pd.DataFrame, roles: pd.DataFrame, words: Wording) -> list[Column]:
    """A column for each role, and one for projects without, as wide as its longest word, if there
    is room.
    """
    label, colours = words.column("label"), style.role_colours(roles["code"])
    heads = dict(zip(roles["code"], roles[label], strict=True))
    heads |= {"": _none(roles, words)} if placed["role"].isna().any() else {}
    own = placed.assign(role=placed["role"].fillna("")).groupby("role")[label].agg(" ".join)
    needs = [
        GAP + max(_longest(name, weight="bold"), INDENT + _longest(own.get(code, ""), style.SMALL))
        for code, name in heads.items()
    ]
    widths = [min(WIDEST, width) for width in typeset.shared(needs, style.WIDTH - LABELS)]
    edges = LABELS + np.cumsum([0, *widths])
    return [
        Column(code, name, colours.get(code, style.MUTED), x, width)
        for (code, name), x, width in zip(heads.items(), edges[:-1], widths, strict=True)
    ]


def _longest(text: str, size: float = style.NORMAL, **look) -> float:
    """Width of the longest word of a text, in cm."""
    return max((typeset.text_width(word, size, **look) for word in text.split()), default=0)


def _head(ax: Axes, columns: list[Column], words: Wording) -> float:
    """The names of the roles, on one line at their bottom; returns where they end."""
    names = [
        typeset.wrap(column.name, column.width - GAP, weight="bold", language=words.language)
        for column in columns
    ]
    bottom = typeset.height_of(max(map(len, names)))
    for column, lines in zip(columns, names, strict=True):
        typeset.write_lines(
            ax, column.x, bottom - typeset.height_of(len(lines)), lines, weight="bold"
        )
        bar = {"facecolor": column.colour, "linewidth": 0}
        ax.add_patch(Rectangle((column.x, bottom + 0.06), column.width - GAP, BAR, **bar))
    return bottom + BAR + PAD


def _row(
    ax: Axes, y: float, name: str, placed: pd.DataFrame, columns: list[Column], words: Wording
) -> float:
    """A topic and its projects, from `y` on; returns where they end."""
    look = {"weight": "medium", "language": words.language}
    ends = [y + typeset.write(ax, 0, y, name, LABELS - GAP, **look)]
    for column in columns:
        bottom = y
        for project in placed[placed["role"].fillna("") == column.code].to_dict("records"):
            bottom += _project(ax, column, bottom, project, words) + BETWEEN
        ends.append(bottom - BETWEEN)
    return max(ends)


def _project(ax: Axes, column: Column, y: float, project: dict, words: Wording) -> float:
    """A project behind its sign; returns its height."""
    middle = y + typeset.height_of(0.5, style.SMALL)
    room = column.width - INDENT - GAP
    look = {"size": style.SMALL, "language": words.language}
    label, status = words.text(project, "label"), words(f"status.{project['status']}")
    with links.said(ax, f"{label} ({status})", f"projects:{project['project_id']}"):
        states.sign(ax, column.x + SIGN, middle, states.STATE[project["status"]], column.colour)
        return typeset.write(ax, column.x + INDENT, y, label, room, **look)
