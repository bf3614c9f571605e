"""The way of a statement: from the coding passes through the decisions to cells of the matrix."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from analysis.drawing import links, style, typeset
from analysis.wording import Wording

CODE = 4.9  # width of the labels of codes, cm
STEPS = {"pass_a": 6.0, "pass_b": 7.7, "decided": 9.0, "agreed": 14.1, "cell": 16.1}  # see _head
DECIDED = 4.3  # width of what was decided, cm
CELL = (1.7, 0.5)  # size of a cell of the matrix, cm
DOT = 0.11  # radius of the sign of a code that was given, cm
PAD = 0.14  # white above and below a row, cm


def draw(
    statement: dict, way: pd.DataFrame, most: int, words: Wording, width: float = style.WIDTH
) -> Figure | None:
    """A statement, and a row for each code that a pass or a decision gave it.

    statement: gist and about, a line on whose it is and where it stands. way: by code, given_by,
    label, decision and reason (missing: none), is_agreed, and statements, how many the cell of the
    matrix has (missing: in none). most: the greatest count of it, which is darkest. None if
    nobody gave a code.
    """
    if way.empty:
        return None
    sheet, look, is_broad = style.sheet(width), {"language": words.language}, width == style.WIDTH
    title = {"size": style.LARGE, "weight": "bold"} | look
    y = typeset.write(sheet.ax, 0, 0, words.text(statement, "gist"), width, **title)
    y += typeset.write(sheet.ax, 0, y, statement["about"], width, colour=style.MUTED, **look)
    y += 2 * PAD
    y = _head(sheet.ax, y, words) if is_broad else y
    for row in way.rename_axis("code").reset_index().to_dict("records"):
        sheet.ax.plot([0, width], [y, y], color=style.RULE, linewidth=0.8)
        form = _row if is_broad else _steps
        y = form(sheet.ax, y + PAD, row, most, words) + PAD
    return sheet.end(y)


def table(way: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The same as a table, in the order of the figure."""
    yes, no = words("yes"), words("no")
    return pd.DataFrame({
        "label": way[words.column("label")],
        "given_by": [words(f"given_by.{who}") for who in way["given_by"]],
        "decision": [_decision(decision, words) for decision in way["decision"]],
        "reason": way[words.column("reason")].fillna("–"),
        "agreed": [yes if agreed else no for agreed in way["is_agreed"]],
        "cell": way["statements"],
    })  # fmt: skip


def headline(way: pd.DataFrame, words: Wording) -> str:
    """How many codes there were, how many of them only one pass gave, so that they were decided on,
    and how many stand.
    """
    codes = words.count("codes", len(way))
    disputed = way["given_by"].isin(["a", "b"]) & way["decision"].notna()
    decided = words.count("headline.decided", int(disputed.sum()), codes=codes)
    agreed = words.count("headline.agreed", int(way["is_agreed"].sum()))
    return f"{decided}; {agreed}."


def alt(statement: dict, way: pd.DataFrame, words: Wording) -> str:
    """The statement, and for each code who gave it, what was decided, and its cell."""
    rows = []
    for row in table(way, words).to_dict("records"):
        cell = "" if pd.isna(row["cell"]) else words("alt.cell", n=words.number(row["cell"]))
        rows.append(words("alt.row", **row | {"cell": cell}))
    return words("alt", gist=words.text(statement, "gist"), rows="; ".join(rows))


def _decision(decision, words: Wording) -> str:
    return "–" if pd.isna(decision) else words(f"decision.{decision}")


def _head(ax: Axes, y: float, words: Wording) -> float:
    """The names of the steps, each below the other's end; returns where they end."""
    look = {"size": style.SMALL, "colour": style.MUTED}
    lines = {step: words(f"step.{step}").split("\n") for step in STEPS}
    bottom = y + typeset.height_of(max(map(len, lines.values())), style.SMALL)
    for step, x in STEPS.items():
        top = bottom - typeset.height_of(len(lines[step]), style.SMALL)
        align = "left" if step == "decided" else "center"
        typeset.write_lines(ax, x, top, lines[step], align=align, **look)
    return bottom + PAD


def _row(ax: Axes, y: float, row: dict, most: int, words: Wording) -> float:
    """A code on its way from the passes to its cell; returns where it ends."""
    look, middle = {"language": words.language}, y + typeset.height_of(0.5)
    weight = {"weight": "medium"} if row["is_agreed"] else {"colour": style.MUTED}
    label = words.text(row, "label")
    with links.said(ax, label, f"codes:{row['code']}"):
        ends = [y + typeset.write(ax, 0, y, label, CODE, **weight, **look)]
    for step, own in (("pass_a", "a"), ("pass_b", "b")):
        _sign(ax, STEPS[step], middle, row["given_by"] in (own, "both"))
    if pd.notna(row["decision"]):
        lead, reason = words(f"decision.{row['decision']}") + ":", words.text(row, "reason")
        small = {"size": style.SMALL, **look}
        ends.append(y + typeset.write_lead(ax, STEPS["decided"], y, lead, reason, DECIDED, **small))
    _sign(ax, STEPS["agreed"], middle, row["is_agreed"])
    if pd.notna(row["statements"]):
        ends.append(_cell(ax, STEPS["cell"], middle, int(row["statements"]), most, words))
    return max(ends)


def _steps(ax: Axes, y: float, row: dict, most: int, words: Wording) -> float:
    """The same on a narrow sheet, where the steps stand below the code, each with its name."""
    look, small = {"language": words.language}, {"size": style.SMALL, "colour": style.MUTED}
    label = words.text(row, "label")
    with links.said(ax, label, f"codes:{row['code']}"):
        y += typeset.write(ax, 0, y, label, style.NARROW, weight="medium", **look) + PAD / 2
    given = row["given_by"]
    steps = {"pass_a": given in ("a", "both"), "pass_b": given in ("b", "both")}
    x, half = DOT, typeset.height_of(0.5, style.SMALL)
    for step, is_given in (steps | {"agreed": row["is_agreed"]}).items():
        name = words(f"step.{step}").replace("\n", " ")
        _sign(ax, x, y + half, is_given)
        typeset.write_lines(ax, x + 2 * DOT, y, [name], **small)
        x += 5 * DOT + typeset.text_width(name, style.SMALL)
    y += 2 * half + PAD / 2
    if pd.notna(row["decision"]):
        lead, reason = words(f"decision.{row['decision']}") + ":", words.text(row, "reason")
        text = {"size": style.SMALL, **look}
        y += typeset.write_lead(ax, 0, y, lead, reason, style.NARROW, **text) + PAD / 2
    if pd.isna(row["statements"]):
        return y
    middle, name = y + CELL[1] / 2, words("step.cell").replace("\n", " ")
    typeset.write_lines(ax, 0, middle - half, [name], **small)
    beside = typeset.text_width(name, style.SMALL) + 0.2 + CELL[0] / 2
    return _cell(ax, beside, middle, int(row["statements"]), most, words)


def _sign(ax: Axes, x: float, middle: float, is_given: bool) -> None:
    """A dot where a code was given, a short stroke where not."""
    if is_given:
        ax.add_patch(Circle((x, middle), DOT, facecolor=style.INK, edgecolor="none"))
    else:
        ax.plot([x - DOT, x + DOT], [middle, middle], color=style.MUTED, linewidth=1.0)


def _cell(ax: Axes, x: float, middle: float, n: int, most: int, words: Wording) -> float:
    """The cell of the matrix that the statement is counted in; returns where it ends."""
    width, height = CELL
    face = style.shade(n, most)
    corner = (x - width / 2, middle - height / 2)
    ax.add_patch(Rectangle(corner, width, height, facecolor=face, edgecolor="none"))
    top, look = middle - typeset.height_of(0.5), {"align": "center", "colour": style.ink_on(face)}
    typeset.write_lines(ax, x, top, [words.number(n)], **look)
    return middle + height / 2
