"""Of the styles of theme and extensions, those stay that an element of a page can meet."""

import pytest

from analysis.book.styles import Shown, met

PAGES = [
    '<p class="lead text">',
    "<p class='single'><b class=bare><script>add('alive')</script>"
    "<script type='application/ld+json'>{gone: 1}</script>",
]
SCRIPTS = ['open.classList.add("show"); tip = `bs-tooltip-${side}`']


@pytest.mark.parametrize(
    ("style", "left"),
    [
        ("a{b:c}", "a{b:c}"),
        (".lead{a:b}.gone{a:b}", ".lead{a:b}"),
        (".single{a:b}.bare{a:b}.alive{a:b}.show{a:b}", ...),
        ("p.lead>.gone,.text{a:b}", ".text{a:b}"),
        (".lead.gone{a:b}", ""),
        (".bs-tooltip-end{a:b}.bs-toast-end{a:b}.bs{a:b}", ".bs-tooltip-end{a:b}"),
        ('a[href$=".gone"]{a:b}[class*="gone"]{a:b}', ...),
        (".lead:not(.gone){a:b}:is(.gone,p){a:b}", ...),
        ('#id:hover::before{content:".gone,.x{}"}', ...),
        ("@media print{.gone{a:b}.lead{a:b}}", "@media print{.lead{a:b}}"),
        (
            "@media print{.gone{a:b}}@supports (a:b){@media print{.lead{a:b}}}",
            "@supports (a:b){@media print{.lead{a:b}}}",
        ),
        ('@keyframes x{12.5%{a:b}to{a:c}}@font-face{src:url(a.b)}@charset "x";', ...),
        ("/*! whose */a{b:c}/* why */", "/*! whose */a{b:c}"),
        (r".lead\:x{a:b}.text{a:url(data:,.gone)}", ".text{a:url(data:,.gone)}"),
    ],
)
def test_rules_stay_whose_classes_are_shown(style, left):
    assert met(style, Shown(PAGES, SCRIPTS)) == (style if left is ... else left)
