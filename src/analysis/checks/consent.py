"""Checks what was promised to people: who did not agree is not named, and nobody can be called.

No free text may hold an e-mail address, a telephone number or a bank account. A row that rests on
an anonymous interview may hold nothing either that leads to a person: a form of address, degree or
office with a name, a street with a number, a postcode with a town, an address on the web.

The check knows forms, not people. It does not see a name without a title (Erna Muster), where
somebody works, or whom the words "the only woman on the council" mean: whoever codes an interview
leaves these out. Nor can it tell every noun from a name ("dass der Minister Besuche plant"): what
it takes for one by mistake can be put in other words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from analysis.checks.resting import leading, resting
from analysis.problems import Problems
from analysis.tables import RAW
from analysis.tables.coding import QUOTED
from analysis.tables.columns import filled, parts

Tables = dict[str, pd.DataFrame]

# What becomes of a statement by its consent.
SHOWING = {"quote": "shown", "paraphrase": "shown", "aggregate": "counted", "none": "left out"}

# What refers to a statement; and the tables in which statements are told, in columns that begin so.
STATEMENTS = ("units.unit_id", "all_units.unit_id")
TOLD = {"units": "gist_", "summaries": "text_"}

# All patterns are for texts with one kind of blank, dash, letter and digit: see `_simple`.
CAPITAL = "".join(filter(str.isupper, map(chr, range(0x2000))))  # Latin, Greek and Cyrillic
WORD = rf"[{CAPITAL}][\w’'-]+(?![\w’'-])"

DOT = r"(?:\.| ?[\[({<] ?(?:dot|punkt|\.) ?[\])}>] ?| (?:dot|punkt) )"
MAIL = (
    rf"\w(?: ?@ ?| ?[\[({{<] ?(?:at|ät|@) ?[\])}}>] ?)(?:[\w-]+{DOT})+[^\W\d_]{{2,}}"
    rf"|\w at [\w-]+ (?:dot|punkt) \w|\w (?-i:AT) (?:[\w-]+{DOT})+[^\W\d_]{{2,}}"
)
# In Germany an area code, a mark, and a number that does not begin with 0, or all of it at one
# stretch; if the code is in groups, a mark that is no blank ends it. Abroad + or 00 and a country
# before eight digits or, at one stretch, ten. And whatever is called a telephone number.
AREA = r"0(?:[2-9]\d|1[35-9]\d)"
DIGIT = r"(?:[ /.()-]{0,3}\d)"
TELEPHONE = (
    rf"(?<![\w/.,-])\(?(?:{AREA}\d{{0,3}}[ )/.-]{{1,3}}[1-9]{DIGIT}{{2,}}|{AREA}\d{{6,}}"
    rf"|(?:0 [2-9]\d|0[2-9] \d\d?)(?: \d\d?){{0,2}} ?[)/-] ?[1-9]{DIGIT}{{2,}}"
    rf"|(?:\+ ?(?=\d{{1,4}}[ /.()-]|\d{{10}})|00(?=1[2-9]|[2-9]\d))[1-9]{DIGIT}{{7,}})"
    r"|\b(?:tel|telefon|telephone|phone|mobile|handy|durchwahl|(?:tele)?fax)\b[ .:-]{0,3}"
    rf"(?:(?:nr|nummer|no|number)[ .:]{{0,2}})?[(+]{{0,2}}\d{DIGIT}{{4,}}"
)
# What leads to a person wherever it stands.
ADDRESSES = {
    "a bank account": re.compile(
        r"\b[A-Z]{2}\d\d(?:[ -]?[A-Z]{4})?(?:[ -]?\d{4}){3,}", re.IGNORECASE
    ),
    "an e-mail address": re.compile(MAIL, re.IGNORECASE),
    "a telephone number": re.compile(TELEPHONE, re.IGNORECASE),
}
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:0[1-9]|1[0-2]|[1-9])"
ANY_DIGIT = re.compile(r"\d")
# What looks like a number to call, but is a date, the key of a municipality, a reference to a
# document, or an amount that has grown: +10.000.000.
PLAIN = re.compile(
    rf"(?<!\d){DAY}[. /-] ?{MONTH}[. /-] ?(?:19|20)\d\d(?!\d)|(?<!\d){DAY}\.{MONTH}\.\d\d(?!\d)"
    rf"|(?<!\d)(?:19|20)\d\d-{MONTH}(?:-{DAY})?(?!\d)"
    r"|(?<![\d+(/.-])0\d(?:\d{6}(?![/-]?\d)| \d \d\d \d{3}(?: \d{2,4})*(?!\d))"
    r"|\b(?:Az|Aktenzeichen|Drs|Drucksachen?|Vorlagen?|A[GR]S|\w+schlüssel|IS[BS]N|DOI|HR[AB])\b"
    r"(?:[ .:-]|Nr\b)*(?:[A-Z]{1,3} ?)?\d[\dA-Z/. -]*"
    r"|\+ ?[1-9]\d{0,2}(?:(?:[. ]\d{3}){1,2}(?![ ./-]?\d)|(?:[. ]\d{3})*[. ]000(?!\d))"
    r"|\+ ?[1-9]\d*000(?!\d)"
)

ADDRESSED = (
    r"(?:Frau|FRAU|Fr(?=\.)|Herrn?|HERRN?|Hrn?(?=\.)|Fräulein|Familie|Fam(?=\.)|Eheleute|Mrs|Mr|Ms"
    r"|Miss|Mx|Sir|Madame?|Mme|Mlle|Monsieur|Señora?|Signora?"
    rf"|(?:Prof|Dr|Dipl|PD|Ing|rer|nat|phil|med|jur|habil|h\. ?c|Mag(?=\.))\.?"
    rf"(?:-[{CAPITAL}]\w*\.)?)(?!\w)\.?"
)
OFFICE = (
    rf"(?:(?=[{CAPITAL}])(?i:\w*(?:bürgermeister|minister|präsident|kanzler|direktor|sekretär"
    r"|senator|dezernent|professor|doktor|vorsitzende|(?:ab|bei)geordnete|beauftragte|kolleg"
    r"|kämmer|(?:land|bau)r[aä]t|\wleiter|führer|sprecher))(?:in|e[rns]?|[rns])?"
    r"|Lord Mayor|Mayor|Councillor|Chairman|Chairwoman)(?!\w)"
)
TITLE = rf"(?:{ADDRESSED}|{OFFICE})"
INITIALS = rf"(?:[{CAPITAL}]\.[ -]?)*"
# Not `von` alone, which after an office leads to a place.
PARTICLE = (
    r"(?:(?:von|van|de|v\.) (?:der|den|dem|de|la|las|los|und zu|zu|het|'t)|van|de|di|da|du|del"
    r"|della|dos|la|le|el|al|ten|ter|bin|ibn|af|av) "
)
# A firm may bear a title (Dr. Oetker GmbH), and a clause go on with a noun (if a woman has doubts).
FIRM = r"(?:g?GmbH|AG|KG|KGaA|SE|OHG|e\. ?V\.|Stiftung|Gruppe|Group|Holding|Konzern|Ltd|Inc)(?!\w)"
NAME = (
    rf"(?:[dDlL]['’])?(?!{TITLE}|[\w-]*-{FIRM})"
    rf"(?!\w{{5,}}(?:ung|heit|keit|schaft|tion|tät)(?:en)?(?!\w)){WORD}"
    rf"(?!(?: (?:[{CAPITAL}&+][\w-]*|und|and)){{0,3}} {FIRM})"
)
PERSON = (
    rf"\b(?:{OFFICE} )?{ADDRESSED}(?: ?{TITLE})* ?{INITIALS}"
    rf"(?:{PARTICLE}|(?:von|v\.|zu(?! Hause)) )?{NAME}"
    rf"|\b{OFFICE} {INITIALS}(?:{PARTICLE})?(?![{CAPITAL}]{{2}}){NAME}"
)

# An office that one person has, without the name.
ONE_OFFICE = re.compile(rf"\b(?i:der|des|dem|eine?[rms]?|the|an?|die(?= \w+in\b)) {OFFICE}")

NUMBER = (  # of a house: 12, 12a; no year, rank or length
    r"(?:Nr\. ?)?[1-9]\d{0,2}(?: ?[a-zA-Z])?"
    r"(?![\w%]|[.,]\d| ?(?:[€%]|[ckm]?m\b|ha\b|t\b|Prozent|Euro|Mi[ol]))"
)
WAY = r"(?i:straße|strasse|str\.?|weg|platz|allee|gasse|ring|ufer|damm|chaussee)"
PLACE = (
    r"(?i:markt|linden|hafen|bahnhof|kirche|rathaus|mühle|berg|feld|wald|bach|hof|teich|see|park"
    r"|brücke|tor|anger|graben|wall|kamp|heide|aue?|höhe|winkel|g[aä]rten|hang|busch|eck"
    r"|ufer|dorf)"
)
COUNTED = (  # what follows an amount of five digits, and no postcode
    r"(?i:\w*(?:euro|dollar|mark|tonnen?|menschen|personen|leute|wohner|bürger|kunden|besucher"
    r"|nutzer|arbeiter|nehmer|beschäftigten?|stellen|plätzen?|jobs|kinder|schüler|jahren?|tagen?"
    r"|stunden|meter|hektar|liter|gramm|watt|häuser|gebäuden?|haushalten?|betrieben?|unternehmen"
    r"|anlagen|fahrzeugen?|autos|pkw|lkw|bäumen?|stimmen|stück|fällen?|exemplaren?"
    r"|ungen|innen|[hk]eiten|tionen))(?!\w)"
)
POSTAL = (
    rf"\b(?!(?:Arbeits|Listen|Tabellen)platz|Lösungsweg)[{CAPITAL}][\w.-]*{WAY} ?{NUMBER}"
    rf"|\b[{CAPITAL}][\w-]+(?:e|er|en) (?=[{CAPITAL}]){WAY} ?{NUMBER}"
    rf"|\b(?=[{CAPITAL}]){WAY} de[rs] (?:[\w.-]+ ){{1,2}}{NUMBER}"
    rf"|\b(?:Am|Im|Zum|Zur|(?:An|Auf|Unter|In|Hinter|Vor|Bei) de[mnr]) (?:[{CAPITAL}]\w+ )?"
    rf"(?=[{CAPITAL}])\w*{PLACE} {NUMBER}"
    rf"|\b\d+ {WORD} (?:Street|St\.|Road|Rd\.|Avenue|Lane|Square)(?!\w)"
    rf"|\bD[- ]\d{{5}}(?!\d)|\bPostfach \d"
    rf"|(?<![\w./,+-])\d{{3}}(?:(?<=, \d{{3}})|(?!00))\d\d (?!{COUNTED}){WORD}"
)
WEB = (
    r"https?://|\bwww\.|\b(?:linkedin|xing|facebook|instagram|twitter|mastodon)\b|(?<!\w)@\w{2,}"
    r"|\w[\w-]+\.(?-i:de|com|org|net|eu|info|at|ch|fr|nl|uk|nrw|ruhr|koeln|berlin|example)(?!\w)"
)
# What leads to a person in a statement of somebody who is not to be known.
IDENTIFYING = ADDRESSES | {
    "a title with a name": re.compile(PERSON),
    "a postal address": re.compile(POSTAL),
    "an address on the web": re.compile(WEB, re.IGNORECASE),
}


def check(tables: Tables, problems: Problems) -> None:
    """Names every cell that breaks a promise, without repeating what stands there."""
    interviews = tables["interviews"]
    _functions(interviews, problems)
    _quotations(tables, problems)
    _alike(tables, problems)
    anonymous = interviews[interviews["consent"].eq("anonymous")]
    alone = anonymous[~anonymous.duplicated(["municipality_id", "period"], keep=False)]
    leads = leading(tables, anonymous)
    _combinations(tables, leads if alone.equals(anonymous) else leading(tables, alone), problems)
    for name in [name for name in RAW if name in tables]:
        for column in [column for column, field in RAW[name].columns.items() if field.is_free_text]:
            for row, text in filled(tables[name][column]):
                is_silent = row in leads[name]
                if what := identifying(text, IDENTIFYING if is_silent else ADDRESSES):
                    whose = (
                        "in a row of somebody who did not agree to be named"
                        if is_silent
                        else "in a table that is published"
                    )
                    wrong = f"holds what looks like {what}, {whose}"
                    problems.add(RAW[name].file, row, column, wrong, "a text that leads to nobody")


def identifying(text: str, marks: dict[str, re.Pattern]) -> str | None:
    """What in a text leads to a person, in words; None if nothing does."""
    rest = _simple(text)
    if ANY_DIGIT.search(rest):  # which all that is plain has, and few texts have
        rest = PLAIN.sub(" ", rest)
    return next((what for what, mark in marks.items() if mark.search(rest)), None)


def _simple(text: str) -> str:
    """The text with one kind of blank and dash, and signs of any width as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(PLAIN_MARKS).split())


class _Plain(dict):
    """For each sign, by its number, the one that stands for it; found when first asked for."""

    def __missing__(self, number: int) -> str:
        mark = chr(number)
        kind = unicodedata.category(mark)
        self[number] = "-" if mark == "−" or kind == "Pd" else "" if kind == "Cf" else mark
        return self[number]


PLAIN_MARKS = _Plain()


def _quotations(tables: Tables, problems: Problems) -> None:
    """Words may be quoted only where somebody agreed to it, wherever statements are spoken of; what
    codes are called are no words of theirs.
    """
    if "units" not in tables:
        return
    consent = tables["units"].dropna(subset="unit_id").set_index("unit_id")["consent"].to_dict()
    label = _label(tables)
    for name, of, columns in _speaking(tables):
        frame = tables[name]
        given = frame[of].map(lambda cell: {consent.get(each, "quote") for each in parts(cell)})
        for column in columns:
            for row, text in frame.loc[[*map(_is_unquoted, given)], column].dropna().items():
                if QUOTED.search(text if name in TOLD else label.sub("", text)):
                    said = " and ".join(f"`{each}`" for each in sorted(map(str, given[row])))
                    wrong = f"quotes words, and the consent is {said}"
                    expected = "other words, or the consent `quote`"
                    problems.add(RAW[name].file, row, column, wrong, expected)


def _speaking(tables: Tables) -> Iterator[tuple[str, str, list[str]]]:
    """The tables that say something of statements: by which column, and in which ones."""
    for name in [name for name in RAW if name in tables]:
        fields = RAW[name].columns
        columns = [column for column in tables[name] if column in fields]
        free = [column for column in columns if fields[column].is_free_text]
        if name in TOLD:
            free = [column for column in free if column.startswith(TOLD[name])]
        of = [column for column in columns if fields[column].refers in STATEMENTS]
        for column in ["unit_id"] if name == "units" else of:
            yield name, column, free


def _label(tables: Tables) -> re.Pattern:
    """What finds labels of codes and dimensions in quotation marks."""
    frames = [tables[name] for name in ("dimensions", "codes") if name in tables]
    labels = {
        re.escape(label)
        for frame in frames
        for column in frame
        if column.startswith("label_")
        for _, label in filled(frame[column])
    }
    marks = "[„“”‟«»‹›‚‘’‛「」\"']"
    return re.compile(rf"{marks}(?:{'|'.join(sorted(labels))}){marks}", re.IGNORECASE)


def _is_unquoted(consents: set[str]) -> bool:
    return bool(consents) and "quote" not in consents


def _alike(tables: Tables, problems: Problems) -> None:
    """What one row of a statement shows, another of the same statement cannot keep to itself."""
    if "units" not in tables:
        return
    interviews, units = tables["interviews"], tables["units"]
    left = units[~resting(units, interviews[interviews["consent"].eq("withdrawn")])]
    known = left[left["consent"].isin(SHOWING)].dropna(subset="statement_id")
    first: dict[str, int] = {}
    for row, statement, consent in known[["statement_id", "consent"]].itertuples():
        other = first.setdefault(statement, row)
        said = known.at[other, "consent"]
        if SHOWING[consent] != SHOWING[said]:
            wrong = f"`{consent}`, but `{said}` in row {other} of the same statement, {statement}"
            expected = "a statement that is shown, only counts or is not used in all of its rows"
            problems.add(RAW["units"].file, row, "consent", wrong, expected)


def _combinations(tables: Tables, leads: dict[str, set[int]], problems: Problems) -> None:
    """Notes where an office is told of an anonymous interview of whose place and time there is no
    other: the three together may lead to one person.

    leads: by table, the rows that lead to such an interview.
    """
    for name in [name for name in RAW if name in tables and leads[name]]:
        for column in [column for column, field in RAW[name].columns.items() if field.is_free_text]:
            leading_there = tables[name].loc[sorted(leads[name]), column]
            for row in [row for row, text in filled(leading_there) if ONE_OFFICE.search(text)]:
                problems.notice(
                    RAW[name].file,
                    f"row {row}, column {column}: an office; with place and time of an anonymous "
                    "interview, the only one of both, it may tell who was asked",
                )


def _functions(interviews: pd.DataFrame, problems: Problems) -> None:
    file = RAW["interviews"].file
    for row, interview in interviews.iterrows():
        for column in interviews.columns[interviews.columns.str.startswith("function_")]:
            if interview["consent"] == "anonymous" and pd.notna(interview[column]):
                problems.add(
                    file, row, column, "the function of an anonymous person", "an empty cell"
                )
            if interview["consent"] == "named" and pd.isna(interview[column]):
                problems.add(
                    file, row, column, "the cell is empty", "the function, as consent is named"
                )


def check_ids(interviews: pd.DataFrame, problems: Problems) -> None:
    """An id is published too; that of an anonymous interview is its municipality, or a
    letter or two, with a number.

    interviews: as they were written, as those without a municipality are made one later.
    """
    silent = interviews[interviews["consent"].eq("anonymous") & interviews["interview_id"].notna()]
    for row, interview in silent.iterrows():
        place = re.escape(str(interview["municipality_id"]))
        if not re.fullmatch(
            rf"(?:{place}|interview|[a-z]{{1,2}})[-_.]?[0-9]*", interview["interview_id"]
        ):
            wrong = "may be the name of somebody who did not agree to be named"
            problems.add(
                RAW["interviews"].file,
                row,
                "interview_id",
                wrong,
                "the municipality's id, or one such as i01 or interview-1",
            )
