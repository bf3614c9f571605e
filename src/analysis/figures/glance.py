"""The study at a glance: from its question over roles, cases, interviews and projects to the
statements in this report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, states, style, typeset
from analysis.wording import Wording

LABELS = 3.7  # width of the numbers and of what they count, cm
DIGITS = 1.2  # of that, least width of the numbers, cm
NUMBER = 16  # size of the numbers, pt
AFTER = 0.2  # white behind a number, cm
RISE = 0.13  # how far a number stands above the text beside it, cm
GAP = 0.35  # white between columns, cm
RIM = 0.1  # by which the ground of a case is wider than its column on either side, cm
COLUMN = 2.0  # least width of a column; more than fit beside each other stand below them, cm
PAD = 0.2  # white above and below a step, cm
SIDE = 0.2  # of a square, cm
STEP = 0.25  # from one square to the next, cm
SIGN = 0.37  # from one sign of a project to the next, cm
BAR = 0.09  # height of the bar in the colour of a role, cm
QUESTION = "question"  # the text that only a study itself can have
REST = ""  # the case of what belongs to several cases or to none
STATES = ("begun", "agreed", "open", "unsaid")  # of projects, from the furthest on
FACES = {"interview": style.INK, "case": style.RULE}  # of statements, by their corpus

Columns = dict[str, tuple[float, float]]  # left edge and width of each, cm


@dataclass(frozen=True)
class Study:
    """What is counted of a study; `case_id` is REST for what belongs to several cases or to none.

    roles: code, label, in the order of the codebook. measures: role_code. cases: case_id, label,
    sector. interviews: label of the municipality, mode, case_id. projects: status, case_id.
    statements: corpus, case_id. rows: number of rows of other tables of the report, by name.
    """

    roles: pd.DataFrame
    measures: pd.DataFrame
    cases: pd.DataFrame
    interviews: pd.DataFrame
    projects: pd.DataFrame
    statements: pd.DataFrame
    rows: dict[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of what each step counts, from the question to the report."""
        steps = ("roles", "measures", "cases", "interviews", "projects", "statements")
        return {name: len(getattr(self, name)) for name in steps}

    @property
    def begun(self) -> int:
        """How many projects are running or finished."""
        return int(self.projects["status"].map(states.STATE).eq("begun").sum())


def draw(study: Study, words: Wording, width: float = style.WIDTH) -> Figure | None:
    """Steps one below the other: the question; the roles in columns with a hollow square for each
    measure; the cases in columns with their interviews, a sign for each project and a square for
    each statement, paler for those of case studies; what else the report holds. Of many cases the
    steps come again for those that have no room beside the first.

    None if there are no cases, or nothing in them.
    """
    told = (study.interviews, study.projects, study.statements)
    if study.cases.empty or all(part.empty for part in told):
        return None
    is_broad, more = width == style.WIDTH, _digits(study, words) - DIGITS
    ax, left = (sheet := style.sheet(width)).ax, LABELS + more if is_broad else 0
    y = 0.0
    if QUESTION in words:
        bold = {"weight": "bold"}
        y = _beside(ax, y, left, width, QUESTION, words(QUESTION), words, **bold) + PAD
    if study.counts["roles"]:
        rows = _rows(study.roles["code"], left, width)
        y = _step(ax, y, "roles", study, words, width, left, partial(_roles, rows))
    placed = pd.concat([part["case_id"] for part in told])
    named = [*study.cases["case_id"], *([REST] if (placed == REST).any() else [])]
    steps: dict[str, Callable] = {
        "cases": _cases,
        "interviews": partial(_by_case, study.interviews, partial(_people, words)),
        "projects": partial(_by_case, study.projects, _signs),
        "statements": partial(_by_case, study.statements, _squares),
    }
    for i, columns in enumerate(_rows(named, left, width)):
        top = y
        for name, marks in steps.items():
            if study.counts[name]:
                y = _step(ax, y, name, study, words, width, left, partial(marks, columns), not i)
        _grounds(ax, columns, top, y)
    y = _report(ax, y, study, words, width, left)
    return sheet.end(_key(ax, y, study, words, width))


def _rows(names, left: float, right: float) -> list[Columns]:
    """Columns beside each other between two edges, in as many rows as they need."""
    names = list(names)
    across = typeset.abreast(len(names), int((right - left) / COLUMN))
    width = (right - left) / across
    return [
        {
            name: (left + i * width, width - GAP)
            for i, name in enumerate(names[first : first + across])
        }
        for first in range(0, len(names), across)
    ]


def _grounds(ax: Axes, columns: Columns, top: float, bottom: float) -> None:
    """A ground behind all that belongs to each case, as the columns of roles end above it."""
    for case, (x, width) in columns.items():
        if case != REST:
            box = (x - RIM, top), width + 2 * RIM, bottom - top
            ax.add_patch(Rectangle(*box, facecolor=style.PALE, linewidth=0, zorder=0))


def _beside(
    ax: Axes, y: float, left: float, right: float, key: str, text: str, words: Wording, **look
) -> float:
    """A text behind the words that lead to it, or on a narrow sheet below them; the height."""
    look = {"size": style.LARGE, "language": words.language} | look
    lead = look | {"colour": style.MUTED, "weight": "normal", "size": style.LARGE}
    high = typeset.write(ax, 0, y, words(f"{key}.lead"), left or right, **lead)
    down = 0 if left else high
    return down + typeset.write(ax, left, y + down, text, right - left, **look)


def _digits(study: Study, words: Wording) -> float:
    """The width of the numbers with the white behind them, in cm."""
    look = {"size": NUMBER, "weight": "bold"}
    widths = [typeset.text_width(words.number(n), **look) for n in study.counts.values()]
    return max(DIGITS, max(widths) + AFTER)


def _step(
    ax: Axes,
    y: float,
    name: str,
    study: Study,
    words: Wording,
    right: float,
    left: float,
    marks: Callable,
    is_first: bool = True,
) -> float:
    """The rule above a step, its number, if it is not told yet, and what that counts, and its marks
    beside or below it; returns where the next step begins.
    """
    n, digits = study.counts[name], _digits(study, words)
    bottom = marks(ax, y + PAD, study, words) if left else y
    is_again = name == "cases" and not is_first
    ax.plot([0, right], [y, y], color=style.MUTED if is_again else style.RULE, linewidth=0.8)
    look = {"language": words.language}
    top, number = y + PAD - RISE, words.number(n) if is_first else ""
    high = typeset.write(ax, 0, top, number, digits, size=NUMBER, weight="bold", **look)
    text, room = words.count(f"step.{name}", n), (left or right) - digits - GAP
    beside = typeset.write(ax, digits, y + PAD, text, room, size=style.SMALL, **look)
    ends = max(top + high, y + PAD + beside)
    return (max(bottom, ends) if left else marks(ax, ends + 0.05, study, words)) + PAD


def _roles(rows: list[Columns], ax: Axes, y: float, study: Study, words: Wording) -> float:
    """The roles with a hollow square for each measure; returns the bottom."""
    names = study.roles.set_index("code")[words.column("label")]
    colours, per_role = style.role_colours(names.index), study.measures["role_code"].value_counts()
    for columns in rows:
        heads = {
            role: typeset.wrap(names[role], width, weight="bold", language=words.language)
            for role, (_, width) in columns.items()
        }
        top = y + 2 * BAR + typeset.height_of(max(map(len, heads.values()))) + BAR
        bottoms = []
        for role, (x, width) in columns.items():
            ax.add_patch(Rectangle((x, y), width, BAR, facecolor=colours[role]))
            with links.said(ax, names[role], f"codes:{role}"):
                typeset.write_lines(ax, x, y + 2 * BAR, heads[role], weight="bold")
            hollow = [style.PAPER] * per_role.get(role, 0)
            bottoms.append(_tiles(ax, x, top, width, hollow, colours[role]))
        bottom, y = max(bottoms), max(bottoms) + PAD
    return bottom


def _cases(columns: Columns, ax: Axes, y: float, study: Study, words: Wording) -> float:
    """Name and industry of the cases in these columns; returns the bottom."""
    small = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    bottoms = []
    for case in study.cases[study.cases["case_id"].isin(columns)].to_dict("records"):
        x, width = columns[case["case_id"]]
        look = {"weight": "bold", "language": words.language}
        name = words.text(case, "label")
        with links.said(ax, name, f"cases:{case['case_id']}"):
            below = y + typeset.write(ax, x, y, name, width, **look)
        sector = words.text(case, "sector")
        bottoms.append(below + typeset.write(ax, x, below, sector, width, **small))
    if REST in columns:
        x, width = columns[REST]
        bottoms.append(y + typeset.write(ax, x, y, words("rest"), width, **small))
    return max(bottoms)


def _by_case(
    rows: pd.DataFrame, marks: Callable, columns: Columns, ax: Axes, y: float, *_
) -> float:
    """The marks of some rows in the column of their case; returns the bottom."""
    own = {case: rows[rows["case_id"] == case] for case in columns}
    return max(marks(ax, x, y, width, own[case]) for case, (x, width) in columns.items())


def _people(
    words: Wording, ax: Axes, x: float, y: float, width: float, rows: pd.DataFrame
) -> float:
    """Where somebody was asked, and how; returns the bottom."""
    for row in rows.to_dict("records"):
        place, mode = words.text(row, "label"), words(f"asked.{row['mode']}")
        look = {"size": style.SMALL, "language": words.language}
        y += typeset.write(ax, x, y, f"{place}: {mode}", width, **look)
    return y


def _signs(ax: Axes, x: float, y: float, width: float, rows: pd.DataFrame) -> float:
    """A sign for each project, from the furthest on; returns the bottom."""
    signs = sorted(rows["status"].map(states.STATE), key=STATES.index)
    across = max(1, int(width / SIGN))
    for i, state in enumerate(signs):
        left, top = x + i % across * SIGN, y + i // across * SIGN
        states.sign(ax, left + SIDE / 2, top + SIDE / 2 + 0.05, state, style.INK)
    return y + -(-len(signs) // across) * SIGN


def _squares(ax: Axes, x: float, y: float, width: float, rows: pd.DataFrame) -> float:
    """A square for each statement, those of respondents first; returns the bottom."""
    corpora = sorted(rows["corpus"], key=list(FACES).index)
    return _tiles(ax, x, y, width, [FACES[corpus] for corpus in corpora], style.INK)


def _tiles(ax: Axes, x: float, y: float, width: float, faces: list, colour) -> float:
    """Squares after each other, in rows as wide as the column; returns the bottom."""
    across = max(1, int((width + STEP - SIDE) / STEP))
    for i, face in enumerate(faces):
        corner = x + i % across * STEP, y + 0.05 + i // across * STEP
        look = {"facecolor": face, "edgecolor": colour, "linewidth": 0.7}
        ax.add_patch(Rectangle(corner, SIDE, SIDE, **look))
    return y + 0.05 + -(-len(faces) // across) * STEP


def _report(ax: Axes, y: float, study: Study, words: Wording, right: float, left: float) -> float:
    """What else the report holds, if there is anything; returns the bottom."""
    if not (total := sum(study.rows.values())):
        return y + PAD
    ax.plot([0, right], [y, y], color=style.INK, linewidth=0.8)
    numbers = [words.count(f"report.{name}", n) for name, n in study.rows.items() if n]
    text = words.count("report", total, numbers=words.listing(numbers))
    look = {"size": style.NORMAL}
    return y + 2 * PAD + _beside(ax, y + PAD, left, right, "report", text, words, **look)


def _key(ax: Axes, y: float, study: Study, words: Wording, right: float) -> float:
    """What signs and squares stand for; returns the bottom."""
    look = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    if len(study.projects):
        y = states.key(ax, y, study.projects["status"], words, right) + 0.09
    x, used = 0.05, [corpus for corpus in FACES if (study.statements["corpus"] == corpus).any()]
    squares = {f"key.{corpus}": FACES[corpus] for corpus in used}
    squares |= {"key.measure": style.PAPER} if len(study.measures) else {}
    for name, face in squares.items():
        room = typeset.text_width(words(name), style.SMALL)
        if x + 0.3 + room > right:
            x, y = 0.05, y + typeset.height_of(1, style.SMALL) + 0.09
        _tiles(ax, x, y, STEP, [face], style.MUTED)
        typeset.write(ax, x + 0.3, y, words(name), room + 0.1, **look)
        x += 0.3 + room + 0.6
    return y + typeset.height_of(1, style.SMALL)


def table(study: Study, words: Wording) -> pd.DataFrame:
    """What each step counts, in all and in each case or role."""
    rows = [(words("table.roles"), name, n) for name, n in _per_role(study, words)]
    names = study.cases.set_index("case_id")[words.column("label")].to_dict()
    for step in ("interviews", "projects", "statements"):
        per_case = getattr(study, step)["case_id"].value_counts()
        rows += [
            (words(f"table.{step}"), name, int(per_case[case]))
            for case, name in (names | {REST: words("rest")}).items()
            if case in per_case.index
        ]
    return pd.DataFrame(rows, columns=["counted", "of", "number"])


def _per_role(study: Study, words: Wording) -> list[tuple[str, int]]:
    per_role = study.measures["role_code"].value_counts()
    labels = study.roles[words.column("label")]
    return [
        (label, int(per_role.get(code, 0)))
        for code, label in zip(study.roles["code"], labels, strict=True)
    ]


def headline(study: Study, words: Wording) -> str:
    """Of how many projects the study knows, from where, and how many have begun; of a study without
    projects, how many statements there are.
    """
    n = study.counts
    told = {name: words.count(f"headline.{name}", n[name]) for name in ("cases", "interviews")}
    told = words.listing(text for name, text in told.items() if n[name])
    if not n["projects"]:
        return words.count("headline.statements", n["statements"], told=told)
    projects = words.count("headline.projects", n["projects"])
    begun = words.count("headline.begun", study.begun)
    return words("headline", told=told, projects=projects, begun=begun)


def caption(study: Study, words: Wording) -> str:
    """What the way begins with, and what there is a sign for; arguments as for `draw`."""
    n = study.counts
    signs = [words(f"sign.{name}") for name in ("measures", "projects", "statements") if n[name]]
    place = words("caption.roles" if n["roles"] else "caption.cases")
    texts = [
        words("caption.question" if QUESTION in words else "caption.way"),
        *([words("caption.signs", signs=words.listing(signs), place=place)] if signs else []),
        *([words("caption.apart")] if n["roles"] else []),
    ]
    counted = [words("caption.projects")] if n["projects"] else []
    return "\n".join([" ".join(texts), *counted])


def alt(study: Study, words: Wording) -> str:
    """The steps with their numbers, and the numbers of each case."""
    names = [words.text(case, "label") for case in study.cases.to_dict("records")]
    numbers = {name: words.numeral(n) for name, n in study.counts.items()}
    steps = [
        words(f"alt.{step}", **numbers, names=words.listing(names))
        for step in ("roles", "cases", "interviews", "projects", "statements")
        if study.counts[step]
    ]
    first = [words("alt.question")] if QUESTION in words else []
    last = [words("alt.report")] if any(study.rows.values()) else []
    return words("alt", steps="; ".join([*first, *steps, *last]))
