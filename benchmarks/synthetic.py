"""Invented studies of any size, to see what grows with what. Nothing of them is in the report."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.exchange.export import Book, write_project

TESTS = Path(__file__).parents[1] / "tests"
sys.path.append(str(TESTS / "exchange"))
import xlsx  # noqa: E402  # as the tests make spreadsheets

MINI = TESTS / "mini"
MODEL = "tal"  # the case of the miniature study that every synthetic municipality is a copy of
KEYED = {
    "study/facts.csv": "fact_id",
    "study/events.csv": "event_id",
    "study/targets.csv": "target_id",
    "coding/case_units.csv": "unit_id",
}


def municipalities(folder: Path, n: int) -> None:
    """A project of `n` synthetic municipalities below `folder`: data, one notebook
    (`case`), a book of their pages.
    """
    names = [f"ort-{number:03}" for number in range(n)]
    _lay_out(folder)
    _multiply(folder / "data/raw", names)
    (folder / "book/de").mkdir()
    case = f"case-{names[0]}"
    page = f"# Synthetische Kommunen\n\n{{numref}}`fig-{case}`\n\n```{{study-figure}} {case}\n```\n"
    (folder / "book/de/index.md").write_text(page, "utf-8")
    (folder / "book/_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n  - glob: notebooks/*\n", "utf-8"
    )


def _lay_out(folder: Path) -> None:
    """Puts the code, one notebook and the data of the miniature study into a new project."""
    root = MINI.parents[1]
    for name in ("src", "dodo.py", "requirements.lock"):
        copy(root / name, folder)
    # what the miniature study finds need not hold of the synthetic one, which has other places
    data = shutil.ignore_patterns("findings.csv", "universes.csv")
    shutil.copytree(MINI / "data", folder / "data/raw", ignore=data)
    shutil.copytree(
        root / "book", folder / "book", ignore=shutil.ignore_patterns("de", "en", "*.yml", "*.bib")
    )
    shutil.copytree(
        MINI / "book",
        folder / "book",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("de", "_toc.yml"),
    )
    (folder / "notebooks").mkdir()
    shutil.copy(root / "notebooks/case.ipynb", folder / "notebooks")


def copy(thing: Path, folder: Path) -> None:
    """Puts a file, or the code below a folder, into another project."""
    if thing.is_file():
        shutil.copy(thing, folder)
    else:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(thing, folder / thing.name, ignore=ignored)


def _multiply(raw: Path, names: list[str]) -> None:
    """Gives every municipality of these names, which is a case of its own, what the model has."""
    labels = [
        {"label_de": f"Ort {name[4:]} (synthetisch)", "label_en": f"Place {name[4:]} (synthetic)"}
        for name in names
    ]
    _copy(
        raw / "study/cases.csv",
        "case_id",
        MODEL,
        [{"case_id": name, **label} for name, label in zip(names, labels, strict=True)],
    )
    ids = [{"municipality_id": name, "case_id": name, "initials": name[4:]} for name in names]
    _copy(
        raw / "study/municipalities.csv",
        "municipality_id",
        "auental",
        [row | label for row, label in zip(ids, labels, strict=True)],
    )
    for file, key in KEYED.items():
        for model in [row[key] for row in _rows(raw / file) if row["case_id"] == MODEL]:
            _copy(
                raw / file,
                key,
                model,
                [{key: f"{model}{name[4:]}", "case_id": name} for name in names],
            )
    for file in ("anchors", "codings_a", "codings_b", "adjudication"):
        for unit in [
            row["unit_id"]
            for row in _rows(raw / "coding/case_units.csv")
            if row["case_id"] == MODEL
        ]:
            _copy(
                raw / f"coding/{file}.csv",
                "unit_id",
                unit,
                [{"unit_id": f"{unit}{name[4:]}"} for name in names],
            )


def codings(tables: dict[str, pd.DataFrame], n: int) -> dict[str, pd.DataFrame]:
    """The raw tables of a study with `n` codings in each of two passes, which agree in nine of ten;
    four codings a statement.
    """
    random = np.random.default_rng(0)
    units = n // 4
    names = np.char.add("s", np.arange(units).astype(str))
    model = tables["units"].iloc[[-1]]
    statements = model.loc[model.index.repeat(units)].reset_index(drop=True)
    places = tables["municipalities"]["municipality_id"].to_numpy()
    statements = statements.assign(
        unit_id=names,
        statement_id=names,
        municipality_id=random.choice(places, units),
        attribution="explicit",
    )
    anchor = tables["anchors"].iloc[[0]]
    anchors = anchor.loc[anchor.index.repeat(units)].reset_index(drop=True).assign(unit_id=names)
    pairs = pd.DataFrame(
        {
            "unit_id": np.repeat(names, 4),
            "code": random.choice(tables["codes"]["code"].to_numpy(), units * 4),
            "certainty": 2,
        }
    )
    pairs = pairs.drop_duplicates(["unit_id", "code"]).astype({"certainty": "Int64"})
    only_a = random.random(len(pairs)) < 0.1
    judged = pairs.loc[only_a, ["unit_id", "code"]].assign(
        given_by="a",
        decision="include",
        stage="run",
        reason_de="synthetisch",
        reason_en="synthetic",
    )
    same = {"case_units": tables["case_units"].iloc[:0], "units": statements, "anchors": anchors}
    return tables | same | {"codings_a": pairs, "codings_b": pairs[~only_a], "adjudication": judged}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _copy(path: Path, key: str, model: str, changes: list[dict[str, str]]) -> None:
    """Appends copies of the rows whose `key` is `model`, each with its changes."""
    rows = _rows(path)
    models = [row for row in rows if row[key] == model]
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writerows(row | change for change in changes for row in models)


SAID = "We need more money, and more people who know what it is for: number {}."
# What MAXQDA exports of coded segments.
HEADINGS = [
    *("Color", "Comment", "Document group", "Document name", "Code", "Beginning", "End"),
    *("Weight score", "Segment", "Created by", "Created", "Area", "Coverage %"),
]


def spreadsheet(path: Path, n: int, documents: int = 50, coders: int = 3, codes: int = 100) -> None:
    """A spreadsheet of `n` coded segments, as MAXQDA exports them."""
    rows = []
    for number in range(n):
        document, unit = divmod(number, n // documents)
        place = ["●", "", "Towns", f"interview-{document}", f"Barrier > Barrier {number % codes}"]
        place += [unit + 1, unit + 1, 0, SAID.format(unit)]
        rows.append([*place, f"c{number % coders}", "2024-03-12 10:11:12", 70, 0.25])
    xlsx.write(path, [HEADINGS, *rows])


def project(path: Path, n: int, documents: int = 50, coders: int = 3, codes: int = 100) -> None:
    """A project of REFI-QDA with `n` codings of as many passages."""
    units = {
        f"interview-{d}": {f"{d} {u}": SAID.format(u) for u in range(n // documents)}
        for d in range(documents)
    }
    names = [f"barrier.b{number}" for number in range(codes)]
    given = [unit for texts in units.values() for unit in texts]
    codings = {
        f"c{c}": [
            (unit, names[place % codes]) for place, unit in enumerate(given) if place % coders == c
        ]
        for c in range(coders)
    }
    labels = {name: (f"Barrier {number}", "") for number, name in enumerate(names)}
    write_project(Book({"barrier": ("Barrier", labels)}, units, codings), path)
