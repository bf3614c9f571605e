"""Can and say: the measures open to municipalities in each field against what is told of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.drawing import links, style, typeset
from analysis.drawing.marks import not_stated
from analysis.wording import Wording, capitalised
from analysis.wording.phrases import with_roles

ZERO = 8.1  # where the two sides meet, cm
LABELS = 4.5  # width of the names of the fields, cm
LEFT = 2.6  # room for the squares of the left side, cm
RIGHT = 5.1  # and of the right one, cm
STEP = 0.26  # at most from one square to the next, cm
LEAST = 0.12  # and at least; more than fit beside each other then go on in the next line, cm
BETWEEN = 0.05  # white between two squares, cm
SIDE = 0.34  # height of a square, cm
LINE = 0.4  # from one line of squares to the next, cm
PLACES = 14.2  # left edge of the initials of the cases, cm
CONCLUDED = 15.55  # of what the conclusion says, cm
PAD = 0.12  # white above and below a row, cm
BAR = 0.12  # width of the bar in the colour of a role, cm
NARROW_LEFT = 2.2  # room for the squares of the left side on a narrow sheet, cm
NARROW = 3.1  # where the two sides meet on a narrow sheet, below the names, cm
INITIALS = 1.3  # at most for the initials of the cases there, cm


def tally(
    fields: pd.DataFrame,
    measures: pd.DataFrame,
    told: pd.DataFrame,
    cases: pd.DataFrame,
    concluded: list[str],
) -> pd.DataFrame:
    """A row for each field: how many measures there are, in how many statements respondents
    (`interview`) and case studies (`case`) tell of it, in which cases, and whether the conclusion
    names it.

    fields: codes with their role. measures: those of the table that are something to do. told:
    code, statement_id, corpus, case_id (missing: of no case), as often as coded. cases: case_id,
    initials. concluded: codes.
    """
    distinct = told.drop_duplicates(["code", "statement_id"])
    numbers = distinct.groupby(["code", "corpus"]).size().unstack()
    numbers = numbers.reindex(index=fields["code"], columns=["interview", "case"]).fillna(0)
    initials = told.merge(cases, on="case_id").groupby("code")["initials"].agg(set)
    places = [
        " ".join(name for name in cases["initials"] if name in initials.get(code, ()))
        for code in fields["code"]
    ]
    per_field = measures["field_code"].value_counts().reindex(fields["code"], fill_value=0)
    return fields.assign(
        measures=per_field.to_numpy(),
        **{corpus: numbers[corpus].astype(int).to_numpy() for corpus in numbers},
        places=places,
        is_concluded=fields["code"].isin(concluded),
    )


@dataclass(frozen=True)
class _Place:
    """Where a field is drawn: the axes, where the sides meet, and the right edge, in cm.

    is_narrow: the names of the fields stand above the squares, and what follows them beside. names:
    whether the conclusion names any of them.
    initials: the room for those of the cases at the right edge of a narrow sheet, in cm.
    """

    ax: Axes
    zero: float
    right: float
    is_narrow: bool
    names: bool
    initials: float = 0.0

    @property
    def left(self) -> float:
        """For the squares of the left side."""
        return NARROW_LEFT if self.is_narrow else LEFT

    @property
    def room(self) -> float:
        """For the squares of the right side and their number."""
        return self.right - self.zero - 0.9 - self.initials if self.is_narrow else RIGHT


def draw(
    rows: pd.DataFrame, roles: pd.DataFrame, words: Wording, width: float = style.WIDTH
) -> Figure | None:
    """Fields below each other, in the colours of their roles; to the left of a common line a hollow
    square for each measure, to the right one for each statement, paler for those of case studies.

    rows: as from `tally`. roles: those of the codes, in codebook order; their names stand behind
    those of their fields where no colours tell them apart. None if there is neither a measure nor
    a statement.
    """
    if not rows[["measures", "interview", "case"]].to_numpy().sum():
        return None
    sheet, said = style.sheet(width), rows["interview"] + rows["case"]
    is_narrow = width < style.WIDTH
    longest = max(typeset.text_width(places, style.SMALL) for places in rows["places"])
    beside = min(longest, INITIALS) + 0.15 if is_narrow and longest else 0.0
    place = _Place(
        sheet.ax, NARROW if is_narrow else ZERO, width, is_narrow, _is_named(rows), beside
    )
    can = place.left / max(rows["measures"].max(), 1)
    step = max(LEAST, min(STEP, can, place.room / max(said.max(), 1)))
    colours, label = style.role_colours(roles["code"]), words.column("label")
    if not style.tells_roles(roles["code"]):
        names = rows["role_code"].map(roles.set_index("code")[label])
        rows = rows.assign(**{label: with_roles(rows[label], names)})
    top = y = _head(place, rows, words)
    for row in rows.to_dict("records"):
        y = _row(place, y, row, step, colours[row["role_code"]], words)
    if not is_narrow:  # where names stand in its way, each row has a part of it
        sheet.ax.plot([ZERO, ZERO], [top, y], color=style.INK, linewidth=1.2)
    return sheet.end(y)


def _head(place: _Place, rows: pd.DataFrame, words: Wording) -> float:
    """What the columns hold; returns their bottom."""
    ax, zero = place.ax, place.zero
    bold = {"weight": "bold", "language": words.language}
    small = {"size": style.SMALL, "colour": style.MUTED, "language": words.language}
    end = place.right if place.is_narrow else PLACES
    ends = [typeset.write(ax, zero - 0.15, 0, words("can"), zero - 0.15, align="right", **bold)]
    right = typeset.write(ax, zero + 0.15, 0, words("say"), end - zero - 0.15, **bold)
    x, y = zero + 0.15, right + PAD
    for corpus in ("interview", "case"):
        if rows[corpus].any():
            text = words(f"say.{corpus}")
            room = typeset.text_width(text, style.SMALL)
            if x + STEP + 0.1 + room > end:
                x, y = zero + 0.15, y + SIDE + PAD
            _squares(ax, x, y, 1, STEP, style.MUTED, corpus)
            typeset.write(ax, x + STEP + 0.1, y, text, style.WIDTH, **small)
            x += STEP + room + 0.6
    ends.append(y + SIDE)
    if not place.is_narrow:
        typeset.write(ax, PLACES, 0, words("places"), CONCLUDED - PLACES - 0.1, **small)
        room, concluded = style.WIDTH - CONCLUDED, words("concluded") if place.names else ""
        ends.append(typeset.write(ax, CONCLUDED, 0, concluded, room, **small))
    return max(ends) + 2 * PAD


def _row(place: _Place, y: float, row: dict, step: float, colour, words: Wording) -> float:
    """A field with both its sides; returns its bottom."""
    ax, zero, said, top = place.ax, place.zero, row["interview"] + row["case"], y + PAD
    label = words.text(row, "label")
    room = LABELS
    if place.is_narrow:
        concluded = words("concluded") if row["is_concluded"] else ""
        room = place.right - 0.5 - typeset.text_width(concluded, style.SMALL)
    told = f"{label} – {words('say')}: {words.number(said)}"
    with links.said(ax, told, f"codes:{row['code']}"):
        ends = [top + typeset.write(ax, 0.3, top, label, room, language=words.language)]
    start = ends[0] + 0.06 if place.is_narrow else top
    middle = start + typeset.height_of(0.5)
    can = _lines(["can"] * row["measures"], place.left, step)
    for i, line in enumerate(can):
        left, y = zero - 0.15 - len(line) * step, middle - SIDE / 2 + i * LINE
        _squares(ax, left, y, len(line), step, colour, "can")
    _number(ax, zero - 0.27 - len(can[0]) * step, middle, words.number(row["measures"]), "right")
    say = _lines(["interview"] * row["interview"] + ["case"] * row["case"], place.room, step)
    for i, line in enumerate(say):
        for j, corpus in enumerate(line):
            x, y = zero + 0.15 + j * step, middle - SIDE / 2 + i * LINE
            _squares(ax, x, y, 1, step, colour, corpus)
    if said:
        _number(ax, zero + 0.27 + len(say[0]) * step, middle, words.number(said), "left")
    else:
        box = (zero + 0.15, middle - SIDE / 2 - 0.05, place.room, SIDE + 0.1)
        not_stated(ax, *box, words("say.none"))
    ends.append(_beside(place, top, middle, row, words))
    ends.append(start + SIDE + (max(len(can), len(say)) - 1) * LINE)
    bottom = max(ends) + PAD
    if place.is_narrow:
        ax.plot([zero, zero], [start - 0.02, bottom - 0.02], color=style.INK, linewidth=1.2)
    ax.add_patch(Rectangle((0, top), BAR, bottom - PAD - top, facecolor=colour))
    return bottom


def _beside(place: _Place, y: float, middle: float, row: dict, words: Wording) -> float:
    """In which cases somebody tells of a field, and whether the conclusion names it; the bottom.

    middle: of the first line of squares, in cm.
    """
    look = {"language": words.language}
    if place.is_narrow:
        small = {"size": style.SMALL, "colour": style.MUTED, "align": "right"}
        text = words("concluded") if row["is_concluded"] else ""
        named = y + typeset.write_lines(place.ax, place.right, y, [text], **small)
        if not row["places"]:
            return named
        y, room = middle - typeset.height_of(0.5, style.SMALL), place.initials - 0.1
        told = typeset.write(place.ax, place.right, y, row["places"], room, **small, **look)
        return max(named, y + told)
    answer = (words("yes") if row["is_concluded"] else "–") if place.names else ""
    room = CONCLUDED - PLACES - 0.1
    bottom = y + typeset.write(place.ax, PLACES, y, row["places"] or "–", room, **look)
    typeset.write(place.ax, CONCLUDED, y, answer, style.WIDTH - CONCLUDED, **look)
    return bottom


def _lines(squares: list[str], room: float, step: float) -> list[list[str]]:
    """The squares of each line, one line at least, as many as fit into `room` cm beside each
    other.
    """
    across = int(room / step + 1e-9)  # as good as equal
    return [squares[i : i + across] for i in range(0, len(squares), across)] or [[]]


def _number(ax: Axes, x: float, y: float, number: str, align: str) -> None:
    ax.text(x, y - typeset.lift(), number, ha=align, va="center_baseline", fontweight="bold")


def _squares(ax: Axes, x: float, y: float, n: int, step: float, colour, kind: str) -> None:
    """Squares side by side: hollow for what can be done, full or pale for who tells of it."""
    faces = {"can": style.PAPER, "interview": colour, "case": style.tint(colour, 0.35)}
    for i in range(n):
        box = (x + i * step, y), step - BETWEEN, SIDE
        ax.add_patch(Rectangle(*box, facecolor=faces[kind], edgecolor=colour, linewidth=0.9))


def caption(
    rows: pd.DataFrame, roles: pd.DataFrame, corpora: str, places: list[str], words: Wording
) -> str:
    """What is set against what, and how to read it.

    corpora: where statements are from. places: the marks of cases.
    """
    marks = coloured(roles, places, words)
    told = words("caption", corpora=corpora, coloured=f". {marks}" if marks else "")
    return f"{told} {words('caption.concluded')}" if _is_named(rows) else told


def coloured(roles: pd.DataFrame, places: list[str], words: Wording) -> str:
    """What the colours of `roles`, if they tell these apart, and the marks of cases mean."""
    colours = words("coloured") if style.tells_roles(roles["code"]) else ""
    marks = words.count("places", len(places), places=words.listing(places)) if places else ""
    return capitalised("; ".join(filter(None, (colours, marks))))


def _is_named(rows: pd.DataFrame) -> bool:
    """Whether the conclusion names any field."""
    return bool(rows["is_concluded"].any())


def table(rows: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The numbers of each field and, where the conclusion names any, whether it names this one."""
    concluded = [words("yes" if named else "no") for named in rows["is_concluded"]]
    numbers = pd.DataFrame({
        "label": rows[words.column("label")],
        "measures": rows["measures"],
        "interview": rows["interview"],
        "case": rows["case"],
        "places": rows["places"],
    })  # fmt: skip
    return numbers.assign(concluded=concluded) if _is_named(rows) else numbers


def silent(rows: pd.DataFrame) -> pd.DataFrame:
    """The fields that the conclusion names although no statement tells of them."""
    return rows[rows["is_concluded"] & (rows["interview"] + rows["case"] == 0)]


def headline(rows: pd.DataFrame, words: Wording) -> str:
    """Which fields the conclusion names although nobody tells of them; of how many fields anybody
    tells, if it names none.
    """
    if not _is_named(rows):
        told = int((rows["interview"] + rows["case"] > 0).sum())
        return words.count("headline.told", told, total=words.numeral(len(rows)))
    fields = silent(rows)
    quoted = (words("quoted", text=name) for name in fields[words.column("label")])
    names = words.few(quoted, "fields")
    measures = words.count("headline.measures", int(fields["measures"].sum()))
    return words.count("headline", len(fields), fields=names, measures=measures)


def alt(rows: pd.DataFrame, words: Wording) -> str:
    """Both numbers of each field."""
    said = rows["interview"] + rows["case"]
    fields = [
        words("alt.field", label=label, can=words.number(can), say=words.number(say))
        for label, can, say in zip(rows[words.column("label")], rows["measures"], said, strict=True)
    ]
    told = words("alt", fields="; ".join(fields))
    named = "; ".join(rows.loc[rows["is_concluded"], words.column("label")])
    return f"{told} {words('alt.concluded', named=named)}" if named else told
