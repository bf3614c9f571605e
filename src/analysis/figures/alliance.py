"""The history of an alliance as two sides tell it; and, as a table, what became of its projects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.drawing import style, typeset
from analysis.drawing.marks import EVENTS, event_mark, legend
from analysis.drawing.notes import Notes
from analysis.drawing.yearaxis import HEAD, Label, YearAxis, label, line_height, pack
from analysis.figures.parts.lanes import beside
from analysis.methods.dates import WITHIN, end_of, positions
from analysis.wording import Wording, capitalised

LEFT = 3.6  # left edge of the axis, cm
NARROW_LEFT = 0.4  # and on a narrow sheet, where the voices stand above their bands, cm
PAD = 0.14  # space above and below a band, cm
YEAR_WIDTH = 0.9  # room that the number of a year needs, cm
VOICES = ("asks", "answers", "document")
YEAR = r"\d{4}"  # a date without a month
# States of a project from done to dropped.
STATES = ("done", "pursued", "partly", "completed", "discontinued", "dropped", "unknown")


def draw(
    events: pd.DataFrame, discrepancies: pd.DataFrame, words: Wording, width: float = style.WIDTH
) -> Figure | None:
    """Events as marks at their date, a band for each voice; a year without a month is a bar from
    its beginning to its end, part of one a short bar, and on it is the mark of what ends, is
    planned, or has a date that is derived.

    events: rows of the table of this name with `voice`, one of `VOICES`. discrepancies: the table
    to which they refer. None if there are no events.
    """
    if events.empty:
        return None
    timeline = _Timeline(style.sheet(width), _dated(events), discrepancies, words)
    return timeline.draw()


def headline(events: pd.DataFrame, words: Wording) -> str:
    """When whatever has ended came to its end, if all that is said of it lies in one year, and
    whether both sides tell of it; else how many events each of them tells, or the document if there
    are no sides.
    """
    ends = events[(events["kind"] == "closure") & events["date_qualifier"].ne("planned")]
    years = ends["date"].str.findall(YEAR).explode().unique()
    if len(years) == 1:
        is_told_by_both = {"asks", "answers"} <= set(ends["voice"])
        return words("headline.both" if is_told_by_both else "headline.end", year=years[0])
    if not _has_sides(events):
        return words("headline.document", events=words.numeral(len(events)))
    told = events["voice"].value_counts().reindex(VOICES, fill_value=0)
    return words("headline.voices", **told)


def caption(events: pd.DataFrame, discrepancies: pd.DataFrame, source: str, words: Wording) -> str:
    """How many events there are and who tells of them; what raised numbers mean, if there are any.
    Arguments as for `draw`.
    """
    key = "caption" if _has_sides(events) else "caption.document"
    told = words(key, events=words.numeral(len(events)), source=source)
    has_notes = Notes(events["discrepancy_id"], discrepancies, words).statements
    return capitalised(f"{told} {words(f'{key}.notes')}" if has_notes else told)


def _has_sides(events: pd.DataFrame) -> bool:
    """Whether somebody asks, and somebody answers."""
    return bool(events["voice"].isin(["asks", "answers"]).any())


def table(events: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The events with their dates in words and who tells of them."""
    dates = zip(events["date"], events["date_qualifier"], strict=True)
    return pd.DataFrame({
        "date": [words.date(*date) for date in dates],
        "label": [_named(row, words) for row in events.to_dict("records")],
        "voice": [words(f"voice.{voice}") for voice in events["voice"]],
        "text": events[words.column("description")],
    })  # fmt: skip


def alt(events: pd.DataFrame, words: Wording) -> str:
    """The events of each voice in their order."""
    told = table(events, words)
    named = told["date"] + " " + told["label"]
    voices = named.groupby(told["voice"], sort=False).agg(", ".join)
    return words("alt", voices="; ".join(f"{voice}: {events}" for voice, events in voices.items()))


def outcomes(projects: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """The projects from done to dropped, with what was planned and what became of it.

    projects: order, label, gist, status (one of `STATES`), status_note.
    """
    rank = {state: place for place, state in enumerate(STATES)}
    rows = projects.sort_values("order").sort_values(
        "status", key=lambda states: states.map(rank), kind="stable"
    )
    return pd.DataFrame({
        "status": [words(f"status.{status}") for status in rows["status"]],
        "label": rows[words.column("label")],
        "plan": rows[words.column("gist")],
        "text": rows[words.column("status_note")].fillna(""),
    })  # fmt: skip


def _named(event: dict, words: Wording) -> str:
    """The name of an event without who tells of it, which its band says of all that is in it."""
    voice = words(f"voice.{event['voice']}")
    return words.text(event, "label").removesuffix(f" ({voice[:1].lower()}{voice[1:]})")


def _dated(events: pd.DataFrame) -> pd.DataFrame:
    """The events in order of their dates, with `at`, the date as a number, `mark`, and `over`, a
    mark on that: where the first one says that there is no month, what the event is.
    """
    at = positions(events)
    points = at[at > -math.inf]
    first = points.min() // 1 if len(points) else math.inf  # there may be but periods
    events = events.assign(at=positions(events, first))
    kinds = [event_mark(row, first) for row in events.to_dict("records")]
    kinds = pd.Series(kinds, events.index, dtype="object")
    is_year = events["date"].str.partition("/")[0].str.fullmatch(YEAR) & (kinds != "earlier")
    over = kinds.where(is_year & (kinds != "event"), "")
    dated = events.assign(mark=kinds.mask(is_year, "vague"), over=over)
    return dated.sort_values("at", kind="stable")


@dataclass(frozen=True)
class _Timeline:
    """The events by voice, on one axis of years."""

    sheet: style.Sheet
    events: pd.DataFrame
    discrepancies: pd.DataFrame
    words: Wording

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for the voices beside their bands."""
        return self.sheet.width < style.WIDTH

    @cached_property
    def axis(self) -> YearAxis:
        """The years from the first event to the last; none if there are but periods."""
        own = self.events[self.events["at"] > -math.inf]
        ends = own["date"].map(end_of)
        first, last = (math.floor(own["at"].min()), math.ceil(ends.max())) if len(own) else (1, 0)
        left = NARROW_LEFT if self.is_narrow else LEFT
        return YearAxis(first, last, left, has_undated=False, edge=self.sheet.width)

    @cached_property
    def notes(self) -> Notes:
        """The contradictions that the events are part of."""
        return Notes(self.events["discrepancy_id"], self.discrepancies, self.words)

    def draw(self) -> Figure:
        """The legend, the years, a band for each voice that speaks, and the notes."""
        used = {*self.events["mark"], *self.events["over"]}
        marks = [mark for mark in EVENTS if mark in used]
        top = legend(self.sheet.ax, 0, marks, self.words, self.sheet.width)
        y = top + HEAD
        for voice in VOICES:
            own = self.events[self.events["voice"] == voice]
            if len(own):
                y = self._band(self.sheet.ax, y, voice, own)
        self._years(self.sheet.ax, top, y)
        return self.sheet.end(self.notes.draw(self.sheet.ax, y, self.sheet.width))

    def _band(self, ax: Axes, y: float, voice: str, events: pd.DataFrame) -> float:
        """The rule above the band, the name of the voice, and the labels; returns where it ends."""
        ax.plot([0, self.sheet.width], [y, y], color=style.RULE, linewidth=0.8, zorder=1)
        y += PAD
        look = {"weight": "bold", "language": self.words.language}
        room = self.sheet.width if self.is_narrow else LEFT - 0.4
        name = y + typeset.write(ax, 0, y, self.words(f"voice.{voice}"), room, **look)
        y = name + PAD / 2 if self.is_narrow else y
        for line in pack(map(self._label, events.to_dict("records"))):
            for item in line:
                item.draw(ax, y)
            y += line_height(line)
        return max(y, name) + PAD

    def _label(self, row: dict) -> Label:
        date = self.words.date(row["date"], row["date_qualifier"], short=True)
        text = _named(row, self.words) + self.notes.number(row["discrepancy_id"])
        if row["mark"] == "vague" and row["date_qualifier"] not in WITHIN:
            years, texts = (row["at"], end_of(row["date"])), (date, text)
            look = {"is_open": row["date_qualifier"] == "since", "over": row["over"]}
            return beside(self.axis, "vague", years, texts, self.words, **look)
        return label(self.axis, row["mark"], row["at"], date, text, self.words, over=row["over"])

    def _years(self, ax: Axes, y: float, bottom: float) -> None:
        """Hairlines at the beginning of the years and, as far as there is room, their numbers."""
        axis = self.axis
        step = math.ceil(YEAR_WIDTH / (axis.x(axis.first + 1) - axis.x(axis.first)))
        line = {"color": style.PALE, "linewidth": 0.8, "zorder": 0}
        for year in range(axis.first, axis.last + 1, step):
            ax.plot([axis.x(year)] * 2, [y + 0.1, bottom], **line)
        look = {"fontsize": style.SMALL, "color": style.MUTED}
        middle = {"ha": "center", "va": "center_baseline"} | look
        for year in range(axis.first, axis.last + 1, step):
            ax.text(axis.x(year), y + HEAD / 2 - 0.05, str(year), **middle)
