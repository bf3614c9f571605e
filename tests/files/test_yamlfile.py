"""YAML is read the same by libyaml and by Python, with the same complaints about what is wrong."""

import pytest

from analysis.files import yamlfile
from analysis.files.yamlfile import read_entries

FILES = {
    "texts": 'a: {de: "ä 𝄞", en: |\n  two\n  lines}\n',
    "texts of several lines": "ä: 𝄞\n  und mehr\nb: >\n  fold\n  ed\n\n  end\nc: 'it''s'\n",
    "a comment that is none": "ä: 𝄞😀 b #1\nc: x #2\nd: 'y' #3\ne: z # 4\n",
    "a name that stands twice": "a: 1\nb: 2\na: 3\n",
    "names that are no texts": "no: 1\n2: x\nnull: y\n2020-01-01: z\n",
    "other kinds": "a: [1, 2.5, true, ~]\nb: 2020-01-01\n",
    "damage": "a: M\u00c3\u00bcnchen\nb: a\u200bb\n",
    "nothing": "",
    "a list": "- a\n- b\n",
    "a line that stands for another": "a: &x y\nb: *x\n",
    "an open bracket": "a: {de: x, en: y\nb: {de: x}\n",
    "a tab": "a:\n\tb: c\n",
    "two texts in a line": "a: b: c\n",
    "two documents": "a: b\n---\na: c\n",
    "a tag": "a: !!python/name:os.system x\n",
    "half of a sign": 'a: b\nc: "\\ud800"\n',
    "half of a sign in a name": 'a: b\n"\\ud800": c\n',
    "a number of more digits than can be told": f"a: 0x{'F' * 5000}\n",
    "brackets without end": "[" * 5000,
    "lines without end": "- " * 5000,
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_both_readers_find_the_same(content, monkeypatch):
    fast = known(read_entries(content.encode()))
    monkeypatch.setattr(yamlfile, "_Fast", yamlfile._Exact)
    assert fast == known(read_entries(content.encode()))


@pytest.mark.parametrize("name", ["half of a sign", "half of a sign in a name"])
def test_what_no_file_can_hold_is_named_by_line(name):
    content, (slip,) = read_entries(FILES[name].encode())
    assert content is None
    assert slip.line == 2
    assert "(\\ud800 is half of a sign)" in slip.wrong


def test_a_name_that_stands_twice_in_two_forms_is_seen():
    for first, second in (("f\u00fcr", "fu\u0308r"), ("fu\u0308r", "f\u00fcr")):
        _, (slip,) = read_entries(f"options:\n  {first}: a\n  {second}: b\n".encode())
        assert (slip.line, slip.wrong) == (3, "'f\u00fcr' stands twice")


def test_a_text_of_another_encoding_is_named_with_what_to_do():
    for content, wrong in (
        (FILES["texts"].encode("utf-16"), "not a text in UTF-8 but UTF-16, as"),
        ("ä: b".encode("cp1252"), "not readable as UTF-8 ("),
    ):
        found, (slip,) = read_entries(content)
        assert found is None
        assert slip.wrong.startswith(wrong)
        assert (slip.expected, slip.unreadable) == ("a text file saved as UTF-8", True)


def test_a_number_that_cannot_be_told_is_none():
    content, (slip,) = read_entries(FILES["a number of more digits than can be told"].encode())
    assert content is None
    assert slip.unreadable


def known(found):
    """What was read, with the lines of all names."""
    return lines(found[0]), found[1]


def lines(value):
    if isinstance(value, yamlfile.Entry):
        return {key: lines(inner) for key, inner in value.items()}, value.lines
    return value


def test_the_fast_reader_is_there():
    assert yamlfile._Fast is not yamlfile._Exact
