"""How a project counts characters is found out from itself, or asked for; never guessed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exchange.offsets import DIALECTS, Ruler, Span, choose, plain
from analysis.exchange.opening import NotReadableError

TALK = "Ja 😀.\r\nWir brauchen 👍 Geld.\r\nUnd mehr Leute, bald."


def offsets(raw, dialect):
    """The offset of each character of the plain text, and of its end, counted one by one."""
    at, found = 0, []
    for mark in raw.replace("\r\n", "\x00"):
        found.append(at)
        crlf = mark == "\x00" and dialect.crlf
        at += 2 if crlf or (dialect.wide and mark > "\uffff") else 1
    return [*found, at]


def spans(raw, dialect, words, said=True):
    """Where the words lie in the text, as the dialect counts."""
    at = offsets(raw, DIALECTS[dialect])
    text = plain(raw)
    return [
        Span("a", at[text.index(word)], at[text.index(word) + len(word)], word if said else "")
        for word in words
    ]


@given(st.lists(st.sampled_from(["a", "é", "😀", "\r\n", "\n", "\r", " "])).map("".join))
def test_every_way_of_counting_finds_every_character(raw):
    for dialect in DIALECTS.values():
        ruler = Ruler(raw, dialect)
        at = offsets(raw, dialect)
        assert [ruler.point(offset) for offset in at] == list(range(len(at)))
        assert ruler.point(at[-1] + 1) is None
        assert ruler.point(-1) is None


def test_half_a_character_is_none():
    assert Ruler("😀", DIALECTS["utf16"]).point(1) is None


def test_half_a_line_end_is_its_beginning():
    assert Ruler("a\r\nb", DIALECTS["utf16-crlf"]).point(2) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_words_that_a_program_noted_tell_how_it_counts(dialect):
    words = ["brauchen 👍 Geld", "mehr Leute"]
    name, why, points = choose({"a": TALK}, spans(TALK, dialect, words), "X")
    assert name == dialect
    assert why == "2 of 2 passages have the words that were noted of them"
    assert [plain(TALK)[slice(*point)] for point in points] == words


def test_words_that_were_cut_off_tell_it_too():
    found = [
        Span("a", one.start, one.end, one.said[:4] + "…")
        for one in spans(TALK, "utf16", ["brauchen 👍 Geld", "Geld"])
    ]
    name, *_ = choose({"a": TALK}, found, "X")
    assert name == "utf16"


@pytest.mark.parametrize("dialect", ["codepoints", "codepoints-crlf"])
def test_line_ends_alone_are_told_apart(dialect):
    raw = "Ja.\r\nWir brauchen Geld.\r\nUnd mehr Leute, bald."
    name, *_ = choose({"a": raw}, spans(raw, dialect, ["brauchen", "Leute"], said=False), "X")
    assert name == dialect


@pytest.mark.parametrize("dialect", DIALECTS)
def test_edges_of_words_tell_it_where_no_words_are_noted(dialect):
    raw = "Ja 😀.\r\n" + "Wir brauchen 👍 Geld.\r\nUnd mehr Leute, bald: zehn.\r\n" * 3
    # without one end at the very last word, a wrong way of counting may fit by accident
    found = spans(
        raw, dialect, ["brauchen 👍", "Geld", "mehr", "Leute", "bald", "zehn"], said=False
    )
    name, why, _ = choose({"a": raw}, found, "X")
    assert name == dialect
    assert "are edges of words" in why


def test_nothing_is_asked_of_a_text_in_which_all_ways_are_one():
    name, why, points = choose({"a": "Ja. Nein."}, [Span("a", 4, 8)], "X")
    assert (name, points) == ("codepoints", [(4, 8)])
    assert why == "all ways of counting give the same passages"


def test_what_is_asked_for_is_taken_where_all_ways_of_counting_agree():
    asked = choose({"a": "Ja. Nein."}, [Span("a", 4, 8)], "X", "utf16")
    assert asked == ("utf16", "asked for", [(4, 8)])


def test_words_that_contradict_each_other_stop_the_import():
    found = [*spans(TALK, "codepoints", ["mehr Leute"]), *spans(TALK, "utf16", ["Geld"])]
    with pytest.raises(
        NotReadableError, match="contradict each other: 1 as codepoints, 1 as utf16"
    ):
        choose({"a": TALK}, found, "X")
    name, why, _ = choose({"a": TALK}, found, "X", "utf16")
    assert (name, why) == ("utf16", "asked for")


def test_where_nothing_tells_the_import_stops_unless_the_program_has_a_habit():
    raw = "a\r\nb-c-d"
    found = [Span("a", 4, 5)]
    with pytest.raises(NotReadableError, match="nothing tells how characters are counted"):
        choose({"a": raw}, found, "X")
    assert choose({"a": raw}, found, "NVivo 12")[0] == "utf16-crlf"


def test_a_passage_beyond_its_text_is_never_clipped():
    with pytest.raises(NotReadableError, match="first 0 to 4: the texts are not those"):
        choose({"a": "Ja."}, [Span("a", 0, 4)], "X")


def test_a_way_of_counting_that_runs_over_the_end_is_out():
    raw = "a\r\nbc"
    name, why, points = choose({"a": raw}, [Span("a", 3, 5)], "X")
    assert (name, points) == ("codepoints-crlf", [(2, 4)])
    assert why == "in all other ways passages end beyond their text"


UMLAUTS = "Größe, Fläche, Straße und Lärm fehlen für übergroße Züge. " * 6


def in_bytes(said):
    """Passages of two words, of which an unknown program counts the bytes."""
    words = [match.span() for match in re.finditer(r"\w+ \w+", UMLAUTS)]
    return [
        Span("a", *(len(UMLAUTS[:at].encode()) for at in ends), UMLAUTS[slice(*ends)] * said)
        for ends in words
        if len(UMLAUTS[: ends[1]].encode()) <= len(UMLAUTS)
    ]


def test_words_that_stand_elsewhere_than_a_program_says_stop_the_import():
    with pytest.raises(NotReadableError, match="passages stand elsewhere in their text"):
        choose({"a": UMLAUTS}, in_bytes(said=True), "X")
    assert choose({"a": UMLAUTS}, in_bytes(said=True), "X", "codepoints")[1].startswith("asked for")


def test_passages_that_begin_and_end_within_words_are_told():
    found = in_bytes(said=False)
    assert len(found) >= 10
    assert "edges of passages are edges of words" in choose({"a": UMLAUTS}, found, "X")[1]


def test_titles_of_passages_are_no_words_of_them():
    found = [Span("a", 0, 5, "Lärm fehlen"), Span("a", 7, 13, "Fläche"), Span("a", 7, 13, "Fläche")]
    assert choose({"a": UMLAUTS}, found, "X")[0] == "codepoints"


def test_a_text_that_is_coded_whole_again_and_again_does_not_take_all_memory(monkeypatch):
    monkeypatch.setattr("analysis.exchange.offsets.MOST_TEXT", 1000)
    with pytest.raises(NotReadableError, match="the passages hold more than"):
        choose({"a": "x" * 200}, [Span("a", n, 200) for n in range(20)], "X")
