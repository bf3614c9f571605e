"""What a new notebook begins with: cells and texts of a figure that has a bar for each code or, of
a table, for each of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from analysis.tables import PROCESSED, Table
from analysis.tables.columns import Column
from analysis.wording import capitalised

NUMBERS = ("number", "integer")
WHOLE = '\nax.locator_params(axis="x", integer=True, min_n_ticks=1)'  # nothing between two counts
CELLS = (
    ("markdown", "# $title\n\nWhat is asked, and why it matters."),
    ("parameters", 'language: str = "$language"  # language of labels, caption and alt text'),
    (
        "code",
        "from matplotlib import pyplot as plt\n\nfrom analysis.drawing import style, typeset\n"
        'from analysis.publish import Run\n\nrun = Run("$name", language=language)\n'
        "words = run.words",
    ),
    ("markdown", "What is read. The data dictionary lists all tables and their columns."),
    ("code", "$reads"),
    ("markdown", "$must"),
    ("code", '$check\nif data.empty:\n    run.skip(words("nothing"))'),
    ("markdown", "## The figure"),
    (
        "code",
        "style.apply()\n"
        "room = style.WIDTH / 3  # for names, cm\n"
        'wrapped = [typeset.wrap(name, room, language=language) for name in data["label"]]\n'
        "each = 0.3 + 0.4 * max(map(len, wrapped))  # height of a bar and its space, cm\n"
        "size = style.WIDTH * style.CM, (1.5 + each * len(data)) * style.CM",
    ),
    (
        "code",
        'figure, ax = plt.subplots(figsize=size, layout="tight")\n'
        'ax.barh(range(len(data)), data["$value"], color=style.ACCENT, height=0.6)\n'
        'ax.set_yticks(range(len(data)), ["\\n".join(lines) for lines in wrapped])\n'
        'ax.invert_yaxis()\nax.set_xlabel(words("axis"))\n'
        'ax.spines[["top", "right"]].set_visible(False)$ticks',
    ),
    ("markdown", "## Publish"),
    ("code", "$publishes"),
)
Texts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Drawn:
    """What a notebook draws: the column of numbers, where its axis has ticks, the cells that read,
    check and publish them, what must hold, and its texts by name and language.
    """

    value: str
    ticks: str
    reads: str
    must: str
    check: str
    publishes: str
    texts: Texts

    def cells(self, name: str, language: str) -> list[tuple[str, str]]:
        """Kind and source of each cell of the notebook of this name."""
        told = {"name": name, "title": name.replace("_", " ").capitalize(), "language": language}
        return [(kind, Template(source).substitute(vars(self) | told)) for kind, source in CELLS]


CODES = Drawn(
    value="statements",
    ticks=WHOLE,
    reads=(
        'codings, statements = run.read("codings"), run.read("statements")\n'
        'codes = run.read("codes").set_index("code")[words.column("label")]\n'
        'given = codings.merge(statements[["unit_id", "statement_id"]], on="unit_id")\n'
        'given = given.drop_duplicates(["code", "statement_id"])\n'
        'counts = given["code"].map(codes).value_counts()\n'
        'data = counts.rename_axis("label").reset_index(name="statements")\ndata.head()'
    ),
    must="Every coding has a code that the codebook knows.",
    check='assert codings["code"].isin(codes.index).all()',
    publishes=(
        'most = data[data["statements"] == data["statements"].max()]\n'
        'first = {"n": words.number(counts.max()), "labels": words.listing(most["label"])}\n'
        'texts = {"headline": words("headline", **first), "caption": words("caption")}\n'
        'texts["alt"] = words("alt")\n'
        "run.save_figure(figure, **texts, data=data, sources=statements)"
    ),
    texts={
        "headline": {
            "de": "Am häufigsten codiert: {labels} (Aussagen: {n}).",
            "en": "Coded most often: {labels} (statements: {n}).",
        },
        "caption": {
            "de": "Zahl der Aussagen je Code.",
            "en": "Number of statements with each code.",
        },
        "alt": {
            "de": "Ein Balken je Code; die Zahlen stehen in der Tabelle.",
            "en": "A bar for each code; the table has the numbers.",
        },
        "axis": {"de": "Zahl der Aussagen", "en": "Number of statements"},
        "nothing": {"de": "Es ist nichts codiert.", "en": "Nothing is coded."},
    },
)


def of_table(table: str, schema: Table) -> Drawn | None:
    """What draws the first column of numbers of a table, beside its key; None if it has none."""
    columns = {name: schema.columns[name] for name in schema.columns if name not in schema.key}
    value = next((name for name, column in columns.items() if column.type in NUMBERS), None)
    if value is None:
        return None
    known, names = _names(schema)
    sources = "rows" if schema.tells_passages else None  # which tell of what passages they are
    return Drawn(
        value,
        WHOLE if schema.columns[value].type == "integer" else "",
        reads=(
            f'rows = run.read("{table}").dropna(subset="{value}")\n{known}names = {names}\n'
            f'data = rows.assign(label=names)[["label", "{value}"]]\n'
            f'data = data.sort_values("{value}", ascending=False, kind="stable")\ndata.head()'
        ),
        must="Every row has a name.",
        check='assert data["label"].notna().all()',
        publishes=(
            f'most = data[data["{value}"] == data["{value}"].max()]\n'
            f'first = {{"n": words.number(most["{value}"].iloc[0])}}\n'
            'first["labels"] = words.listing(most["label"])\n'
            'texts = {"headline": words("headline", **first), "caption": words("caption")}\n'
            f'bars = data["label"] + ": " + data["{value}"].map(words.number)\n'
            'texts["alt"] = words("alt", bars=words.listing(bars))\n'
            f"run.save_figure(figure, **texts, data=data, sources={sources})"
        ),
        texts=_texts(schema.title, schema.columns[value]),
    )


def _names(schema: Table) -> tuple[str, str]:
    """Lines that read the names of what the key of a table refers to, and what makes names of its
    rows of them.
    """
    known, names = [], []
    for column in schema.key:
        other, _, key = (schema.columns[column].refers or "").partition(".")
        if _is_labelled(other):
            label = '[words.column("label")]'
            known.append(f'{other} = run.read("{other}").set_index("{key}"){label}\n')
            names.append(f'rows["{column}"].map({other})')
        else:
            names.append(f'rows["{column}"].astype("str")')
    return "".join(known), ' + ", " + '.join(names)


def _is_labelled(table: str) -> bool:
    """Whether every row of a table has a name."""
    columns = PROCESSED[table].columns if table in PROCESSED else {}
    labels = [column for name, column in columns.items() if name.startswith("label_")]
    return bool(labels) and all(column.required for column in labels)


def _texts(title: str, column: Column) -> Texts:
    title, description, axis = (
        said.replace("{", "{{").replace("}", "}}")
        for said in (title, column.description, column.unit or column.description)
    )
    return {
        "headline": {
            "de": "Höchster Wert: {n} ({labels}).",
            "en": "Highest value: {n} ({labels}).",
        },
        "caption": {
            "de": f"{description} (Tabelle „{title}“).",
            "en": f"{description} (table “{title}”).",
        },
        "alt": {
            "de": "Ein Balken je Zeile: {bars}.",
            "en": "A bar for each row: {bars}.",
        },
        "axis": {language: capitalised(axis) for language in ("de", "en")},
        "nothing": {
            "de": "Die Tabelle hat noch keine Zeilen.",
            "en": "The table has no rows yet.",
        },
    }
