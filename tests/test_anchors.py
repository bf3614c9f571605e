"""Anchors are held against a copy of a source, every miss is told, and a text can make them."""

import csv
import hashlib
import re
import shutil

import pytest
from project import on_study

from analysis import anchors, checking, scaffold
from analysis.problems import ReportedError


def rows(place):
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def text(mini, tmp_path):
    """A text in which the words of every statement stand; the study has no anchors yet."""
    for file in ("coding/anchors.csv", "context/anchors.csv"):
        (mini.raw / file).unlink()
    words = dict.fromkeys(row["gist_de"] for row in rows(mini.raw / "coding/units.csv"))
    place = tmp_path / "text.txt"
    place.write_text("Vorwort\n\n" + "\n\n".join(words).replace(" ", "\n", 1), "utf-8")
    return place


@pytest.fixture
def anchored(mini, text):
    """The study with anchors in that text, which is known by its SHA-256."""
    assert anchors.anchors(str(text)) == 0
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    mini.put("sources.csv", 2, "text_sha256", digest)
    return mini


def test_a_text_makes_anchors_that_hold_in_it(anchored, text, capsys):
    made = rows(anchored.raw / "coding/anchors.csv")
    units = rows(anchored.raw / "coding/units.csv")
    assert [row["unit_id"] for row in made] == [row["unit_id"] for row in units]
    content = text.read_text("utf-8")
    for row, unit in zip(made, units, strict=True):
        found = content[int(row["start"]) : int(row["end"])]
        assert found.split() == unit["gist_de"].split()
    checking.check()
    assert anchors.anchors(str(text)) == 0
    assert f"{len(made)} of {len(made)} passages are where" in capsys.readouterr().out


@pytest.mark.usefixtures("anchored")
def test_a_text_may_lie_in_the_home_of_a_person(text, monkeypatch):
    monkeypatch.setenv("HOME", str(text.parent))
    assert anchors.anchors(f"~/{text.name}") == 0


@pytest.mark.usefixtures("anchored")
def test_ends_of_lines_and_marks_of_encodings_are_no_other_text(text):
    content = text.read_text("utf-8").replace("\n", "\r\n")
    text.write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert anchors.anchors(str(text)) == 0


@pytest.mark.parametrize("decimals", [".0", ",0"])
def test_places_may_be_written_with_a_decimal_as_in_the_check(anchored, text, capsys, decimals):
    made = rows(anchored.raw / "coding/anchors.csv")
    for number, row in enumerate(made, start=2):
        for column in ("start", "end"):
            anchored.put("coding/anchors.csv", number, column, row[column] + decimals)
    assert anchors.anchors(str(text)) == 0
    moved = text.with_name("musterfrau2021.txt")
    moved.write_text("Neu. " + text.read_text("utf-8"), "utf-8")
    assert anchors.anchors(str(moved)) == 1
    first = made[0]
    assert f"is not at {first['start']} to {first['end']}; it stands 5" in capsys.readouterr().out


def test_every_passage_that_is_elsewhere_or_nowhere_is_told_with_its_row(anchored, text, capsys):
    content = text.read_text("utf-8")
    last = rows(anchored.raw / "coding/units.csv")[-1]["gist_de"]
    moved = text.with_name("musterfrau2021.txt")
    moved.write_text("Neu. " + content.replace(last, "Ganz anders."), "utf-8")
    assert anchors.anchors(str(moved)) == 1
    *misses, end = capsys.readouterr().out.strip().splitlines()
    count = len(rows(anchored.raw / "coding/anchors.csv"))
    assert end.startswith(f"musterfrau2021: 0 of {count} passages")
    misses = [line for line in misses if line.startswith("coding/anchors.csv, row ")]
    assert len(misses) == count
    assert all("; it stands 5 later; expected words with" in line for line in misses[:-1])
    assert "it stands" not in misses[-1]


def test_a_text_that_is_known_and_in_which_no_anchor_counts_is_refused(anchored, tmp_path, capsys):
    other = tmp_path / "other.txt"
    other.write_text("Anderes.", "utf-8")
    name = rows(anchored.raw / "sources.csv")[1]["source_id"]
    anchored.put("sources.csv", 3, "text_sha256", hashlib.sha256(b"Anderes.").hexdigest())
    assert anchors.anchors(str(other)) == 1
    assert f"other.txt: a text of {name}, in which no anchor counts" in capsys.readouterr().err


@pytest.mark.usefixtures("anchored")
def test_a_text_of_no_source_is_refused(tmp_path, capsys):
    strange = tmp_path / "strange.txt"
    strange.write_text("Anderes.", "utf-8")
    assert anchors.anchors(str(strange)) == 1
    assert re.search(
        r"they count in musterfrau2021.*such as musterfrau2021\.txt", capsys.readouterr().err
    )


def test_nothing_is_written_unless_every_statement_is_found(mini, text):
    words = rows(mini.raw / "coding/units.csv")
    content = text.read_text("utf-8").replace(words[2]["gist_de"], "")
    text.write_text(content + f"\n\n{words[3]['gist_de']}", "utf-8")
    with pytest.raises(ReportedError) as error:
        anchors.anchors(str(text))
    lost, twice, *_ = str(error.value).splitlines()
    assert lost.startswith("coding/units.csv, row 4, column unit_id: neither the words of 'u003' ")
    assert "'u004' stand 2 times in the text; expected words of it in the gist, or its" in twice
    assert not (mini.raw / "coding/anchors.csv").exists()


@pytest.mark.parametrize(
    ("locator", "words"),
    [("l. 2", "B b"), ("Z. 2–3", "B b\nC"), ("p. 2 l. 1", "D"), ("p. 2 l. 1–9", "D\n\nE\ne"),
     ("¶1", "A\nB b\nC\f D".replace("\f ", "\f")), ("¶2", "E\ne"), ("l. 99", None),
     ("p. 9 l. 1", None), ("l. 0", None), ("00:12:30", None), ("", None)],
)  # fmt: skip
def test_a_locator_names_lines_of_the_text_or_of_a_page_or_paragraphs(locator, words):
    text = "A\nB b\nC\fD\n\nE\ne"
    unit = {"unit_id": "u", "locator": locator, "gist_en": "Told."}
    place, *_ = anchors._found(unit, text, counted=True)
    assert (text[slice(*place)] if place else None) == words


def test_of_the_same_words_those_count_that_the_locator_names():
    text = "Ja.\nNein.\nJa."
    unit = {"unit_id": "u", "locator": "l. 3", "gist_en": "Ja."}
    place, *_ = anchors._found(unit, text, counted=True)
    assert place == (10, 13)


@pytest.fixture
def transcripts(tmp_path):
    """A folder with the transcript of each interview of a study with three of them."""
    shutil.copytree(scaffold.TEMPLATE / "data", tmp_path / "study/data")
    shutil.copy(scaffold.TEMPLATE / "study.yml", tmp_path / "study")
    folder = tmp_path / "talks"
    folder.mkdir()
    for name in ("i01", "i02", "i03"):
        pages = ["\n".join(f"{name} {page} {line}" for line in range(1, 40)) for page in (1, 2, 3)]
        (folder / f"{name}.txt").write_text("\f".join(pages), "utf-8")
    return folder


def asked(source, study):
    """The command, in a process of its own: the language of tables is that of the study."""
    return on_study(study, "anchors", str(source))


def test_each_interview_has_its_own_pages_and_lines(transcripts, tmp_path):
    study = tmp_path / "study"
    refused = asked(transcripts / "i01.txt", study)
    assert refused.returncode == 1
    assert "row 5, column unit_id: there is no text of 'i02', the interview of" in refused.stderr
    assert asked(transcripts, study).returncode == 0
    made = {row["unit_id"]: row for row in rows(study / "data/raw/coding/anchors.csv")}
    for unit in rows(study / "data/raw/coding/units.csv"):
        own, row = unit["interview_id"], made[unit["unit_id"]]
        text = (transcripts / f"{own}.txt").read_text("utf-8")
        page, line = re.match(r"p\. (\d) l\. (\d+)", unit["locator"]).groups()
        assert text[int(row["start"]) : int(row["end"])].startswith(f"{own} {page} {line}")
    (transcripts / "i03.txt").unlink()
    done = asked(transcripts, study)
    assert done.returncode == 1
    assert "i02: 2 of 2 passages" in done.stdout
    assert f"{transcripts}: there is no text of i03; 2 passages not looked for" in done.stderr
    interviews = study / "data/raw/study/interviews.csv"
    *others, last = interviews.read_text("utf-8").splitlines()
    assert last.startswith("i03,")
    withdrawn = last.replace("anonymous", "withdrawn")
    interviews.write_text("\n".join([*others, withdrawn]), "utf-8")
    assert asked(transcripts, study).returncode == 0, "of what may not be shown nothing is said"
    (transcripts / "i02.txt").write_text("Anderes.", "utf-8")
    done = asked(transcripts, study)
    assert done.returncode == 1
    assert "i01: 3 of 3 passages" in done.stdout
    assert "i02: 0 of 2 passages" in done.stdout


def test_ends_of_lines_of_windows_move_no_passage_of_a_transcript(transcripts, tmp_path):
    assert asked(transcripts, tmp_path / "study").returncode == 0
    for path in transcripts.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = asked(transcripts, tmp_path / "study")
    assert done.returncode == 0, done.stdout
    assert "i02: 2 of 2 passages" in done.stdout


def test_places_of_several_interviews_are_not_looked_up_in_one_text():
    unit = {"unit_id": "u", "interview_id": "i01", "locator": "l. 1", "gist_en": "Told."}
    place, _wrong, expected = anchors._found(unit, "One.\nTwo.", counted=False)
    assert place is None
    assert expected == "words of it in the gist, or a folder as SOURCE, with i01.txt in it"


def test_a_folder_without_a_text_is_refused(tmp_path):
    with pytest.raises(ReportedError, match=r"has no text; expected the transcript of each"):
        anchors.anchors(str(tmp_path))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_what_is_no_text_is_refused(content, tmp_path):
    place = tmp_path / "a.txt"
    if content:
        place.write_bytes(content)
    with pytest.raises(ReportedError, match=r"there is no file|no text in UTF-8"):
        anchors.anchors(str(place))
