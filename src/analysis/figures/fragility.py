"""How far findings carry: which of them holds in which universe, as a matrix, and what would have
to be taken away from each.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.methods.fragility import LIMIT, taken_away
from analysis.tables.columns import parts
from analysis.wording import Wording

LABELS = 6.8  # width of the sentences, cm
INDENT = 0.25  # their indent, cm
CARRIES = 1.45  # width of a column of what can be taken away, cm
COLUMN = (0.46, 0.75)  # least and greatest width of the column of a universe, cm
HEAD = (0.8, 20.0)  # least and greatest height of the names of universes, cm
TITLE = 0.68  # height of the title of a group, cm
PAD = 0.09  # above and below a sentence, cm
SPACE = 0.6  # below a matrix, cm
CELL = 0.3  # side of a mark, cm
SMALL = {"size": style.SMALL}
MUTED = {"size": style.SMALL, "colour": style.MUTED}
GROUPS = ("shaky", "possible", "robust")
VERDICTS = ("holds", "fails", "untouched", "void")


@dataclass(frozen=True)
class Part:
    """Some universes beside each other, `width` cm each, behind the sentences or, where `left` is
    zero, below them.
    """

    universes: pd.DataFrame
    width: float
    left: float

    @property
    def right(self) -> float:
        """Where the last one ends, in cm."""
        return self.left + len(self.universes) * self.width

    def x(self, i: int) -> float:
        """The middle of a column, in cm."""
        return self.left + (i + 0.5) * self.width


def touched(findings: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """The findings that a choice could change, the shaky ones first, those that fail most often
    before the others.
    """
    fails = verdicts[verdicts["verdict"] == "fails"].groupby("finding_id").size()
    chosen = findings[findings["robustness"].isin(GROUPS)]
    order = chosen.assign(
        group=chosen["robustness"].map(GROUPS.index),
        fails=-chosen["finding_id"].map(fails).fillna(0),
    )
    return order.sort_values(["group", "fails"], kind="stable").drop(columns=["group", "fails"])


def nothing(findings: pd.DataFrame, universes: pd.DataFrame, words: Wording) -> str:
    """Why there is no finding that a choice could change."""
    for name, frame in (("findings", findings), ("universes", universes)):
        if frame.empty:
            return words(f"nothing.{name}")
    return words("nothing")


def draw(
    findings: pd.DataFrame,
    universes: pd.DataFrame,
    verdicts: pd.DataFrame,
    words: Wording,
    asked: int,
    width: float = style.WIDTH,
    taken: str = "interviews",
) -> Figure | None:
    """Findings as rows in groups, universes as columns; a full square where the finding holds, a
    cross where it does not, an empty square where it could not fail, a dash where nothing is left
    of what it speaks of. Beside them the fewest interviews and codings without which it does not
    hold. On a narrow sheet the squares stand below the sentences.

    findings: as from `touched`. verdicts: finding_id, universe_id, verdict. asked: how many
    municipalities have an interview. taken: what is taken away, `places` where some have several.
    None if there are no findings or universes.
    """
    if findings.empty or universes.empty:
        return None
    sheet, y = style.sheet(width), 0.0
    wide = verdicts.pivot(index="finding_id", columns="universe_id", values="verdict")
    used = set(wide.loc[findings["finding_id"], universes["universe_id"]].to_numpy().flat)
    for part in _parts(universes, width):
        y = _head(sheet.ax, y, part, words, (taken, "codings"))
        for group in GROUPS:
            own = findings[findings["robustness"] == group]
            if len(own):
                y = _group(sheet.ax, y, group, own, wide, part, words, width, asked)
        y = _legend(sheet.ax, y + SPACE / 2, used, words, width) + SPACE
    return sheet.end(y - SPACE)


def table(
    findings: pd.DataFrame, universes: pd.DataFrame, verdicts: pd.DataFrame, words: Wording
) -> pd.DataFrame:
    """Findings and universes, with the verdict in words; arguments as for `draw`."""
    label = universes.set_index("universe_id")[words.column("label")]
    wide = verdicts.pivot(index="finding_id", columns="universe_id", values="verdict")
    said = wide.reindex(index=findings["finding_id"], columns=label.index)
    said = said.map(lambda verdict: words(f"verdict.{verdict}")).rename(columns=label)
    named = findings[["finding_id", words.column("sentence"), "robustness"]]
    named = named.assign(robustness=[words(f"group.{name}") for name in named["robustness"]])
    return named.merge(said, left_on="finding_id", right_index=True).drop(columns="finding_id")


def carrying(
    findings: pd.DataFrame,
    universes: pd.DataFrame,
    verdicts: pd.DataFrame,
    places: pd.Series,
    words: Wording,
) -> pd.DataFrame:
    """Per finding where it does not hold, and the smallest sets without which it would not; the
    statements of the codings among them. places: names of the municipalities with an interview, by
    id.
    """
    label = universes.set_index("universe_id")[words.column("label")]
    fails = verdicts[verdicts["verdict"] == "fails"].groupby("finding_id")["universe_id"].agg(list)
    few = taken_away(len(places))
    never = words("never") if few == len(places) - 1 else words.count("never.few", few)
    rows = []
    for finding in findings.to_dict("records"):
        where = fails.get(finding["finding_id"], [])
        codings, exposed = parts(finding["flipped_by_codings"]), parts(finding["exposed_to"])
        without = words.listing(places[parts(finding["flipped_by_interviews"])]) or never
        least = {"interviews": without, "codings": _number_of_codings(finding, words)}
        rows.append({
            words.column("sentence"): words.text(finding, "sentence"),
            "robustness": words(f"group.{finding['robustness']}"),
            "fails": "; ".join(label[where]) or "–",
            **{way: said if way in exposed else words("cannot") for way, said in least.items()},
            "unit_id": ";".join(dict.fromkeys(row.split("/")[0] for row in codings)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _number_of_codings(finding: dict, words: Wording) -> int | str:
    """How many codings a finding fails without; a text where they were not all looked for."""
    if pd.isna(finding["carries_codings"]):
        return "–"
    n = int(finding["carries_codings"])
    return n if n <= LIMIT else words("many", n=LIMIT)


def headline(findings: pd.DataFrame, words: Wording) -> str:
    """How many findings hold everywhere; findings as for `draw`."""
    robust = int((findings["robustness"] == "robust").sum())
    if len(findings) == 1:
        return words.count("headline.only", robust)
    return words.count("headline", robust, of=words.count("of", len(findings)))


def alt(
    findings: pd.DataFrame, universes: pd.DataFrame, verdicts: pd.DataFrame, words: Wording
) -> str:
    """The size of the matrix, and in how many universes each shaky finding does not hold; arguments
    as for `draw`.
    """
    fails = verdicts[verdicts["verdict"] == "fails"].groupby("finding_id").size()
    shaky = findings[findings["robustness"] == "shaky"]
    listed = "; ".join(
        f"{words.text(row, 'sentence').rstrip('.')} ({words.number(fails[row['finding_id']])})"
        for row in shaky.to_dict("records")
    )
    rows, columns = (words.numeral(len(frame)) for frame in (findings, universes))
    return words("alt", rows=rows, columns=columns, listed=listed or "–")


def percent(share: float, words: Wording) -> str:
    """A share in whole per cent, or with as many decimals as tell it from nothing and from all."""
    exact = 100 * share
    near = (round(exact, n) for n in range(10))
    shown = next((n for n in near if 0 < n < 100), round(exact))
    return words.quantity(shown, "percent")


def _parts(universes: pd.DataFrame, whole: float = style.WIDTH) -> list[Part]:
    """As many universes beside each other as fit, the others below them."""
    left = LABELS if whole == style.WIDTH else 0
    room = whole - left - 2 * CARRIES
    across = typeset.abreast(len(universes), int(room / COLUMN[0]))
    width, starts = min(COLUMN[1], room / across), range(0, len(universes), across)
    return [Part(universes.iloc[i : i + across], width, left) for i in starts]


def _head(ax: Axes, y: float, part: Part, words: Wording, taken: tuple[str, str]) -> float:
    """The names of the universes, upright, and what is taken away; returns where they end."""
    fitting = int(part.width / typeset.height_of(1, style.SMALL))
    names = part.universes[words.column("label")]
    lines = [_name(name, fitting, words.language) for name in names]
    titles = [
        typeset.wrap(words(f"carries.{what}"), CARRIES - 0.1, language=words.language, **SMALL)
        for what in taken
    ]
    title = typeset.wrap(words("carries"), 2 * CARRIES, weight="medium", language=words.language)
    most = typeset.height_of(max(map(len, titles)), style.SMALL)
    above = most + typeset.height_of(len(title)) + 0.1
    lengths = [typeset.text_width(line, style.SMALL) for own in lines for line in own]
    bottom = y + max(above, *lengths)
    for i, own in enumerate(lines):
        middle = part.x(i)
        for j, line in enumerate(own):
            x = middle + typeset.height_of(j - (len(own) - 1) / 2, style.SMALL)
            look = {"fontsize": style.SMALL, "rotation": 90, "ha": "center", "va": "bottom"}
            ax.text(x, bottom, line, color=style.INK, **look)
    for i, own in enumerate(titles):
        x = part.right + (i + 0.5) * CARRIES
        top = bottom - typeset.height_of(len(own), style.SMALL)
        typeset.write_lines(ax, x, top, own, align="center", **SMALL)
    top = bottom - above
    typeset.write_lines(ax, part.right + CARRIES, top, title, weight="medium", align="center")
    return bottom + 0.1


def _name(name: str, fitting: int, language: str) -> list[str]:
    """The lines of a name in as little height as the column's width allows."""
    heights = np.arange(*HEAD, 0.1)
    tried = (typeset.wrap(name, height, style.SMALL, language=language) for height in heights)
    return next((lines for lines in tried if len(lines) <= fitting), [name])


def _fewest(finding: dict, asked: int, words: Wording) -> tuple[str, str]:
    """How many interviews and how many codings a finding does not hold without, at the fewest; of
    codings, not every set is tried.
    """
    never, few = words("never.short"), taken_away(asked)
    exposed = parts(finding["exposed_to"])
    is_open = few < asked - 1 and "interviews" in exposed
    interviews = len(parts(finding["flipped_by_interviews"]))
    codings = 0 if pd.isna(finding["carries_codings"]) else int(finding["carries_codings"])
    more = words.number(codings) if codings <= LIMIT else f"> {words.number(LIMIT)}"
    return (
        words.number(interviews) if interviews else f"> {few}" if is_open else never,
        more if codings else words("open.short") if "codings" in exposed else never,
    )


def _group(
    ax: Axes,
    y: float,
    group: str,
    findings: pd.DataFrame,
    wide: pd.DataFrame,
    part: Part,
    words: Wording,
    whole: float,
    asked: int,
) -> float:
    """The title of a group and its findings; returns where they end."""
    title = words(f"title.{group}", n=words.number(len(findings)))
    look = {"weight": "bold", "valign": "center", "language": words.language}
    typeset.write(ax, 0, y + TITLE / 2, title, whole, **look)
    y, room = y + TITLE, (part.left or whole) - INDENT - 0.2
    for finding in findings.to_dict("records"):
        sentence = words.text(finding, "sentence")
        lines = typeset.wrap(sentence, room, style.SMALL, language=words.language)
        height = typeset.height_of(len(lines), style.SMALL) + 2 * PAD
        ax.plot([0, whole], [y, y], color=style.RULE, linewidth=0.5)
        with links.said(ax, sentence, f"finding:{finding['finding_id']}"):
            typeset.write_lines(ax, INDENT if part.left else 0, y + PAD, lines, **SMALL)
        middle = y + height / 2 if part.left else y + height + CELL / 2
        for i, universe in enumerate(part.universes["universe_id"]):
            _mark(ax, part.x(i), middle, wide.at[finding["finding_id"], universe])
        for i, n in enumerate(_fewest(finding, asked, words)):
            x, top = part.right + (i + 0.5) * CARRIES, middle - typeset.height_of(0.5)
            colour = style.INK if n[-1].isdigit() else style.MUTED
            typeset.write_lines(ax, x, top, [n], colour=colour, align="center")
        y += height if part.left else height + CELL + PAD
    return y


def _mark(ax: Axes, x: float, y: float, verdict: str) -> None:
    """Whether a finding holds: told by shape as well as by colour."""
    half = CELL / 2
    if verdict in ("holds", "untouched"):
        inside = style.MIDDLE if verdict == "holds" else style.PAPER
        look = {"facecolor": inside, "edgecolor": style.MIDDLE, "linewidth": 0.8}
        ax.add_patch(Rectangle((x - half, y - half), CELL, CELL, **look))
    elif verdict == "fails":
        look = {"color": style.INK, "linewidth": 1.6, "solid_capstyle": "butt"}
        for turn in (-1, 1):
            ax.plot([x - half, x + half], [y - turn * half, y + turn * half], **look)
    else:
        ax.plot([x - half / 2, x + half / 2], [y, y], color=style.MUTED, linewidth=1)


def _legend(ax: Axes, y: float, used: Collection[str], words: Wording, whole: float) -> float:
    """What the marks in use mean, as many side by side as fit; returns where it ends."""
    x, line = INDENT, typeset.height_of(1, style.SMALL)
    for verdict in [verdict for verdict in VERDICTS if verdict in used]:
        text = words(f"verdict.{verdict}")
        width = CELL + 0.12 + typeset.text_width(text, style.SMALL)
        if x > INDENT and x + width > whole:
            x, y = INDENT, y + line + PAD
        _mark(ax, x + CELL / 2, y + line / 2, verdict)
        typeset.write_lines(ax, x + CELL + 0.12, y, [text], **MUTED)
        x += width + 0.6
    return y + line
