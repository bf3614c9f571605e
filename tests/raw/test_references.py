"""Works as BibTeX, BibLaTeX and programs for literature describe them are cited and listed, or what
they lack is named by line.
"""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.backends.plaintext import Backend
from pybtex.database import parse_string

from analysis.book.literature import StudyStyle, in_edition, in_language
from analysis.problems import Problems
from analysis.raw.latex import PLAIN, rich
from analysis.raw.references import read_references
from analysis.raw.works import completed

# A work as it is written, and how it is listed in both editions.
WORKS = {
    "date for year": (
        "@misc{k, author={Muster, E.}, title={T}, date={2021-05-03}}",
        "Muster, E. (2021): T.",
    ),
    "span of years": (
        "@misc{k, author={Muster, E.}, title={T}, date={2019/2021}}",
        "Muster, E. (2019–2021): T.",
    ),
    "span within a year": (
        "@misc{k, author={Muster, E.}, title={T}, date={2020-01/2020-05}}",
        "Muster, E. (2020): T.",
    ),
    "year before date": (
        "@misc{k, author={Muster, E.}, title={T}, date={2021}, year={2019}}",
        "Muster, E. (2019): T.",
    ),
    "question with a subtitle": (
        "@misc{k, author={Muster, E.}, title={{Was nun?}}, subtitle={Ein Rat}, year={2020}}",
        "Muster, E. (2020): Was nun? Ein Rat.",
    ),
    "journal before journaltitle": (
        "@article{k, author={Muster, E.}, title={T}, journal={J}, journaltitle={L}, year={2020}}",
        "Muster, E. (2020): T. J.",
    ),
    "body named twice": (
        "@misc{k, institution={Amt}, organization={Amt}, school={Amt}, title={T}, year={2020}}",
        "Amt (2020): T.",
    ),
    "part with a publisher of its own": (
        "@incollection{k, author={Muster, E.}, title={T}, publisher={U}, crossref={whole}}"
        "@book{whole, author={Kern, K.}, title={W}, publisher={V}, year={2020}}",
        "Muster, E. (2020): T. In: W, U.",
    ),
    "part of a work with a subtitle": (
        "@incollection{k, author={Muster, E.}, title={T}, crossref={main}}"
        "@book{main, author={Kern, K.}, title={W}, subtitle={S}, publisher={V}, year={2020}}",
        "Muster, E. (2020): T. In: W: S, V.",
    ),
    "part with a subtitle of its own": (
        "@incollection{k, author={Muster, E.}, title={T}, subtitle={U}, crossref={main2}}"
        "@book{main2, author={Kern, K.}, title={W}, subtitle={S}, publisher={V}, year={2020}}",
        "Muster, E. (2020): T: U. In: W: S, V.",
    ),
    "part with a date of its own": (
        "@incollection{k, author={Muster, E.}, title={T}, date={2021}, crossref={old}}"
        "@book{old, author={Kern, K.}, title={W}, publisher={V}, year={1999}}",
        "Muster, E. (2021): T. In: W, V.",
    ),
    "part with a year of its own": (
        "@incollection{k, author={Muster, E.}, title={T}, year={2021}, crossref={dated}}"
        "@book{dated, author={Kern, K.}, title={W}, publisher={V}, date={1999}}",
        "Muster, E. (2021): T. In: W, V.",
    ),
    "part with a later date": (
        "@incollection{k, author={Muster, E.}, title={T}, date={2021}, crossref={dated2}}"
        "@book{dated2, author={Kern, K.}, title={W}, publisher={V}, date={1999}}",
        "Muster, E. (2021): T. In: W, V.",
    ),
    "part with a later year": (
        "@incollection{k, author={Muster, E.}, title={T}, year={2021}, crossref={old2}}"
        "@book{old2, author={Kern, K.}, title={W}, publisher={V}, year={1999}}",
        "Muster, E. (2021): T. In: W, V.",
    ),
    "part of whose authors nothing is told": (
        "@incollection{k, title={T}, institution={Amt}, crossref={other}}"
        "@book{other, author={Kern, K.}, title={W}, publisher={V}, year={2020}}",
        "Amt (2020): T. In: W, V.",
    ),
    "uncertain date": (
        "@misc{k, author={Muster, E.}, title={T}, date={2021~}}",
        "Muster, E. (2021): T.",
    ),
    "no year": (
        "@misc{k, author={Muster, E.}, title={T}}",
        ("Muster, E. (o. J.): T.", "Muster, E. (n.d.): T."),
    ),
    "editor": (
        "@book{k, editor={Muster, E.}, title={T}, year={2020}}",
        ("Muster, E. (Hrsg.) (2020): T.", "Muster, E. (ed.) (2020): T."),
    ),
    "editors": (
        "@collection{k, editor={Muster, E. and Muster, F.}, title={T}, year={2020}}",
        ("Muster, E.; Muster, F. (Hrsg.) (2020): T.", "Muster, E.; Muster, F. (eds.) (2020): T."),
    ),
    "organisation": (
        "@online{k, organization={Umweltamt}, title={T}, year={2020}}",
        "Umweltamt (2020): T.",
    ),
    "institution": (
        "@report{k, institution={{Amt für Umwelt}}, title={T}, date={2020}, type={techreport}}",
        ("Amt für Umwelt (2020): T. Bericht.", "Amt für Umwelt (2020): T. Report."),
    ),
    "subtitle and location": (
        "@book{k, author={Muster, E.}, title={T}, subtitle={U}, publisher={V}, location={Au}, "
        "year={2020}}",
        "Muster, E. (2020): T: U. V, Au.",
    ),
    "journaltitle": (
        "@article{k, author={Muster, E.}, title={T}, journaltitle={J}, volume=3, number=2, "
        "year={2020}}",
        "Muster, E. (2020): T. J 3(2).",
    ),
    "thesis": (
        "@thesis{k, author={Muster, E.}, title={T}, type={phdthesis}, institution={Uni Au}, "
        "date={2020}}",
        (
            "Muster, E. (2020): T. Dissertation, Uni Au.",
            "Muster, E. (2020): T. PhD thesis, Uni Au.",
        ),
    ),
    "type that nobody knows": (
        "@podcast{k, author={Muster, E.}, title={T}, year={2020}}",
        "Muster, E. (2020): T.",
    ),
    "part of a work": (
        "@incollection{k, author={Muster, E.}, title={T}, crossref={all}}\n@book{all, "
        "editor={Haupt, H.}, title={All}, publisher={V}, date={2020}}",
        "Muster, E. (2020): T. In: All, V.",
    ),
    "month of access": (
        "@online{k, author={Muster, E.}, title={T}, year={2020}, url={https://a.example}, "
        "urldate={2022-07}}",
        (
            "Muster, E. (2020): T. https://a.example (abgerufen im Juli 2022).",
            "Muster, E. (2020): T. https://a.example (accessed July 2022).",
        ),
    ),
    "year of access": (
        "@online{k, author={Muster, E.}, title={T}, year={2020}, url={https://a.example}, "
        "urldate={2022}}",
        (
            "Muster, E. (2020): T. https://a.example (abgerufen 2022).",
            "Muster, E. (2020): T. https://a.example (accessed 2022).",
        ),
    ),
    "German day of access": (
        "@online{k, author={Muster, E.}, title={T}, year={2020}, url={https://a.example}, "
        "urldate={05.07.2022}}",
        (
            "Muster, E. (2020): T. https://a.example (abgerufen am 5. Juli 2022).",
            "Muster, E. (2020): T. https://a.example (accessed 5 July 2022).",
        ),
    ),
    "emphasis": (
        r"@misc{k, author={Muster, E.}, year={2020},"
        r" title={\emph{Was} {B\textbf{lei}bt}: CO\textsubscript{2}}}",
        "Muster, E. (2020): Was Bleibt: CO2.",
    ),
    "link in a remark": (
        r"@misc{k, author={Muster, E.}, title={T}, year={2020},"
        r" note={Siehe \href{https://a.example/x_y}{\emph{dort}}}}",
        "Muster, E. (2020): T. Siehe dort.",
    ),
    "address in howpublished": (
        r"@misc{k, author={Muster, E.}, title={T}, year={2020},"
        r" howpublished={\url{https://a.example/x_y~z\_1\%20}}}",
        "Muster, E. (2020): T. https://a.example/x_y~z_1%20.",
    ),
    "address with marks": (
        r"@misc{k, author={Muster, E.}, title={T}, year={2020},"
        r" url={\url{https://a.example/x\_y{\_}z}}}",
        "Muster, E. (2020): T. https://a.example/x_y_z.",
    ),
    "son of somebody": (
        "@misc{k, author={Muster, Jr., Emil}, title={T}, year={2020}}",
        "Muster, Jr., Emil (2020): T.",
    ),
    "particles": (
        "@misc{k, author={von und zu Muster, E.}, title={T}, year={2020}}",
        "von und zu Muster, E. (2020): T.",
    ),
    "body with signs": (
        r"@misc{k, author={{Amt \& Land; Bund}}, title={T}, year={2020}}",
        "Amt & Land; Bund (2020): T.",
    ),
    "season": ("@misc{k, author={Muster, E.}, title={T}, date={2021-21}}", "Muster, E. (2021): T."),
    "open span": (
        "@misc{k, author={Muster, E.}, title={T}, date={2019-05/..}}",
        "Muster, E. (2019): T.",
    ),
    "address for DOI": (
        "@misc{k, author={Muster, E.}, title={T}, year={2020}, doi={https://doi.org/10.1000/182}}",
        "Muster, E. (2020): T. https://doi.org/10.1000/182.",
    ),
}
LACKING = {
    "no title": (
        "@misc{k, author={A}, year={2020}}",
        "line 3: 'k' has no title; expected a field title",
    ),
    "nobody": (
        "@misc{k, title={T}, year={2020}}",
        "line 3: 'k' has neither author nor editor nor an organisation; expected a field author",
    ),
    "date": (
        "@misc{k, author={A}, title={T}, date={May 2021}}",
        "line 3: 'k' has the date 'May 2021'; expected a date such as 2021,",
    ),
    "date that is none": (
        "@misc{k, author={A}, title={T}, date={2020-13-45}}",
        "line 3: 'k' has the date '2020-13-45'; expected a date such as",
    ),
    "date that is none, beside a year": (
        "@misc{k, author={A}, title={T}, year={2020}, date={2021-02-30}}",
        "line 3: 'k' has the date '2021-02-30'",
    ),
    "end that is none": (
        "@misc{k, author={A}, title={T}, date={2019/2020-13}}",
        "line 3: 'k' has the date '2019/2020-13'",
    ),
    "year that is none": (
        "@misc{k, author={A}, title={T}, year={20200}}",
        "line 3: 'k' has the year '20200'; expected a year such as",
    ),
    "year that nobody wrote in": (
        "@misc{k, author={A}, title={T}, year={0000}}",
        "line 3: 'k' has the year '0000'; expected a year such as 2021",
    ),
    "year to come": (
        "@misc{k, author={A}, title={T}, date={9999-01}}",
        "line 3: 'k' has the date '9999-01'; expected a date such as",
    ),
    "date for a year": (
        "@misc{k, author={A}, title={T}, year={2020-13-45}}",
        "line 3: 'k' has the year '2020-13-45'",
    ),
    "semicolon": (
        "@misc{k, author={A; B}, title={T}}",
        "line 3: 'k' has the author 'B, A;', which is not one name; expected names with and",
    ),
    "sign for and": (
        "@misc{k, author={Muster, E. & Kern, K.}, title={T}}",
        "line 3: 'k' has the author 'Muster, E. & Kern, K.', which is not one",
    ),
    "and in German": (
        "@book{k, editor={Ernst Muster und Karla Kern}, title={T}}",
        "line 3: 'k' has the editor",
    ),
    "others in Latin": (
        "@misc{k, author={Muster, E. et al.}, title={T}}",
        "line 3: 'k' has the author 'Muster, E. et al.', which is not one name",
    ),
    "name left out": (
        "@misc{k, author={A and}, title={T}}",
        "line 3: 'k' has the author 'and, A', which is not one name",
    ),
    "mark that nobody knows": (
        r"@misc{k, author={A}, title={\foo{T}}}",
        r"line 3: 'k' has a title with \foo, which stands for nothing known here",
    ),
    "quotation": (
        r"@misc{k, author={A}, title={\enquote{T}}}",
        r"line 3: 'k' has a title with \enquote, which stands for nothing known here",
    ),
    "line break": (
        r"@misc{k, author={A}, title={T\\U}}",
        r"line 3: 'k' has a title with \\, which stands for nothing known here; expected the",
    ),
    "emphasis in a name": (
        r"@misc{k, author={\emph{A}}, title={T}}",
        r"line 3: 'k' has the author '\\emph{A}' with \emph, which stands for",
    ),
    "link to nowhere": (
        r"@misc{k, author={A}, title={T}, note={\href{javascript:alert(1)}{U}}}",
        r"line 3: 'k' has a note with \href{javascript:",
    ),
    "braces that do not close": (
        '@misc{k, author={A}, title={T}, pages="{1"}',
        "line 3: not readable as BibTeX",
    ),
    "no sign before a work": (
        "misc{k, author={A}, title={T}}\n@misc{l, author={A}, title={T}}",
        "line 3: 'misc' has no @ before it, so the work",
    ),
    "urldate": (
        "@misc{k, author={A}, title={T}, urldate={yesterday}}",
        "line 3: 'k' has the urldate 'yesterday'; expected a date such as",
    ),
    "day that is none": (
        "@misc{k, author={A}, title={T}, urldate={2021-02-30}}",
        "line 3: 'k' has the urldate '2021-02-30'",
    ),
    "url": (
        "@misc{k, author={A}, title={T}, url={javascript:alert(1)}}",
        "line 3: 'k' has the url 'javascript:alert(1)'; expected an address",
    ),
    "doi": (
        "@misc{k, author={A}, title={T}, doi={x}}",
        "line 3: 'k' has the doi 'x'; expected a DOI such as",
    ),
    "part of nothing": (
        "@misc{k, author={A}, title={T}, crossref={al}}\n@misc{all, author={A}, title={T}}",
        "line 3: 'k' is part of 'al', which leads to no entry (did you mean 'all'?)",
    ),
    "part of itself": (
        "@misc{k, author={A}, title={T}, crossref={k}}",
        "line 3: 'k' is part of 'k', which leads to no entry",
    ),
    "part of nothing, in capitals": (
        "@misc{k, author={A}, title={T}, CrossRef={al}}\n@misc{all, author={A}, title={T}}",
        "line 3: 'k' is part of 'al', which leads to no entry (did you mean 'all'?)",
    ),
    "parts of each other, in capitals": (
        "@misc{k, author={A}, title={T}, CrossRef={l}}\n"
        "@misc{l, author={A}, title={T}, CROSSREF={k}}",
        "line 3: 'k' is part of 'k', which leads to no entry",
    ),
    "key with a blank": (
        "@misc{k l, title={T}}",
        "line 3: not readable as BibTeX (syntax error in line 3: '=' expected)",
    ),
    "key with a mark": (
        "@misc{k`l, author={A}, title={T}}",
        "line 3: 'k`l' is a key that cannot be cited; expected letters and digits",
    ),
    "keys that differ in case": (
        "@misc{k, author={A}, title={T}}\n@misc{K, author={A}, title={T}}",
        "line 4: not readable as BibTeX (repeated bibliography entry: K)",
    ),
    "field twice": (
        "@misc{k, author={A}, title={T}, title={U}}",
        "line 3: not readable as BibTeX (entry with key k has a duplicate title field)",
    ),
    "too many commas": (
        "@misc{k, author={A, B, C, D}, title={T}}",
        "line 3: not readable as BibTeX (Too many commas in 'A, B, C, D')",
    ),
    "damaged": (
        "@misc{k, author={A}, title={GrÃ¶ÃŸe}}",
        "line 3: 'k' has a damaged title: 'GrÃ¶ÃŸe' looks like UTF-8 that was read as another "
        "encoding",
    ),
    "damaged name": (
        "@misc{k, author={MÃ¼ller, A}, title={T}}",
        "line 3: 'k' has a damaged author: 'MÃ¼ller, A' looks like UTF-8 that was read as another "
        "encoding",
    ),
    "merge": (
        "<<<<<<< HEAD\n@misc{k, author={A}, title={T}}",
        "line 3: a line that Git left when it could not merge two versions; expected one of",
    ),
}


NO_BIBTEX = {
    "RIS": (
        "TY  - JOUR\nAU  - Muster, E.\nTI  - T\nER  - \n",
        "not a bibliography but a RIS file; expected works such as @book{key,",
    ),
    "JSON": (
        '[{"id": "k", "type": "book", "title": "T"}]',
        "not a bibliography but a JSON file; expected works such as",
    ),
    "XML": ("<modsCollection/>", "not a bibliography but an XML file; expected works such as"),
    "EndNote": (
        "%0 Book\n%A Muster, E.\n",
        "not a bibliography but an EndNote file; expected works such as",
    ),
    "MEDLINE": (
        "PMID- 1\nTI  - T\n",
        "not a bibliography but a MEDLINE file; expected works such as",
    ),
    "YAML": (
        "k:\n  title: T\n",
        "no work is found in it; expected works such as @book{key, title = {…}} in a BibTeX file "
        "saved as UTF-8",
    ),
    "zip": (
        "PK\x03\x04",
        "not a bibliography but a zip file; expected a BibTeX file",
    ),
    "web page": ("<!DOCTYPE html>", "not a bibliography but a web page; expected a BibTeX file"),
}


def listed(text, language):
    works = in_edition(parse_string(text, "bibtex"), language)
    shown = {
        key: StudyStyle(language).format_entry("1", entry).text.render(Backend())
        for key, entry in works.items()
    }
    return {key: text.translate(PLAIN).strip() for key, text in shown.items()}


def problems(folder, text):
    (folder / "references.bib").write_text(f"% Works.\n\n{text}\n", "utf-8")
    problems = Problems()
    assert (read_references(folder / "references.bib", problems) is None) == bool(problems.found)
    return list(map(str, problems.found))


@pytest.mark.parametrize(("text", "expected"), WORKS.values(), ids=WORKS)
def test_a_work_is_listed_whatever_program_described_it(tmp_path, text, expected):
    german, english = expected if isinstance(expected, tuple) else (expected, expected)
    assert problems(tmp_path, text) == []
    assert (listed(text, "de")["k"], listed(text, "en")["k"]) == (german, english)


@pytest.mark.parametrize(("text", "message"), LACKING.values(), ids=LACKING)
def test_what_a_work_lacks_is_named_by_key_and_line(tmp_path, text, message):
    first, *_ = problems(tmp_path, text)
    assert first.startswith(f"references.bib, {message}")


@pytest.mark.parametrize(("text", "message"), NO_BIBTEX.values(), ids=NO_BIBTEX)
def test_a_file_of_another_program_is_named_as_what_it_is(tmp_path, text, message):
    (tmp_path / "references.bib").write_text(text, "utf-8")
    problems = Problems()
    assert read_references(tmp_path / "references.bib", problems) is None
    (problem,) = map(str, problems.found)
    assert problem.startswith(f"references.bib: {message}")


@pytest.mark.parametrize("text", ["", "% nothing yet\n", "@comment{nothing yet}\n"])
def test_a_study_may_cite_nothing(tmp_path, text):
    assert problems(tmp_path, text) == []


@given(st.text("aß Ä.:;()–é", max_size=12), st.text("bü –", min_size=1, max_size=6))
def test_emphasis_changes_no_letter(before, inside):
    for mark in (r"\emph", r"\textbf", "", r"{\emph{x}}"):
        shown = rich(f"x{before}{mark}{{{inside}}} y").render(Backend())
        expected = f"x{before}{'x' * mark.startswith('{')}{inside} y"
        assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", expected)


def test_works_that_would_be_cited_alike_have_letters_in_the_order_of_their_titles():
    entries = {
        "x": "{Muster, E.}, title={Zweck}",
        "y": "{Muster, F.}, title={Anfang}",
        "z": "{Muster, E. and Kern, K.}, title={M}",
    }
    text = "\n".join(
        f"@misc{{{key}, author={entry}, year={{2020}}}}" for key, entry in entries.items()
    )
    text += "\n@misc{u, author={{Amt}}, title={B}}\n@misc{v, author={{Amt}}, title={A}}"
    shown = listed(text, "de")
    assert [shown[key].split(":")[0] for key in "xyzuv"] == [
        "Muster, E. (2020b)", "Muster, F. (2020a)", "Muster, E.; Kern, K. (2020)", "Amt (o. J.-b)",
        "Amt (o. J.-a)",
    ]  # fmt: skip
    many = "\n".join(
        f"@misc{{k{n}, author={{Muster, E.}}, title={{T{n:02}}}, year={{2020}}}}" for n in range(28)
    )
    assert [text[11:19].split(")")[0] for text in listed(many, "en").values()][24:] == [
        "(2020y",
        "(2020z",
        "(2020aa",
        "(2020ab",
    ]


def test_a_letter_that_a_work_has_already_is_given_to_no_other():
    text = "\n".join(
        f"@misc{{{key}, author={{Muster, E.}}, title={{{key}}}, year={{{year}}}}}"
        for key, year in (("x", "2020"), ("y", "2020"), ("z", "2020a"), ("u", "2021"))
    )
    shown = listed(text, "en")
    assert [shown[key].split(":")[0] for key in "xyzu"] == [
        "Muster, E. (2020b)",
        "Muster, E. (2020c)",
        "Muster, E. (2020a)",
        "Muster, E. (2021)",
    ]


def test_works_of_three_people_are_cited_alike_if_the_first_is_the_same():
    text = "".join(
        f"@misc{{{key}, author={{A, A. and {second}, B. and C, C.}}, title={{{key}}}, year=2020}}"
        for key, second in (("x", "M"), ("y", "N"))
    )
    assert ["(2020a)" in listed(text, "en")["x"], "(2020b)" in listed(text, "en")["y"]] == [
        True
    ] * 2


@pytest.mark.parametrize("key", ["Böll2019", "a:b/c+d.e_f-2020", "2020"])
def test_keys_in_use_are_accepted_composed(tmp_path, key):
    text = f"@misc{{{unicodedata.normalize('NFD', key)}, author={{A}}, title={{T}}}}"
    (tmp_path / "references.bib").write_text(text, "utf-8")
    assert read_references(tmp_path / "references.bib", Problems())["key"].to_list() == [key]


@pytest.mark.xdist_group("built")
def test_whatever_passes_the_check_is_built(finished):
    with finished.references.open("a", encoding="utf-8") as file:
        texts = [
            text.replace("{k,", f"{{k{n},").replace("{all", f"{{all{n}")
            for n, (text, _) in enumerate(WORKS.values())
        ]
        file.write(
            "\n".join(texts).replace(
                "crossref={all}", f"crossref={{all{list(WORKS).index('part of a work')}}}"
            )
        )
    page = finished.book / "de/index.md"
    cited = "\n".join(f"{{cite:p}}`k{n}` und {{cite:t}}`k{n}`" for n in range(len(WORKS)))
    page.write_text(
        page.read_text("utf-8").replace("```{bibliography}", f"{cited}\n\n```{{bibliography}}", 1),
        "utf-8",
    )
    assert finished.problems() == []
    done = finished.run("doit", "-n", "2", "-P", "thread", "book")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_translated_title_of_a_work_is_not_that_of_its_parts():
    works = parse_string(
        "@incollection{k, title={T}, crossref={m}}"
        "@book{m, title={W}, title_de={Werk}, subtitle_de={U}}",
        "bibtex",
    )
    fields = in_language(completed(works.entries["k"], works).fields, "de")
    assert (fields["title"], fields["booktitle"]) == ("T", "Werk")
