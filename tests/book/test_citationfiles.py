"""Programs for literature read what is cited as it is written, whatever its letters."""

import re

from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from analysis.book.citationfiles import TAGS, bibtex, ris
from analysis.citation import Author, one_line
from analysis.raw.latex import disguised, rich

# Signs that BibTeX, LaTeX or RIS act on, among others; LaTeX reads some of them in pairs.
SIGNS = st.sampled_from("aZß字 {}\\&%$#_~^@\"=,;|*-`'!?<>\n\r\t\0\v\x85\u2028\u2029\ud800")
TEXTS = st.text(SIGNS, max_size=12) | st.sampled_from(["ER  - ", "x\nER  - ", "and", "A and B"])
WORDS = TEXTS.map(one_line).filter(str.strip)
AUTHORS = st.builds(Author, WORDS) | st.builds(
    lambda given, family, suffix: Author(f"{given} {family} {suffix}", family, given, suffix),
    WORDS,
    WORDS,
    TEXTS.map(one_line),
)


def read(field):
    """What a field of BibTeX stands for."""
    from analysis.raw.latex import PLAIN

    return str(rich(disguised(field))).translate(PLAIN)


@given(st.lists(AUTHORS, min_size=1, max_size=3), st.fixed_dictionaries(dict.fromkeys(TAGS, TEXTS)))
def test_bibtex_comes_back_as_it_was_written(authors, fields):
    fields["url"] = "https://example.org/{a}\\b"
    (key, entry), *others = parse_string(
        bibtex("misc", "Übersicht/a_b de", authors, fields), "bibtex"
    ).entries.items()
    assert (key, others) == ("Ubersicht-a-b-de", [])
    assert entry.fields.pop("url") == "https://example.org/%7Ba%7D%5Cb"
    told = {name: one_line(text) for name, text in fields.items() if name != "url"}
    said = {name: read(text) for name, text in entry.fields.items()}
    assert said == {name: text for name, text in told.items() if text}
    assert len(entry.persons["author"]) == len(authors)
    for person, author in zip(entry.persons["author"], authors, strict=True):
        names = [*person.prelast_names, *person.last_names]
        if author.given and author.family:
            names = [*person.first_names, *person.middle_names, *names, *person.lineage_names]
        assert sorted(read(" ".join(names)).split()) == sorted(author.name.split())


@given(st.lists(AUTHORS, min_size=1, max_size=3), st.fixed_dictionaries(dict.fromkeys(TAGS, TEXTS)))
def test_ris_has_a_line_for_each_field_and_ends_once(authors, fields):
    *lines, end = ris("misc", authors, fields).split("\r\n")
    assert end == ""
    assert all(re.fullmatch("[A-Z][A-Z0-9]  - [^\\x00-\\x1f]*", line) for line in lines)
    assert [line for line in lines if line.startswith(("TY", "ER"))] == [lines[0], lines[-1]]
    told = {line[:2]: line[6:] for line in lines if line[:2] in TAGS.values()}
    said = {TAGS[name]: one_line(text) for name, text in fields.items()}
    assert told == {tag: text for tag, text in said.items() if text}
    assert len([line for line in lines if line.startswith("AU")]) == len(authors)
