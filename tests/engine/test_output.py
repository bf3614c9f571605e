"""Outputs lose what is passing and nothing else."""

import base64
import copy
import json
import random

import nbformat
import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.output import strip, tidy_outputs

PICTURE = base64.b64encode(random.Random(0).randbytes(3000)).decode()


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data):
    return {
        "output_type": "display_data",
        "data": {kind.replace("_", "/"): text for kind, text in data.items()},
        "metadata": {},
    }


def tidied(*outputs, places=()):
    cells = [
        {
            "cell_type": "code",
            "source": "x",
            "metadata": {},
            "outputs": copy.deepcopy(list(outputs)),
        }
    ]
    tidy_outputs(cells, list(places))
    return cells[0]["outputs"]


@pytest.mark.parametrize("place", ["/o", "/a", "/app", "/usr", "/home/somebody/my project"])
def test_places_are_replaced_where_they_stand_as_paths_only(place):
    kept = [
        "https://example.org/o/tables",
        "https://example.org/app/x",
        "a/o",
        "either/or",
        "/other",
        "/users",
        "./o",
        "~/app",
        "x:/app",
    ]
    text = "\n".join(
        [
            *kept,
            f"{place}/data.csv",
            f"File '{place}'",
            f"file://{place}/x",
            f"{place}-old",
            f"{place}.bak",
        ]
    )
    (found,) = tidied(stream(text), places=[place])
    assert found["text"].splitlines() == [
        *kept,
        "…/data.csv",
        "File '…'",
        "file://…/x",
        f"{place}-old",
        f"{place}.bak",
    ]


def test_a_place_inside_an_earlier_one_is_shown_as_such():
    (found,) = tidied(
        stream("/x/project/data/raw/a.csv and /x/other"),
        places=["/x/project", "/x/project/data/raw", "/x"],
    )
    assert found["text"] == "…/data/raw/a.csv and …/other"


INSIDE = st.recursive(
    st.none() | st.integers(0, 9) | st.sampled_from(["/usr/a", "usr", "x /usr y"]),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "/usr/k"]), part, max_size=2)
    ),
    max_leaves=6,
)


@given(INSIDE, st.sampled_from(["application/json", "application/vnd.plotly.v1+json"]))
def test_places_in_json_are_replaced_however_deep_they_lie(inside, kind):
    (found,) = tidied(
        shown() | {"data": {kind: inside}, "metadata": {kind: inside}}, places=["/usr"]
    )
    wanted = json.loads(json.dumps(inside).replace("/usr", "…"))
    assert found["data"] == found["metadata"] == {kind: wanted}


def test_json_may_be_deeper_than_python_goes():
    deep = inside = {}
    for _ in range(5000):
        inside["/usr"] = inside = {}
    tidied_deep = {
        "data": {"application/json": deep},
        "metadata": {},
        "output_type": "display_data",
    }
    tidy_outputs([{"cell_type": "code", "outputs": [tidied_deep]}], ["/usr"])
    assert [*tidied_deep["data"]["application/json"]] == ["…"]


def test_what_is_passing_in_the_metadata_of_an_output_goes():
    html, uuid = "text/html", "6fa459ea-ee8a-3ca4-894e-db77e160355e"
    (found,) = tidied(
        shown() | {"data": {html: f"<p id='{uuid}'>"}, "metadata": {html: {"id": uuid}}}
    )
    assert (found["data"][html], found["metadata"][html]["id"]) == ("<p id='00001'>", "00001")


@pytest.mark.parametrize("kind", ["application/pdf", "application/octet-stream", "video/mp4"])
def test_bytes_that_are_written_as_letters_are_never_touched(kind):
    data = {kind: "a+/usr+/usr/tmp12345678="}
    assert tidied(shown() | {"data": data}, places=["/usr"]) == [shown() | {"data": data}]


def test_pictures_are_never_touched():
    picture = shown(image_png=PICTURE, image_jpeg=PICTURE)
    assert tidied(picture, places=["/o", "/a", "/"]) == [picture]


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("/tmp/ipykernel_4711/25634.py:2: UserWarning: x\n", "…/25634.py:2: UserWarning: x\n"),
        ("/var/folders/ab/T/ipykernel_12/3.py:1: W\n", "…/3.py:1: W\n"),
        ("<object object at 0x7f3a2b1c>\n", "<object object at 0x…>\n"),
        ("saved to /tmp/kernel-ab12cd_9/tmp12345678/x.csv\n", "saved to …/x.csv\n"),
        ("saved to /tmp/tmpab12cd_9/x.csv\n", "saved to …/x.csv\n"),
        ("CPU times: user 3 µs, sys: 0 ns, total: 3 µs\nWall time: 5.01 µs\n2\n", "2\n"),
        ("1.2 µs ± 3 ns per loop (mean ± std. dev. of 7 runs)\n", None),
        (
            "\r  0%|          | 0/3 [00:00<?, ?it/s]\r100%|████| 3/3 [00:00<00:00, "
            "99it/s]\nready\n",
            "ready\n",
        ),
        ("progress 1\rprogress 2\n", "progress 2\n"),
        ("progress 1\rprogress 2\r", "progress 2"),
        ("\r100%|██| 3/3 [00:00<00:00, 9it/s]\r                 \rready\n", "ready\n"),
        ("\r100%|██| 3/3 [00:00<00:00, 9it/s]\r                 \r", None),
        ("Working... ━━━━━━━━━━━━━━ 100% 0:00:00\n", None),
        ("┏━━━━━━━━━━━━━━┓\n┃ Share of 5 % ┃\n┡━━━━━━━━━━━━━━┩\n",) * 2,
        ("Parser    : 105 ms\nCompiler time: 1.2 s\n", None),
        ("Parser     : lxml\n", "Parser     : lxml\n"),
        (
            "The share is 12%| of 5 | and it/s own thing\n",
            "The share is 12%| of 5 | and it/s own thing\n",
        ),
        ("Wall times: a history of clocks\n", "Wall times: a history of clocks\n"),
    ],
)
def test_what_is_passing_goes_and_the_rest_stays(printed, kept):
    assert [found["text"] for found in tidied(stream(printed))] == ([kept] if kept else [])


def test_an_id_that_people_read_stays_what_it_is():
    row = "3f2b8c1e-0b1c-4c5e-9d1a-2f3e4d5c6b7a"
    html = f'<table id="{row}"><tr><td>{row}</td><td>see {row}</td></tr></table>'
    (found,) = tidied(shown(text_html=html))
    assert found["data"]["text/html"] == html.replace(f'"{row}"', '"00001"')


def test_random_ids_of_markup_are_numbered():
    html = (
        "<style>#T_0a1b2_row0 {}</style><table id='T_0a1b2'></table>"
        "<div id='6fa459ea-ee8a-3ca4-894e-db77e160355e'>T_total</div>"
    )
    (found,) = tidied(shown(text_html=html))
    assert found["data"]["text/html"] == (
        "<style>#T_00001_row0 {}</style><table id='T_00001'></table><div id='00002'>T_total</div>"
    )
    plain = shown(text_plain="6fa459ea-ee8a-3ca4-894e-db77e160355e")
    assert tidied(plain) == [plain], "data may hold such an id"


def test_widgets_leave_what_can_be_read_without_them():
    bar = {"output_type": "display_data", "metadata": {}, "data": {}}
    bar["data"] = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
        "text/plain": "  0%|   | 0/3 [00:00<?, ?it/s]",
    }
    assert tidied(bar) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_ordinary_text_stays_as_it_is(text):
    assert (
        [found["text"] for found in tidied(stream(text), places=["/some/where"])]
        == ([text] if text else [])
        or "at 0x" in text
        or "/" in text
    )


def test_what_is_printed_is_one_piece_however_it_was_cut():
    def error(text):
        return stream(text) | {"name": "stderr"}

    picture = shown(image_png=PICTURE)
    whole = [stream("ab\nc"), error("x"), picture, stream("d")]
    assert tidied(stream("ab\n"), error("x"), stream("c"), picture, stream("d")) == whole
    assert tidied(error("x"), stream("ab"), stream("\nc"), picture, stream("d")) == whole


@pytest.mark.parametrize("part", ["/", "x/", PICTURE, "5%| ", "[0:0,", "\r"])
def test_a_text_is_tidied_in_no_more_time_than_it_is_long(part):
    def tidy(length):
        text = part * (length // len(part))
        tidied(stream(text), shown(text_html=text), places=["/some/where"])

    assert growth(tidy, max(50_000, 10 * len(part))) < 8


def stripped(tmp_path, *outputs):
    """The outputs of an executed notebook with one cell, as its file holds them afterwards."""
    cell = nbformat.v4.new_code_cell("x", outputs=list(outputs))
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {"exception": True}})
    path = tmp_path / "x.ipynb"
    nbformat.write(notebook, path)
    strip(path, path, tmp_path, {})
    return nbformat.read(path, as_version=4).cells[0].outputs


@pytest.mark.parametrize(("said", "kept"), [("", 0), ("0", 0), ("1", 1), ("no data", 1)])
def test_a_notebook_that_gives_up_keeps_why_and_one_that_skips_does_not(tmp_path, said, kept):
    end = nbformat.v4.new_output("error", ename="SystemExit", evalue=said, traceback=[])
    assert len(stripped(tmp_path, end)) == kept


def test_notebooks_are_tidied_where_nobody_has_a_home(tmp_path, monkeypatch):
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    text = nbformat.v4.new_output("stream", text="~ stays")
    assert [output.text for output in stripped(tmp_path, text)] == ["~ stays"]
