"""Bytes are told from what they are not, and a text in Windows-1252 from the same in other code
pages.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files.encodings import FORMATS, ZIPPED, foreign, likely, odd_words

GERMAN = ["für", "Größe", "Bäume", "Öl", "Übergang", "„Ziel“", "5 €", "§ 3", "plain"]
WESTERN = [
    "Škoda", "Málaga", "Øresund", "Ærø", "Cœur", "España", "São", "Ångström", "così", "Émile",
    "Žižek",
]  # fmt: skip


@pytest.mark.parametrize("start", FORMATS)
def test_a_file_is_known_by_how_it_begins(start):
    assert foreign(start + b"anything") == FORMATS[start]
    assert foreign(b"id," + start) is None


@pytest.mark.parametrize("name", ZIPPED)
def test_a_zip_file_is_known_by_what_is_in_it(name):
    assert foreign(b"PK\x03\x04\0\0" + name + b"\0") == ZIPPED[name]
    assert foreign(b"PK\x03\x04\0\0readme") == "a zip file"


@pytest.mark.parametrize("content", [b"", b"id,gist\n", "id,Größe\n".encode(), b"\xef\xbb\xbfid"])
def test_a_text_is_nothing_else(content):
    assert foreign(content) is None


@given(st.lists(st.sampled_from([*GERMAN, *WESTERN]), max_size=9))
def test_western_words_beside_german_ones_are_not_odd(words):
    assert odd_words(" ".join(["Köln für Größe, Öl für Süden, so früh", *words])) == []


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
@given(
    words=st.lists(st.sampled_from([word for word in GERMAN if word[0] not in "„5§Ü"]), min_size=1)
)
def test_german_words_of_mac_and_dos_are_odd_and_their_encoding_is_known(encoding, words):
    content = " ".join(words).encode(encoding)
    assert bool(odd_words(content.decode("cp1252", "replace"))) == (not content.isascii())
    if not content.isascii():
        assert {"mac_roman": "MacRoman", "cp850": "CP850"}[encoding] in likely(content)


def test_only_the_first_odd_words_are_named_each_once():
    assert odd_words("B\u0161 B\u0161 Gr\u0161\u00dfe, x") == ["B\u0161", "Gr\u0161\u00dfe"]
    assert len(odd_words("a¤ b¤ c¤ d¤")) == 3


def test_no_encoding_is_likely_where_each_reads_oddly():
    assert likely(b"\x81\xff\xa4\x90") is None
