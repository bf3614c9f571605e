"""Turns results.csv into the tables in README.md, results.svg and values.json:
`python benchmarks/show.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

HERE = Path(__file__).parent
OURS = "make book, nothing built"
STAGE = "make notebooks, nothing built"
PLAIN = "make notebooks, ordinary kernels"
FLOOR = "the cells alone, in forks"
BOOKS = "make book, notebooks done"
ALONE = "Sphinx alone, a process an edition"
MANY = 100_000  # notebooks, of which the page on scaling tells what they would take
SEEN = 20  # MiB; less than any Python process needs


def main() -> None:
    """Reads the results; writes tables, picture, and the values that the
    report's page on scaling shows.
    """
    results = pd.read_csv(HERE / "results.csv")
    middle = results.groupby(["measurement", "size"], sort=False).median().reset_index()
    rounds = results.groupby(["measurement", "size"], sort=False)["seconds"].agg(
        ["min", "max", "size"]
    )
    text = (HERE / "README.md").read_text("utf-8")
    shown = values(middle)
    (HERE / "values.json").write_text(json.dumps(shown, indent=1) + "\n", "utf-8")
    cost = (
        "A thousand notebooks like `case` take {minutes_per_thousand} core-minutes, measured with "
        "{largest} of them on {cores} cores."
    )
    for name, table in (
        ("report", report(middle, rounds)),
        ("growth", growth(middle)),
        ("cost", cost.format(**shown)),
    ):
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\g<1>{table}\n\g<2>", text, flags=re.DOTALL
        )
    (HERE / "README.md").write_text(text, "utf-8")
    picture(middle).savefig(HERE / "results.svg", metadata={"Date": None})


def seconds(middle: pd.DataFrame, measurement: str) -> float:
    """The median of a measurement of the report."""
    return middle.loc[middle["measurement"] == measurement, "seconds"].iloc[0]


def report(middle: pd.DataFrame, rounds: pd.DataFrame) -> str:
    """Every way of making the report, with its ratio to ours."""
    lines = ["| | seconds | ratio | aim | MiB |", "|---|---|---|---|---|"]
    for row in middle[middle["measurement"].isin(_of_report(middle))].itertuples():
        spread = rounds.loc[(row.measurement, row.size)]
        shown = f"{row.seconds:.1f} ({spread['min']:.1f} to {spread['max']:.1f})"
        ratio, aim = _ratio(row.measurement, row.seconds, middle)
        # over before it could be looked at
        memory = f"{row.mebibytes:.0f}" if row.mebibytes > SEEN else ""
        lines.append(f"| {row.measurement} | {shown} | {ratio} | {aim} | {memory} |")
    return "\n".join(lines)


def is_of_growth(measurement: str) -> bool:
    """Whether it is of invented studies of some size, and not of the report."""
    return "municipalities" in measurement or "codings" in measurement


def _of_report(middle: pd.DataFrame) -> list[str]:
    return [name for name in middle["measurement"] if not is_of_growth(name)]


def _ratio(measurement: str, taken: float, middle: pd.DataFrame) -> tuple[str, str]:
    """How many times as long it takes as what it is compared with, and what is aimed at."""
    ours = seconds(middle, OURS)
    if measurement == OURS:
        return "1", ""
    if measurement.startswith("the usual way"):
        aim = "at least 2 ×" if "at a time" in measurement else "at least 5 ×"
        return f"**{taken / ours:.1f} ×** `make book`", aim
    if measurement in (STAGE, PLAIN):
        aim = "at most 1.3 ×" if measurement == STAGE else ""
        return f"**{taken / seconds(middle, FLOOR):.2f} ×** the cells alone", aim
    if measurement == BOOKS:
        return f"**{taken / seconds(middle, ALONE):.2f} ×** Sphinx alone", "at most 1.5 ×"
    if measurement in (FLOOR, ALONE):
        return "", ""
    aims = {
        "make book, nothing changed": "at most 0.5 s",
        "make book, one coding changed": "at most a third",
        "make book, style of all figures changed": "at most 1 ×",
        "make watch, one sentence saved": "at most 2 s",
        "make watch, one text of a figure saved": "at most 4 s",
        "make watch, one coding saved": "at most 6 s",
    }
    return f"**{taken / ours:.2f} ×** `make book`", aims.get(measurement, "")


def growth(middle: pd.DataFrame) -> str:
    """What a notebook and a coding cost as their number grows."""
    lines = ["| | number | seconds | milliseconds each | MiB |", "|---|---|---|---|---|"]
    for row in middle[~middle["measurement"].isin(_of_report(middle))].itertuples():
        each = 1000 * row.seconds / row.size
        lines.append(
            f"| {row.measurement} | {row.size:,} | {row.seconds:.1f} | {each:.3g} | "
            f"{row.mebibytes:.0f} |"
        )
    return "\n".join(lines)


def values(middle: pd.DataFrame) -> dict[str, float]:
    """What the prose says: core-minutes for a thousand notebooks, from the largest synthetic study;
    what MANY of them and their pages would take if everything went on growing as from the smallest
    to the largest; and the ratios of the report.
    """
    grown = {
        part: middle[middle["measurement"] == f"{part} of municipalities"].iloc[[0, -1]]
        for part in ("data", "notebooks", "book")
    }
    largest = grown["notebooks"].iloc[-1]
    most = {part: _at(MANY, rows) for part, rows in grown.items()}
    ours = seconds(middle, OURS)
    usual = {
        name: seconds(middle, name)
        for name in _of_report(middle)
        if name.startswith("the usual way")
    }
    one, several = sorted(usual.values(), reverse=True)
    return {
        "minutes_per_thousand": round(
            1000 * largest["seconds"] * largest["cores"] / largest["size"] / 60
        ),
        "many_plan_minutes": round(most["data"]["seconds"] / 60),
        "many_core_hours": round(most["notebooks"]["seconds"] * largest["cores"] / 3600),
        "many_book_hours": round(most["book"]["seconds"] / 3600, 1),
        "many_book_gibibytes": round(most["book"]["mebibytes"] / 1024),
        "smallest": int(grown["notebooks"].iloc[0]["size"]),
        "largest": int(largest["size"]),
        "cores": int(largest["cores"]),
        "usual_ratio": round(one / ours, 1),
        "parallel_ratio": round(several / ours, 1),
    }


def _at(size: int, ends: pd.DataFrame) -> pd.Series:
    """Seconds and MiB at a size, on the line through two measurements."""
    first, last = (ends.iloc[i][["size", "seconds", "mebibytes"]].astype(float) for i in (0, 1))
    return last + (last - first) * (size - last["size"]) / (last["size"] - first["size"])


def picture(middle: pd.DataFrame) -> Figure:
    """Left the ways of making the report, right how the time grows with a study."""
    with matplotlib.rc_context(
        {
            "svg.hashsalt": "compendium",
            "svg.fonttype": "path",
            "font.size": 8.5,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    ):
        figure = Figure(figsize=(9, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=[3, 2])
        bars = middle[middle["measurement"].isin(_of_report(middle))].iloc[::-1]
        colours = [
            "#1F5C99" if name.startswith("make") else "#B4BAC2" for name in bars["measurement"]
        ]
        shown = left.barh(bars["measurement"], bars["seconds"], color=colours)
        left.bar_label(shown, fmt="%.1f s", padding=3)
        left.set_title("The report, both languages", loc="left")
        left.spines["bottom"].set_visible(False)
        left.tick_params(bottom=False, labelbottom=False, left=False)
        left.margins(x=0.15)
        grown = middle[middle["measurement"] == "notebooks of municipalities"]
        each = 1000 * grown["seconds"] / grown["size"]
        right.plot(grown["size"], each, marker="o", color="#1F5C99")
        right.set(
            ylim=(0, 1.2 * each.max()),
            xlim=(0, 1.08 * grown["size"].max()),
            xlabel="synthetic municipalities, one notebook each",
            ylabel="milliseconds a notebook",
        )
        right.set_title("Time per notebook", loc="left")
        return figure


if __name__ == "__main__":
    main()
