"""What is wrong with the pages of a book: everything at once, each by page and line as its author
knows them, in a sentence.
"""

import os
import re

import pytest
from sphinx.errors import ExtensionError

from analysis import paths
from analysis.book.settings import BookError, pages_in
from analysis.book.sphinx import sentence
from analysis.book.staging import as_written, copy_pages

pytestmark = pytest.mark.xdist_group("built")
WRONG = """# Titel

Vorher {{ tres }} nachher, {fact}`tree` und {unit}`u9999`. Satz.{evidence}`u002 plant-tree auental`

```{study-figure} rolles
```

```{study-table} fact
:columns: subject
```

```{study-table} facts
:columns: subjekt source
```

```{study-table} facts
```

```{study-table} facts
:columns: subject
:where: kind=Wald
```

```{study-figur} roles
```

```{list-of} pictures
```

```{study-lists} measures
```

```{study-lists} measures
:by: kind
:where: field_code=field.tree
```

{ref}`all-figure`, {numref}`fig-rolles` und {finding}`money-everwhere`

Noch ein Satz.{evidence}`actors:nursery`

Eine Note[^fort], {{ trees }, `{{ x }` und {numref} `fig-roles`.

[Eine](mit Lücke.md), [eine](javascript:a()) und [eine ganze](facts.md).

Es helfen {number}`helpers` Menschen, {math}`\\foo` und <b id="titel">noch</b> einer.
"""
SECTION = "everywhere,counts,all-figure"
EXPECTED = {
    3: [
        "{{ tres }} is no fact, and no notebook saved such a value (did you mean 'trees'?)",
        "there is no fact 'tree' (did you mean 'trees'?)",
        "{unit}: no table has a row 'u9999'",
        "{evidence}: no table has a row 'plant-tree' (did you mean 'plant-trees'?)",
        "{evidence}: 'auental' is a row of several tables; write municipalities:auental or "
        "interviews:auental",
    ],
    5: ["{study-figure}: there is no published figure 'rolles' (did you mean 'roles'?)"],
    8: ["{study-table}: there is no table 'fact' (did you mean 'facts'?)"],
    12: ["{study-table}: there is no column 'subjekt' (did you mean 'subject'?)"],
    16: ["{study-table}: which columns are to be shown? For example `:columns: "],
    19: ["{study-table}: there is no column 'kind'"],
    24: ["Unknown directive type: 'study-figur' (did you mean 'study-figure'?)"],
    27: ["{list-of}: there is no list of 'pictures'; expected one of figure, table"],
    30: ["{study-lists}: by which column? For example `:by: kind`"],
    33: [
        "{study-lists}: there is no row with 'field_code=field.tree' (did you mean "
        "'field_code=field.trees'?)"
    ],
    38: [
        "{ref}: there is no label 'all-figure' (did you mean 'all-figures'?)",
        "{numref}: there is no label 'fig-rolles' (did you mean 'fig-roles'?)",
        "{finding}: there is no finding 'money-everwhere' (did you mean 'money-everywhere'?)",
    ],
    42: [
        "'[^fort]' would be shown as it is written; expected a note of this name on the page",
        "'{{ trees },' would be shown as it is written; expected {{ NAME }}, both braces closed",
        "'{numref}' would be shown as it is written; expected a role with its text right behind",
    ],
    44: [
        "'[Eine](mit Lücke.md)' would be shown as it is written; expected a link",
        "'[eine](javascript:a()' would be shown as it is written; expected a link",
    ],
    46: [
        "{number}: the fact 'helpers' has no number; {fact}`helpers` says it in words",
        "the formula \\foo cannot be shown (Unknown LaTeX command",
        "the id 'titel' is that of something else on the page; expected a new one",
    ],
}


@pytest.fixture(scope="module")
def said(built):
    """What a build of a book with a spoilt page says; the book is as before afterwards."""
    page, findings = built.book / "de/index.md", built.build / "processed/findings.csv"
    record = built.build / "de/figures/roles.json"
    last = (built.build / "html/de/index.html").read_bytes()
    before = {path: path.read_text("utf-8") for path in (page, findings, record)}
    section = before[findings].replace("everywhere,counts,all-figures", SECTION)
    source = before[record].replace('"musterfrau2021"', '"musterfrau"')
    for path, wrong in {page: WRONG, findings: section, record: source}.items():
        path.write_text(wrong, "utf-8")
    process = built.run("analysis", "book", "de")
    for path, right in before.items():
        path.write_text(right, "utf-8")
    assert process.returncode == 1
    assert (built.build / "html/de/index.html").read_bytes() == last, "the last good book stays"
    return process.stderr


@pytest.mark.parametrize("line", EXPECTED)
def test_a_slip_is_named_by_page_and_line(said, built, line):
    found = [
        text for text in said.splitlines() if text.startswith(f"{built.book}/de/index.md:{line}: ")
    ]
    for text in EXPECTED[line]:
        assert [named for named in found if text in named], said


def test_a_finding_whose_section_there_is_not_is_named_with_the_nearest(said):
    wrong = "the section of the finding 'money-everywhere': there is no label 'all-figure'"
    (line,) = [text for text in said.splitlines() if wrong in text]
    assert "evidence.md:" in line
    assert line.endswith("(did you mean 'all-figures'?)")


def test_a_source_that_there_is_not_is_named_where_what_rests_on_it_is_shown(said):
    wrong = "{study-figure}: there is no source of roles called 'musterfrau' (did you mean "
    (line,) = [text for text in said.splitlines() if wrong in text]
    assert re.match(r".*/de/figures\.md:\d+: ", line)
    assert "(did you mean 'musterfrau2021'?); expected one of musterfrau2021, " in line


def test_a_row_that_no_page_shows_is_named(said, built):
    wrong = "{evidence}: no page shows the row 'nursery' of actors; expected {study-table} actors"
    assert f"{built.book}/de/index.md: WARNING: {wrong}" in said


def test_nothing_else_is_said(said):
    assert said.count("would be shown as it is written") == 5
    assert "Traceback" not in said
    assert "running/" not in said
    assert "Handler" not in said


SPOILT = {
    "latin.md": ("# Gruß\n\nGrüße\n".encode("latin-1"), ":1: not readable as UTF-8; save the page"),
    "merge.md": (b"A\n=======\n\n<<<<<<< HEAD\n", ":4: two versions that Git could not merge"),
    "away.md": ("/nowhere.md", ": cannot be read (a link to /nowhere.md, where nothing is)"),
    "circle": (".", ": a link to a folder that it lies in"),
    "pipe.png": (None, ": cannot be read (a pipe or a device, which may never end)"),
}


def test_files_that_are_no_pages_are_named_all_at_once(mini, tmp_path):
    (mini.book / "de/set.md").write_text("Ein Titel\n=======\n", "utf-8")
    for name, (content, _) in SPOILT.items():
        path = mini.book / "de" / name
        if content is None:
            os.mkfifo(path)
        elif isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)
    with pytest.raises(BookError) as error:
        copy_pages(mini.book / "de", tmp_path / "stage")
    said = str(error.value).splitlines()
    assert len(said) == len(SPOILT)
    for name, (_, wrong) in SPOILT.items():
        assert [line for line in said if line.startswith(f"{mini.book}/de/{name}{wrong}")]


def test_what_programs_keep_among_pages_is_no_part_of_a_book(mini, tmp_path):
    kept = (
        ".ipynb_checkpoints/index-checkpoint.md",
        "._index.md",
        "part/.DS_Store",
        "#index.md#",
        ".loop",
    )
    for name in kept[:-1]:
        path = mini.book / "de" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\0\5\x16\7\xff<<<<<<< a")
    (mini.book / "de" / kept[-1]).symlink_to(".")
    before = pages_in(mini.book / "de")
    copy_pages(mini.book / "de", tmp_path / "stage")
    copied = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert not [path for path in copied if "/." in path or "#" in path]
    assert pages_in(tmp_path / "stage") == before
    assert "index" in before


@pytest.mark.parametrize("name", ["Extra.MD", "extra.md.txt", "extra.markdown", "extra.rst"])
def test_a_page_under_a_wrong_name_is_not_left_out_in_silence(mini, tmp_path, name):
    (mini.book / "de" / name).write_text("# Mehr\n", "utf-8")
    with pytest.raises(BookError, match=rf"de/{name}: is no page, as its name does not end in .md"):
        copy_pages(mini.book / "de", tmp_path / "stage")


def test_pages_whose_names_have_letters_of_two_signs_are_called_by_letters_of_one(mini, tmp_path):
    for name in ("U\u0308bersicht.md", "gro\u0308ße/ho\u0308he.md"):
        (mini.book / "de" / name).parent.mkdir(exist_ok=True)
        (mini.book / "de" / name).write_text("# Titel\n", "utf-8")
    copy_pages(mini.book / "de", tmp_path / "stage")
    assert (tmp_path / "stage/\xdcbersicht.md").is_file()
    assert (tmp_path / "stage/gr\xf6ße/h\xf6he.md").is_file()


def test_a_failing_function_of_sphinx_is_told_by_page_and_reason(tmp_path):
    (tmp_path / "facts.md").write_text("# Fakten\n", "utf-8")

    def read_doc(docname):
        raise ExtensionError(
            f"Handler <function f at 0x7f> for event 'doctree-read' of {docname} threw an "
            "exception",
            KeyError("year"),
            "bibtex",
        )

    with pytest.raises(ExtensionError) as error:
        read_doc("facts")
    assert sentence(error.value, tmp_path) == f"{tmp_path}/facts.md: KeyError: 'year'"


def test_cells_of_notebooks_are_named_as_their_authors_count_them():
    stage = paths.running() / "book/de/pages"
    said = as_written(
        f"{stage}/notebooks/roles.ipynb:30002: WARNING: x\n{stage}/index.md:7: ERROR: y\n",
        "de",
        stage,
    )
    assert said == "notebooks/roles.ipynb, cell 3: WARNING: x\nbook/de/index.md:7: ERROR: y\n"


def test_a_page_without_a_line_is_named_as_others_are():
    stage = paths.running() / "book/de/pages"
    said = as_written(f"{stage}/index.md:: WARNING: image file not readable: x.png\n", "de", stage)
    assert said == "book/de/index.md: WARNING: image file not readable: x.png\n"
