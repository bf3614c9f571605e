"""Formulas are shown without a program of another host, or are errors of the page."""

import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from sphinx.application import Sphinx

from analysis.book import formulas
from analysis.book.formulas import written
from analysis.pdf.formulas import FormulaError, drawn

KNOWN = (
    r"\kappa = \frac{p_o - p_e}{1 - p_e}", r"\sum_{i=1}^n x_i^2 \geq 0", r"\sqrt{x} \approx 1{,}5",
    r"\text{Anteil} = 5\,\%", r"a < b \cdot \hat{c}", "ä\n + 1",
)  # fmt: skip
UNKNOWN = (
    r"\foo", "x^", r"\frac{a", "}", r"a \\ b", "a & b", r"\left( x", "", " ", r"\,", "x$y$z",
    r"\begin{tabular}{l} a \end{tabular}", r"\href{https://a.b}{x}", r"\text{数}",
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from(
        [
            *(r"\frac{a}{b}", "x_", "^2", "{", "}", "$", "&", r"\\", "<", '"', "'", "-->", "\n"),
            *(r"\text{é}", r"\foo", r"\alpha", r"\sqrt", r"\left("),
        ]
    ),
    max_size=7,
)


@pytest.mark.parametrize("formula", KNOWN)
def test_a_formula_is_mathml_on_pages_and_a_picture_on_paper_of_the_same_name(formula):
    markup = written(formula)
    assert ElementTree.fromstring(markup).get("alttext") == formula.replace("\n", " ")
    (picture,) = re.findall("<img [^>]*>", drawn(f"<p>a {markup} b</p>"))
    assert ElementTree.fromstring(f"{picture[:-1]}/>").get("alt") == formula.replace("\n", " ")


@pytest.mark.parametrize("formula", UNKNOWN)
@pytest.mark.parametrize("parses", [True, False])
def test_what_cannot_be_shown_is_refused_whatever_figures_do_with_dollars(formula, parses):
    with rc_context({"text.parse_math": parses}), pytest.raises(FormulaError):
        written(formula)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"a \le b", r"Unknown symbol: \le"),
        (r"\displaystyle x", r"Unknown symbol: \displaystyle"),
        ("a^b^c", "Double superscript"),
        (" ", "it shows nothing"),
        (r"\,", "it shows nothing"),
        (r"\text{数}", "it has a sign that is in no font of Matplotlib"),
    ],
)
def test_why_it_cannot_be_shown_is_said_without_what_no_author_knows(formula, said):
    for _ in range(2):  # Matplotlib keeps what it has parsed
        with pytest.raises(FormulaError) as error:
            written(formula)
        assert str(error.value) == said


@given(PIECES.map(" ".join))
def test_whatever_is_typed_is_whole_or_refused(formula):
    try:
        markup = written(formula)
    except FormulaError:
        return
    assert ElementTree.fromstring(markup).tag.endswith("}math")
    ElementTree.fromstring(drawn(markup).removesuffix(">") + "/>")


def test_what_is_wrong_is_named_by_line_and_no_page_asks_another_host(tmp_path):
    page = "# Title\n\nOf {math}`x_1`.\n\n```{math}\n\\foo{x}\n```\n\n- *{math}`\\foo{y}`*\n"
    (tmp_path / "index.md").write_text(page, "utf-8")
    said, site = io.StringIO(), tmp_path / "site"
    config = {"extensions": ["myst_nb"], "html_theme": "basic", "nb_execution_mode": "off"}
    app = Sphinx(tmp_path, None, site, tmp_path / "trees", "html", config, None, said)
    formulas.register(app)
    app.build()
    wrong = (
        r'index.md:5: WARNING: the formula \foo{x} cannot be shown (Unknown LaTeX command "\foo")'
    )
    assert wrong in said.getvalue()
    assert r"index.md:9: WARNING: the formula \foo{y} cannot be shown" in said.getvalue()
    text = (site / "index.html").read_text("utf-8")
    assert "<msub>" in text
    assert "mathjax" not in text.lower()
