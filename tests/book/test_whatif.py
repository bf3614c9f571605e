"""The page on which a reader switches choices: what it looks up is what the tables give."""

import html
import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.book.whatif import Vectors, combinations, switches
from analysis.methods.conditions import parse
from analysis.methods.universes import coders, in_universes
from analysis.processed.store import read_processed
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("built")
NAMES = ("statements", "codings", "passes", "ratings", "adjudication", "municipalities")


@pytest.fixture
def tables(built, monkeypatch):
    built.point_paths(monkeypatch)
    return {name: read_processed(name) for name in (*NAMES, "interviews", "codes", "findings")}


def test_numbers_are_kept_along_the_switches_they_depend_on():
    vectors = Vectors([2, 3])
    cube = np.array([[1, 2, 3], [4, 5, 6]])
    for numbers in (cube, np.tile([1, 2, 3], 2), np.full(6, 7), np.tile([1, 2, 3], 2)):
        vectors.add(np.asarray(numbers).ravel())
    assert vectors.listed() == [[[0, 1], "123456"], [[1], "123"], [[], "7"]]
    vectors.add(np.array([35, 10, 0, 35, 10, 0]))
    vectors.add(np.array([36, 36, 36, 0, 0, 0]))
    vectors.add(np.array([2, 2, 2, -3, -3, -3]))
    assert vectors.listed()[3:] == [[[1], "za0"], [[0], (36, 0)], [[0], (2, -3)]]


def looked_up(data, place, at):
    by, numbers = data["vectors"][place]
    index = 0
    for axis in by:
        index = index * data["sizes"][axis] + at[axis]
    return int(numbers[index], 36) if isinstance(numbers, str) else numbers[index]


def test_for_every_combination_the_page_gives_what_filters_of_the_tables_give(built, tables):
    page = (built.build / "html/de/evidence.html").read_text("utf-8")
    (text,) = re.findall(r'id="study-whatif">(.*?)</script>', page)
    data = json.loads(text)
    found = switches(tables, Wording("de", "whatif"))
    assert data["sizes"] == [len(switch.changes) for switch in found]
    places = [int(place) for place in re.findall(r'<span data-verdict="(\d+)"', page)]
    findings = tables["findings"].dropna(subset="holds")
    assert len(places) == len(findings) > 0
    rows = combinations(found)
    for n, at in enumerate(np.ndindex(*data["sizes"])):
        known = in_universes(tables, rows.iloc[[n]])
        for place, condition in zip(places, findings["holds"], strict=True):
            verdict = looked_up(data, place, at)
            assert verdict in (0, 1 + bool(known.value(parse(condition))))


def test_what_stands_in_the_page_without_a_script_is_what_is_stated(built):
    page = (built.build / "html/de/evidence.html").read_text("utf-8")
    data = json.loads(re.findall(r'id="study-whatif">(.*?)</script>', page)[0])
    stated = [0] * len(data["sizes"])
    spans = re.findall(r'<span data-(count|verdict)="(\d+)">([^<]*)</span>', page)
    assert len(spans) > 20
    for kind, place, shown in spans:
        n = looked_up(data, int(place), stated)
        assert shown == (str(n) if kind == "count" else data["verdicts"][n])
    assert '<form class="study-whatif" hidden>' in page
    (table,) = re.findall(r"<noscript>\s*<p[^>]*>(.*?)</noscript>", page, re.DOTALL)
    assert table.count("<tr") == 1 + 2
    assert "gilt nicht" in html.unescape(table)


def test_findings_say_behind_them_how_far_they_carry(built):
    page = (built.build / "html/de/evidence.html").read_text("utf-8")
    parts = "[^<]|</?a[^>]*>|<span.*?</span>"
    marks = re.findall(rf'<span class="study-carries">((?:{parts})*)</span>', page, re.DOTALL)
    said = [re.sub(r"<[^>]+>", "", html.unescape(mark)).strip() for mark in marks]
    assert said[1] == "fragil – gilt nicht: nur mit ausdrücklich Zugeschriebenem"
    # the list of evidence repeats the sentence without it
    assert "In jeder Gemeinde geht es ums Geld." in page


def test_only_what_changes_something_can_be_switched(tables):
    words = Wording("de", "whatif")
    kinds = [switch.kind for switch in switches(tables, words)]
    assert kinds == ["interview"] * 3 + ["coder", "attribution", "certainty", "corpus"]
    plain = dict(tables)
    plain["statements"] = plain["statements"].assign(attribution="explicit")
    plain["passes"] = plain["passes"].assign(certainty_a=1, certainty_b=1)
    plain["interviews"] = plain["interviews"].head(1)
    assert [switch.kind for switch in switches(plain, words)] == ["coder", "corpus"]
    assert [switch.is_on_or_off for switch in switches(plain, words)] == [False, True]


def test_weak_codings_of_a_further_coder_can_be_switched_off(tables):
    rows = tables["statements"][["unit_id"]].assign(coder="zoe", codes=None, weak=None)
    rows.loc[rows["unit_id"] == "u001", ["codes", "weak"]] = ["x;y", "y"]
    more = tables | {"ratings": pd.concat([tables["ratings"], rows], ignore_index=True)}
    by = combinations(switches(more, Wording("de", "whatif")))
    of_zoe = by[by["coder"] == "zoe"].drop_duplicates("certainty").sort_values("certainty")
    given = in_universes(more, of_zoe).kept["codings"].sum(axis=1)
    assert of_zoe["certainty"].to_list() == ["all", "not_weak"]
    assert given.tolist() == [2, 1]


def test_whoever_coded_a_sample_cannot_stand_for_all(tables):
    rows = tables["statements"][["unit_id"]].iloc[1:].assign(coder="zoe", codes="x", weak=None)
    more = tables | {"ratings": pd.concat([tables["ratings"], rows], ignore_index=True)}
    assert coders(more) == coders(tables) == ["a", "b"]
    by = combinations(switches(more, Wording("de", "whatif")))
    assert "zoe" not in set(by["coder"])


def test_combinations_leave_out_every_set_of_interviews(tables):
    rows = combinations(switches(tables, Wording("de", "whatif")))
    assert len(rows.drop_duplicates()) == len(rows)
    sets = rows["without_interview"].map(lambda cell: "" if pd.isna(cell) else cell)
    assert sets.nunique() == 2**3
    assert rows.iloc[0].to_dict()["coder"] == "agreed"
