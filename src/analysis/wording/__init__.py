"""Every word, number and date in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from babel import localedata
from babel.core import Locale
from babel.dates import get_month_names
from babel.numbers import format_decimal

from analysis import paths
from analysis.files.textfile import at, texts
from analysis.files.yamlfile import WordingError
from analysis.studyfile import LANGUAGE, known_languages, read_about

ENGLISH = "en"  # what is spoken in code, by programs, and in the abstract of a citation
MILLION = 1_000_000  # counts and amounts of money from here on are written in millions, if they
THOUSAND = 1_000  # are so many of these, so that three decimals tell all of them
CENTS = 2  # decimals of hourly wages
DIGITS = 15  # that every number keeps; what is behind them comes of computing
DECIMALS = 3  # at most, of a number that is not told how many it has
FEW = 4  # so many names stand in a sentence at most
# A part of a passage: a mark with its number, or the place where it begins.
PART = re.compile(r"(?P<mark>¶|b|q|s|fn|fig|[pSlZ]\.) ?(?P<n>\d[\d–-]*)|(?P<place>\S+)")
MARKS = {"p.": "p", "S.": "p", "l.": "l", "Z.": "l"}  # page and line, as either language marks them


class Numeral(str):
    """A number of things as a sentence has it; `{n:goals}` in a text is it with its noun, in the
    plural form of `goals` for that number.
    """

    def __new__(cls, written: str, counted: Callable[[str], str]):
        numeral = super().__new__(cls, written)
        numeral.counted = counted
        return numeral

    def __format__(self, things: str) -> str:
        return self.counted(things) if things else str(self)


class Wording:
    """Texts and formats of one language; `topic` names the file of texts looked up first.

    >>> Wording("de").quantity(3.5, "Mt/a")
    '3,5 Millionen Tonnen'
    """

    def __init__(self, language: str, topic: str = "common"):
        self.language = language
        self.topic = topic
        self.locale = Locale.parse(language)
        self._read: dict[str, dict] = {}

    def _texts(self, topic: str) -> dict[str, dict[str, str]]:
        """The texts of a topic, looked for once: a page asks for the same thousands of times."""
        if topic not in self._read:
            self._read[topic] = texts(topic)
        return self._read[topic]

    def __call__(self, key: str, /, **values) -> str:
        """The text `key` from the topic's file, else from common.yml or pages.yml, with `values`
        filled in.

        Raises KeyError if the text, or its version in this language, is missing;
        WordingError if a value is.
        """
        for topic in (self.topic, "common", "pages"):
            entry = self._texts(topic).get(key)
            if entry is not None:
                break
        else:
            raise KeyError(f"no text {key!r} in wording/{self.topic}.yml or wording/common.yml")
        if self.language not in entry:
            raise KeyError(
                f"the text {key!r} in {paths.shown(entry.file)} has no version in {self.language!r}"
            )
        try:
            return _one_stop(entry[self.language], values).format(**values).strip()
        except (LookupError, ValueError, AttributeError, TypeError) as error:
            place = at(entry.file, entry.lines[self.language])
            wrong = f"{place}: the text {key!r} cannot be filled in ({error})"
            raise WordingError(
                f"{wrong}; expected {{}} around {', '.join(values) or 'nothing'}, as that is all "
                "it is given"
            ) from error

    def __contains__(self, key: str) -> bool:
        """Whether the topic's file or common.yml has a text of that name."""
        # Notebooks ask, and would depend on pages.yml if it were looked into for what is nowhere;
        # `known` is for pages.
        return any(key in self._texts(topic) for topic in (self.topic, "common"))

    def known(self, key: str, other: str) -> str:
        """The text `key`; `other` where there is none, as of a table that only one study has."""
        return self(key) if key in self or key in self._texts("pages") else other

    def count(self, key: str, n: int, /, **values) -> str:
        """The text `key.one`, `key.other` or whichever plural form the language has for `n`, with
        `n` in words where it has one and `number` in digits; `key.zero` for nothing, if there is
        such a text.
        """
        form = self.locale.plural_form(n)
        if not n and f"{key}.zero" in self:
            form = "zero"
        return self(f"{key}.{form}", n=self.numeral(n), number=self.number(n), **values)

    def in_form(self, key: str, n: float) -> str:
        """The key of the plural form that the language has for `n`, such as `key.one`; `key` itself
        where there is no such text, or no number.
        """
        form = "" if _is_missing(n) else f"{key}.{self.locale.plural_form(n)}"
        return form if form in self else key

    def numeral(self, n: int) -> Numeral:
        """A number of things in a sentence: in words up to twelve."""
        is_word = f"numeral.{n}" in self._texts("common")
        written = self(f"numeral.{n}") if is_word else self.number(n)
        return Numeral(written, lambda things: self.count(things, n))

    def text(self, row, stem: str) -> str:
        """The column `stem_<language>` of a row; empty where the cell is."""
        text = row[f"{stem}_{self.language}"]
        return "" if _is_missing(text) else str(text)

    def column(self, stem: str) -> str:
        """The name of the column that holds `stem` in this language."""
        return f"{stem}_{self.language}"

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number as this language writes it: 3,5 and 5.000 in German, with a minus and no hyphen;
        years are not numbers. One too small for its decimals is not written as nothing: 0,00043.
        """
        if decimals is None:
            pattern = "#,##0.###"
        else:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        if value and not round(value, DECIMALS if decimals is None else decimals):
            pattern = "@##"
        return format_decimal(value, format=pattern, locale=self.locale).replace("-", "−")

    def stated(self, value: float, least: int = 0) -> str:
        """A number with all decimals that it has, at least so many; of one that was computed those
        that mean something.
        """
        digits = Decimal(f"{value:.{DIGITS}g}").normalize()
        return self.number(value, max(least, -digits.as_tuple().exponent))

    def quantity(self, value, unit: str, qualifier=None, *, short: bool = False) -> str:
        """A number with qualifier and unit, in a sentence or, with `short`, in a figure.

        Things that are counted get no unit word: the sentence around them inflects it.
        """
        key = self.in_form(f"unit.{unit}.{'short' if short else 'long'}", value)
        entry = self._texts("common").get(key)  # as it is, with its blank in front
        amount = self.amount(value, unit, qualifier, short=short)
        return (amount + (entry[self.language] if entry else "")).strip()

    def amount(self, value, unit: str, qualifier=None, *, short: bool = False) -> str:
        """The number of a quantity with its qualifier, without its unit."""
        qualifier = None if _is_missing(qualifier) else qualifier
        style = "short" if short else "long"
        if unit == "year" and f"date.{qualifier}" in self._texts("common"):
            return self.date(f"{value:.0f}", qualifier, short=short)
        if unit == "year" and (key := f"qualifier.{qualifier}.year") in self._texts("common"):
            sign = self(f"qualifier.{qualifier}.{style}")  # of one letter means the same of a year
            return f"{sign} {value:.0f}" if len(sign) == 1 else self(key, date=f"{value:.0f}")
        if _is_missing(value):
            shown = ""
        elif unit == "thirds":
            shown = self(f"thirds.{style}.{value:.0f}")
        elif unit in ("year", "ordinal"):
            shown = f"{value:.0f}"
        elif unit in ("count", "EUR") and value >= MILLION and not value % THOUSAND:
            key = self.in_form(f"millions.{style}", value / MILLION)
            shown = self(key, n=self.number(value / MILLION))
        else:
            shown = self.stated(value, CENTS if unit == "EUR/h" and value % 1 else 0)
        return f"{self(f'qualifier.{qualifier}.{style}')} {shown}".strip() if qualifier else shown

    def date(self, date: str, qualifier=None, *, short: bool = False) -> str:
        """A year, month or span (`2021-10/2021-11`) in words, with its qualifier, under which it
        may be two beginnings and no span.
        """
        qualifier = None if _is_missing(qualifier) else qualifier
        parts = [self._month(part, short) for part in date.split("/")]
        if len(parts) == 2 and date[:4] == date.split("/")[1][:4] and "-" in date:
            parts[0] = parts[0].removesuffix(date[:4]).strip()
        shown = "–".join(parts)
        century = re.fullmatch(r"(\d\d)00/\1(99)", date)
        if century:
            number = int(century.group(1)) + 1
            form = f"century.{self.locale.ordinal_form(number)}"
            shown = self(form if form in self else "century", number=number)
            qualifier = f"{qualifier}.century" if qualifier else None
        elif len(parts) == 2 and (two := f"date.{qualifier}.two") in self._texts("common"):
            return self(two, first=parts[0], second=parts[1])
        return self(f"date.{qualifier}", date=shown) if qualifier else shown

    def _month(self, date: str, short: bool) -> str:
        year, *month = date.split("-")
        if not month:
            return year
        names = get_month_names(
            "abbreviated" if short else "wide", context="format", locale=self.locale
        )
        return f"{names[int(month[0])]} {year}"

    def listing(self, items, last: str = "and") -> str:
        """Several things in a sentence: a, b and c, or what `last` names before the last one;
        nothing of none.
        """
        items = list(map(str, items))
        return (
            "".join(items)
            if len(items) < 2
            else f"{', '.join(items[:-1])} {self(last)} {items[-1]}"
        )

    def few(self, names, things: str) -> str:
        """Names in a sentence or, where they are too many for one, how many `things` they are."""
        names = list(names)
        return self.listing(names) if len(names) <= FEW else self.count(things, len(names))

    def locator(self, locator: str) -> str:
        """A passage in words: `4.1.1 ¶2 s1 fn1` is Abschnitt 4.1.1, Absatz 2, Satz 1, Fußnote 1;
        several one after the other; that there is none if the cell is empty.
        """
        if _is_missing(locator):
            return self("locator.none")
        return "; ".join(map(self._passage, locator.split(";")))

    def _passage(self, locator: str) -> str:
        shown = []
        for part in PART.finditer(locator):
            mark, n, place = part["mark"], part["n"], part["place"]
            key = MARKS.get(mark, mark) or (place if place[0].isalpha() else "section")
            key = "time" if place and ":" in place else key
            several = f"{key}.several"
            number = (n or place).replace("-", "–")
            key = several if "–" in number and f"locator.{several}" in self else key
            shown.append(self(f"locator.{key}", n=number))
        return ", ".join(shown)


def _one_stop(text: str, values: dict) -> str:
    """A text without the full stops that are behind a value which ends in one, as an abbreviation
    does.
    """
    for name, value in values.items():
        if isinstance(value, str) and value.endswith("."):
            text = text.replace(f"{{{name}}}.", f"{{{name}}}")
    return text


def place_of(locator: str) -> str:
    """The first part of a passage: its section or, in a transcript, its page, line, time or
    paragraph; an empty cell stays one.
    """
    return locator if _is_missing(locator) else PART.search(locator).group()


def _is_missing(cell) -> bool:
    import pandas as pd  # loaded late: to plan a build takes the languages, but no table

    return pd.isna(cell)


def capitalised(text: str) -> str:
    """The text as it begins a cell or a sentence."""
    return text[:1].upper() + text[1:]


def marked(language: str) -> str:
    """The attributes of HTML in a language: also which way it is written, if not from the left."""
    return " ".join(f'{name}="{value}"' for name, value in attributes(language).items())


def attributes(language: str) -> dict[str, str]:
    """The same by name."""
    is_other = Locale.parse(language).text_direction == "rtl"
    return {"lang": language} | ({"dir": "rtl"} if is_other else {})


# Those of the study, in which its tables must have texts, as they are when a process begins: each
# kernel is one, and is told its study first.
LANGUAGES = tuple(
    known for known in known_languages() if known in (read_about().languages or known_languages())
)


def other_language(key: str) -> str:
    """Says that a text is in a language that the study does not have, if its key is one's."""
    if not (LANGUAGE.fullmatch(key) and localedata.exists(key)) or key in LANGUAGES:
        return ""
    has = ", ".join(LANGUAGES)
    return f", in a language that the study does not have (languages in study.yml: {has})"
