"""A text in Markdown is called by its first heading, whichever way that is written."""

import pytest

from analysis.files.markdown import first_heading

TEXTS = {
    "# Title \n\n## Part": "Title",
    "Words.\n\n## Part\n\n# Title": "Part",
    "(label)=\nTitle\n=====\n": "Title",
    "Part\n---": "Part",
    "---\nnosearch: true\n---\n(label)=\n# Title\n": "Title",
    "#hash\n\nWords.\n": "",
    "": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_the_first_heading_of_a_text_is_found(text):
    assert first_heading(text) == TEXTS[text]
