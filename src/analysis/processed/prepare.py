"""Turns the raw tables of a study into the tidy tables that the notebooks read."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd

from analysis.files.whole import write_whole
from analysis.methods.agreement import (
    agreed,
    compare_passes,
    dimensions,
    in_order,
    reliability_data,
)
from analysis.methods.counts import code_counts
from analysis.methods.dates import positions
from analysis.processed.datapackage import describe
from analysis.processed.findings import counted
from analysis.raw.completed import passage
from analysis.tables import PROCESSED, RAW, coder_of
from analysis.tables.columns import natural, parts
from analysis.wording import LANGUAGES, Wording


def write_processed(study, tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Writes the processed tables of a `Study`, and the data package that describes them."""
    contents = {
        f"{name}.csv": as_csv(frame[_written(name, frame)]) for name, frame in tables.items()
    }
    about = _own(study)
    package = describe(
        {name: text.encode() for name, text in contents.items()}, about["source_id"], about["title"]
    )
    contents["datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    for name, text in contents.items():
        write_whole(folder / name, text)


def as_csv(frame: pd.DataFrame) -> str:
    """A processed table as the text of its file."""
    return frame.to_csv(index=False, lineterminator="\n")


def prepare(study) -> dict[str, pd.DataFrame]:
    """The processed tables of a `Study`, by name; every column as `PROCESSED` describes it."""
    finished = _tidied(study)
    return finished | _finished(counted(study["findings"], finished))


def with_all_that_count(study) -> dict[str, pd.DataFrame] | None:
    """The same, but the findings, with statements that only count, for what has to hold with them
    too; None if there are none. They are never written.
    """
    return study.counting and _tidied(study.counting)


def _tidied(study) -> dict[str, pd.DataFrame]:
    """The processed tables but those of the findings."""
    statements = _statements(study)
    passes, context_passes = (_passes(study, corpus) for corpus in ("", "context_"))
    codings = _codings(study, passes)
    places = study["municipalities"]["municipality_id"]
    counts = _counts(codings, statements, "interview", study["codes"], places)
    counts = counts.merge(study["aggregated"], on=["code", "municipality_id"], how="left")
    tables = {name: study[name] for name in PROCESSED if name in RAW}
    tables |= {
        "dimensions": _dimensions(study, counts),
        "codes": study["codes"],
        "facts": _facts(pd.concat([study["facts"], study["context_facts"]])),
        "projects": _projects(study),
        "statements": statements,
        "codings": codings,
        "passes": compare_passes(passes["codings_a"], passes["codings_b"]),
        "ratings": reliability_data(_coders(passes)),
        "code_counts": counts,
        "context_statements": study["context_units"],
        "context_codings": _codings(study, context_passes),
        "context_ratings": reliability_data(_coders(context_passes)),
        "case_counts": _counts(
            codings, statements, "case", study["codes"], study["cases"]["case_id"]
        ),
    }
    return _finished({
        name: tables[name] for name in PROCESSED if name not in ("findings", "verdicts")
    })  # fmt: skip


def _dimensions(study, counts: pd.DataFrame) -> pd.DataFrame:
    """The dimensions, and where some statements only count. Whoever asks that alone hangs on no
    number of codings.
    """
    codes = counts.loc[counts["aggregated"].ne(0).fillna(True), "code"]
    some = study["codes"].set_index("code")["dimension"].reindex(codes.unique())
    return study["dimensions"].assign(
        some_only_count=study["dimensions"]["dimension"].isin(some).astype(bool)
    )


def _finished(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """With the columns that are described, in their order, and rows by number."""
    return {
        name: frame[list(PROCESSED[name].columns)].reset_index(drop=True)
        for name, frame in tables.items()
    }


def _statements(study) -> pd.DataFrame:
    """Interview and case statements in one table; interview statements get the case of their
    municipality. One without an anchor is from the study.
    """
    places = study["municipalities"][["municipality_id", "case_id"]]
    interview = (
        study["units"].merge(places, on="municipality_id", how="left").assign(corpus="interview")
    )
    # ASSUME: a statement on a case speaks of the whole case, and explicitly; the study rarely tells
    # the towns of a case apart.
    cases = study["case_units"]
    case = cases.assign(
        corpus="case", statement_id=cases["unit_id"], attribution="explicit", locator=passage(cases)
    )
    both = pd.concat([interview, case], ignore_index=True)
    anchored = both.merge(study["anchors"], on="unit_id", how="left")
    return anchored.assign(source_id=anchored["source_id"].fillna(_own(study)["source_id"]))


def _written(name: str, frame: pd.DataFrame) -> list[str]:
    """The columns that the file of a processed table has: one that it may lack is left out where
    nothing is in it, and back when the table is read. A raw table has all of them.
    """
    about = PROCESSED[name].columns
    return [
        column
        for column in frame
        if name in RAW or not about[column].may_lack or frame[column].notna().any()
    ]


def _own(study) -> dict:
    """The study itself among the sources."""
    (about,) = study["sources"].query("role == 'study'").to_dict("records")
    return about


def _projects(study) -> pd.DataFrame:
    """The projects with what other tables know of them: events, partners, passages; each
    empty where there is none.
    """
    events = _earliest_first(study["events"]).groupby("project_id")["event_id"]
    joined = {
        "event_id": events.agg(_listed),
        "partner_id": study["cooperation"].groupby("project_id")["organisation_id"].agg(_listed),
        "passages": study["project_mentions"].groupby("project_id")["locator"].agg(_each_once),
    }
    return study["projects"].assign(
        **{column: study["projects"]["project_id"].map(cells) for column, cells in joined.items()}
    )


def _earliest_first(events: pd.DataFrame) -> pd.DataFrame:
    """The events by where they begin; those that begin at once by their dates and ids."""
    order = events.assign(at=positions(events, -math.inf), nth=events["event_id"].map(natural))
    return events.loc[order.sort_values(["at", "date", "nth"]).index]


def _listed(values: pd.Series) -> str:
    return ";".join(dict.fromkeys(values))


def _each_once(cells: pd.Series) -> str:
    """What these cells list, in order."""
    return ";".join(sorted({part for cell in cells for part in parts(cell)}, key=natural))


def _passes(study, corpus: str) -> dict[str, pd.DataFrame]:
    """The codings of each coder and what was decided, by the names of the tables without the
    corpus, their statements and codes in order.
    """
    asked = (f"{corpus}codings_", f"{corpus}adjudication")
    names = [name for name in study if name.startswith(asked)]
    frames = in_order(*(study[name] for name in names))
    return {name.removeprefix(corpus): frame for name, frame in zip(names, frames, strict=True)}


def _codings(study, passes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    final = agreed(*(passes[name] for name in ("codings_a", "codings_b", "adjudication")))
    return final.assign(dimension=dimensions(final["code"], study["codes"]))


def _coders(passes: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The codings of each coder, passes A and B first."""
    return {coder_of(name): frame for name, frame in passes.items() if name != "adjudication"}


def _counts(codings, statements, corpus: str, codes, places) -> pd.DataFrame:
    return code_counts(codings, statements[statements["corpus"] == corpus], codes["code"], places)


def _facts(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts with the text that prose (`display`) and figures (`short`) show for them."""
    shown = {}
    for language in LANGUAGES:
        words = Wording(language)
        for stem, short in (("display", False), ("short", True)):
            shown[f"{stem}_{language}"] = [
                words.quantity(value, unit, qualifier, short=short)
                for value, unit, qualifier in zip(
                    facts["value"], facts["unit"], facts["qualifier"], strict=True
                )
            ]
    return facts.assign(**shown)
