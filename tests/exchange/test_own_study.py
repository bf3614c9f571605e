"""Codings of five invented interviews, with a codebook of other dimensions, come from three formats
alike, and in parts from all three, and with a few lines by hand become a report with matrix,
agreement and findings.
"""

import csv
import json
import re

import pytest
import xlsx
from project import on_study
from qdpx import code, coding, passage, project, text_source, users, write

from analysis import cli
from analysis.exchange.reading import prepare_import, read_project
from analysis.wording import Wording

DIMENSIONS = {
    "Hitze": ("Räume", "Pausen", "Wege"),
    "Abhilfe": ("Schatten", "Wasser", "Stundenplan"),
    "Wer": ("Schule", "Träger", "Eltern"),
}
CODES = [(above, below) for above, codes in DIMENSIONS.items() for below in codes]
SCHOOLS = ("Ahornschule", "Buchenschule", "Eichenschule", "Lindenschule", "Ulmenschule")
CODERS = ("Kim Beispiel", "Robin Muster")
WORDS = [
    [f"In Gespräch {n} wird als Punkt {m} etwas über {CODES[(2 * n + m) % 9][1]} gesagt."
     for m in range(6)]
    for n in range(5)
]  # fmt: skip


def given():
    """Every coding: interview, statement, code, coder by number; sometimes the second differs."""
    for n in range(5):
        for m in range(6):
            first = (2 * n + m) % 9
            yield n, m, first, 0
            yield n, m, (first + 1) % 9 if (n + m) % 7 == 0 else first, 1


ALL = range(5)  # interviews


def as_refi(folder, part=ALL):
    def selection(n, m):
        start = sum(len(words) + 1 for words in WORDS[n][:m])
        codings = [
            coding(1000 + 100 * n + 10 * m + who, 100 + which, 1 + who)
            for i, j, which, who in given()
            if (i, j) == (n, m)
        ]
        return passage(500 + 10 * n + m, start, start + len(WORDS[n][m]), *codings)

    codebook = [
        code(10 + k, above, *(code(100 + CODES.index((above, one)), one) for one in codes))
        for k, (above, codes) in enumerate(DIMENSIONS.items())
    ]
    sources = [
        text_source(
            50 + n, school, *(selection(n, m) for m in range(6)), inline="\n".join(WORDS[n])
        )
        for n, school in enumerate(SCHOOLS)
        if n in part
    ]
    return write(folder / "p.qdpx", project(users(*CODERS), codes=codebook, sources=sources))


def rows(step, part):
    return [
        (SCHOOLS[n], step.join(CODES[which]), m + 1, m + 1, WORDS[n][m], CODERS[who])
        for n, m, which, who in given()
        if n in part
    ]


def as_maxqda(folder, part=ALL):
    header = ("Dokumentname", "Code", "Anfang", "Ende", "Segment", "Erstellt von")
    return xlsx.write(folder / "s.xlsx", [header, *rows(" > ", part)])


def as_table(folder, part=ALL):
    path = folder / "t.csv"
    header = ("Schule", "Schlagwort", "Absatz von", "Absatz bis", "Wortlaut", "Wer")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows("/", part)])
    said = {
        "document": "Schule", "code": "Schlagwort", "coder": "Wer", "begin": "Absatz von",
        "words": "Wortlaut", "step": "/",
    }  # fmt: skip
    lines = "".join(f"{role}: {heading}\n" for role, heading in said.items())
    (folder / "t.csv.mapping.yml").write_text(lines, "utf-8")
    return path


FORMATS = {"REFI-QDA": as_refi, "MAXQDA": as_maxqda, "a table with a mapping": as_table}


def told(found):
    """The codings of a project in words, whatever its ids are."""
    names = {key: one.name for key, one in found.codes.items()}
    return {
        (
            found.documents[one.passage.document].name,
            one.passage.text,
            names[found.codes[one.code].parent],
            names[one.code],
            found.coders[one.coder].name,
        )
        for one in found.codings
    }


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_tells_the_same_codings_and_accounts_for_all(kind, tmp_path):
    path = FORMATS[kind](tmp_path)
    assert told(read_project(path)) == {
        (SCHOOLS[n], WORDS[n][m], *CODES[which], CODERS[who]) for n, m, which, who in given()
    }
    found = prepare_import(path, tmp_path / "raw").change.texts
    assert len(found["coding/units.csv"].splitlines()) == 1 + 30
    assert [len(found[f"coding/codings_{name}.csv"].splitlines()) for name in ("a", "coder2")] == [
        1 + 30,
        1 + 30,
    ]
    (account,) = json.loads(found["coding/import.json"])["imports"].values()
    account = account["kinds"]
    assert account["codings"] == {"found": 60, "written": 60, "set aside": {}}


# All that is written by hand beside what is imported.
BY_HAND = {
    "study.yml": """title: Hitze in fünf Schulen, eine erfundene Studie
languages: [de]
notebooks: [codings, agreement, coverage, disagreements, opportunities]
parameters:
  opportunities: {left: hitze.raeume, right: abhilfe.schatten, dimension: wer}
""",
    "data/raw/findings.csv": """finding_id,whose,section,holds,sentence,headline_of,rests_on,\
supported_by,qualified_by,counted_by
shade,counts,befunde,"count(codings, code=""abhilfe.schatten"") > 1",\
"Von Schatten handeln {count(codings, code='abhilfe.schatten')} Aussagen.",,,,,
""",
    "book/de/index.md": """# Hitze in fünf Schulen

Erfunden. Codiert sind {{ units_total }} Aussagen.

```{study-figure} codings
```

(befunde)=
## Befunde

{finding}`shade`

```{findings} counts
```

## Übereinstimmung

```{study-figure} agreement
```

```{import-account}
```

```{codebook}
```
""",
}


@pytest.fixture(scope="module")
def schools(tmp_path_factory):
    """The study and its report."""
    study = tmp_path_factory.mktemp("schools")
    for name, text in BY_HAND.items():
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text(text, "utf-8")
    parts = (as_refi(study, (0, 1)), as_maxqda(study, (2, 3)), as_table(study, (4,)))
    for command in (*(["import", str(path)] for path in parts), ["build", "book"]):
        done = on_study(study, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    return study


def test_the_matrix_counts_what_was_coded(schools):
    with (schools / "build/de/figures/codings.csv").open(encoding="utf-8", newline="") as file:
        shown = {row["label"]: row for row in csv.DictReader(file) if row["code"]}
    assert len(shown) == 9
    for which, (_, label) in enumerate(CODES):
        expected = len({(n, m) for n, m, one, who in given() if (one, who) == (which, 0)})
        assert int(shown[label]["different"]) == expected


def test_the_report_has_findings_agreement_and_the_account(schools):
    index = (schools / "build/html/de/index.html").read_text("utf-8")
    shade = len([1 for *_, which, who in given() if (which, who) == (3, 0)])
    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", index))
    said = Wording("de").numeral(shade)
    assert re.search(rf"Von Schatten handeln {said}\b", plain)
    for text in ("Krippendorffs α", "aus Some Program", "aus MAXQDA", "Codierungen"):
        assert text in plain, text
    assert not any(name in index for name in (*SCHOOLS, *CODERS))


def test_a_codebook_without_definitions_has_no_column_for_them(schools):
    index = (schools / "build/html/de/index.html").read_text("utf-8")
    heads = re.findall("<thead>.*?</thead>", index, re.DOTALL)
    codebook = [head for head in heads if re.findall("<p>(.*?)</p>", head)[:1] == ["Bezeichnung"]]
    assert len(codebook) == len(DIMENSIONS)
    assert "Definition" not in "".join(codebook)


def test_names_are_nowhere_in_what_was_built(schools):
    files = [
        path
        for place in ("data", "build")
        for path in (schools / place).rglob("*")
        if path.is_file()
    ]
    assert len(files) > 200
    for path in files:
        content = path.read_bytes()
        assert not any(name.encode() in content for name in (*SCHOOLS, *CODERS)), path.name
        assert b"wird als Punkt" not in content


def test_few_lines_are_written_by_hand():
    """Of study, findings and page, and of what the columns of an unknown table mean."""
    assert sum(len(text.splitlines()) for text in BY_HAND.values()) < 40


def test_anchors_find_the_paragraphs_that_an_import_has_counted(tmp_path, monkeypatch, capsys):
    study = tmp_path / "study"
    study.mkdir()
    (study / "study.yml").write_text("title: Ours\nlanguages: [de]\n", "utf-8")
    monkeypatch.setenv("COMPENDIUM_STUDY", str(study))
    talk = "Guten Tag.\nGruß.\n\nGeld fehlt.\nLeute fehlen.\n\nEnde."
    words = "Gruß.", "Leute fehlen."
    marks = [
        passage(n, talk.index(said), talk.index(said) + len(said), coding(10 + n, 5))
        for n, said in enumerate(words)
    ]
    source = text_source(20, "A", *marks, inline=talk)
    path = write(tmp_path / "p.qdpx", project(codes=[code(5, "x")], sources=[source]))
    assert cli.main(["import", str(path)]) == 0
    (interview,) = [row["interview_id"] for row in table(study, "study/interviews")]
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / f"{interview}.txt").write_text(talk.replace("\n", "\r\n"), "utf-8", newline="")
    assert cli.main(["anchors", str(folder)]) == 0, capsys.readouterr().err
    found = folder.joinpath(f"{interview}.txt").read_bytes().decode()
    stretches = [
        found[int(row["start"]) : int(row["end"])].strip() for row in table(study, "coding/anchors")
    ]
    assert stretches == [*words]


def table(study, name):
    with (study / f"data/raw/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
