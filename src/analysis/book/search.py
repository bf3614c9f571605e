"""The search finds what people type: CO2 for CO₂, and ae, oe, ue for umlauts. That ss stands for ß,
and a for ä, the stems of words see to. What is printed comes before what is there to look things
up in.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

from sphinx.search.de import SearchGerman
from sphinx.search.en import SearchEnglish

from analysis import paths
from analysis.book.settings import read_printed
from analysis.patches.pages import english_stemmer

# As Sphinx splits a query, in the form that the index has; a word that more pages have with umlauts
# is looked for with them. In Mauer, neu and Quelle ue is none.
SPLITTER = r"""
var splitQuery = (query) => {
  const umlauts = { ae: "ä", oe: "ö", ue: "ü" };
  const stem = (word) => new Stemmer().stemWord(word.toLowerCase());
  const pages = (word) => [Search._index?.terms[stem(word)] ?? []].flat().length;
  return query
    .normalize("NFKC")
    .split(/[^\p{Letter}\p{Number}_\p{Emoji_Presentation}]+/gu)
    .filter((word) => word)
    .map((word) => {
      const other = word.toLowerCase().replace(/ae|oe|(?<![aeq])ue/g, (pair) => umlauts[pair]);
      return pages(other) > pages(word) ? other : word;
    });
};
"""


class _Folded:
    """A language of the search in which a letter is one letter, however it is set."""

    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:  # noqa: A002 (Sphinx calls it so)
        return super().split(unicodedata.normalize("NFKC", input))


class German(_Folded, SearchGerman):
    """German, as Sphinx has it otherwise."""


class English(_Folded, SearchEnglish):
    """English; stems are the same in the index and in the browser, as those of Sphinx 7.4 are not:
    the one has no words of two letters.
    """

    js_stemmer_code = english_stemmer()

    def stem(self, word: str) -> str:
        return super().stem(word) if len(word) > 2 else word.lower()


def register(app) -> None:
    """Puts them in the place of Sphinx's own, tells the search which pages come last, and says what
    it finds in the words of the edition.
    """
    app.add_search_language(German)
    app.add_search_language(English)

    def tell(_app, page: str, _template: str, context: dict, _doctree) -> None:
        if page == "search":
            contents, language = paths.book() / "_toc.yml", app.config.study_language
            printed = {name for _, name in read_printed(contents, language, Path(app.srcdir))}
            context["study_last"] = sorted(map(quote, app.env.found_docs - printed))

    def find_words(app, config) -> None:
        # Sphinx 7.4 looks for the words of its search from wherever it was started.
        config.locale_dirs = [str(Path(app.srcdir, folder)) for folder in config.locale_dirs]

    app.connect("html-page-context", tell)
    app.connect("config-inited", find_words)
