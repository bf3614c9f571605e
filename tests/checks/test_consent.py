"""What was promised to people is kept: nothing that identifies somebody who did not agree to be
named, no addresses of anybody.
"""

import pytest

from analysis.checks.consent import ADDRESSES, IDENTIFYING, identifying

CONTACTS = {
    "Mehr weiß erna.muster@clausee.example": "an e-mail address",
    "erna.muster (at) clausee.example": "an e-mail address",
    "muster[at]clausee[dot]example": "an e-mail address",
    "Anruf unter 0214 406-1234": "a telephone number",
    "+49 (0)214 4061234": "a telephone number",
    "Tel. (0214) 406 12 34": "a telephone number",
    "0049 214 4061234": "a telephone number",
    "0171/1234567": "a telephone number",
}
NAMES = {
    "Frau Muster sagte das.": "a title with a name",
    "Das sagte Herr Dr. E. Muster.": "a title with a name",
    "laut Dr. Muster": "a title with a name",
    "Prof. Dr.-Ing. Muster": "a title with a name",
    "Ms Muster said so.": "a title with a name",
    "Mrs. O’Muster": "a title with a name",
    "Dipl.-Ing. Erna Muster": "a title with a name",
    "wohnt Seestraße 12a": "a postal address",
    "Am Markt 3, 99999 Clausee": "a postal address",
    "12 Lake Street": "a postal address",
    "siehe https://clausee.example/muster": "an address on the web",
    "www.clausee.example": "an address on the web",
    "auf LinkedIn": "an address on the web",
    "@erna_muster": "an address on the web",
}
HARMLESS = [
    "Frauen und Herren",
    "Jede Frau kann kommen.",
    "2021-03/2021-04",
    "am 01.03.2021 und 2019/2021",
    "Drucksache 18/3870, Vorlage 0010/004-02",
    "0,125 bis 0.5 Prozent",
    "12500 Tonnen in 2030",
    "von 1990 bis 2020 – 40 Prozent",
    "Die Straßen der Stadt",
    "5 000 000 000 Euro",
    "+10.000.000 Euro",
    "um +1 500 000 t, +20 000–30 000 t",
    "+100 000 000 €",
    "07/2018–09/2019",
    "I. Runde",
    "Draft Mr",
]


@pytest.mark.parametrize(("text", "what"), (CONTACTS | NAMES).items())
def test_what_leads_to_a_person_is_seen(text, what):
    assert identifying(text, IDENTIFYING) == what
    assert identifying(text, ADDRESSES) == (what if text in CONTACTS else None)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_leads_to_nobody_is_not(text):
    assert identifying(text, IDENTIFYING) is None


# Places that rest on the interview in Clausee, which is anonymous, and the same of other
# interviews.
ANONYMOUS = [
    ("coding/units.csv", 9, "gist_de"),
    ("coding/units.csv", 9, "gist_en"),
    ("coding/adjudication.csv", 6, "reason_de"),
    ("study/prospects.csv", 3, "label_de"),
    ("study/prospects.csv", 4, "description_en"),
    ("study/municipalities.csv", 4, "label_en"),
]
OTHERS = [
    ("coding/units.csv", 2, "gist_de"),
    ("coding/units.csv", 4, "gist_en"),
    ("study/actors.csv", 2, "label_de"),
    ("study/prospects.csv", 2, "label_de"),
]


@pytest.mark.parametrize("what", ["Frau Muster", "Seestraße 12", "https://clausee.example/muster"])
def test_every_free_text_that_rests_on_an_anonymous_interview_is_looked_through(mini, what):
    for place in [*ANONYMOUS, *OTHERS]:
        mini.put(*place, what)
    problems = mini.problems()
    named = {problem.partition(": ")[0] for problem in problems}
    assert named == {f"{file}, row {row}, column {column}" for file, row, column in ANONYMOUS}
    assert not any("Muster" in problem or "Seestraße" in problem for problem in problems)


def test_addresses_are_named_wherever_they_stand_without_being_repeated(mini):
    for place in [
        *ANONYMOUS,
        *OTHERS,
        ("study/organisations.csv", 2, "note_de"),
        ("context/items.csv", 2, "description_de"),
    ]:
        mini.put(*place, "Mehr weiß erna.muster@clausee.example")
    book = mini.raw / "coding/codebook.yml"
    book.write_text(
        book.read_text("utf-8").replace(
            "de: Was bei Hitze fehlt", "de: Fragen an erna.muster@clausee.example", 1
        ),
        "utf-8",
    )
    problems = mini.problems()
    assert len(problems) == len(ANONYMOUS) + len(OTHERS) + 2 + (
        "erna.muster" in book.read_text("utf-8")
    )
    assert not any("erna.muster" in problem for problem in problems)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("clausee", True),
        ("clausee-2", True),
        ("i03", True),
        ("interview-3", True),
        ("erna-muster", False),
    ],
)
def test_the_id_of_an_anonymous_interview_is_no_name(mini, name, kept):
    mini.put("study/interviews.csv", 4, "interview_id", name)
    expected = "study/interviews.csv, row 4, column interview_id: may be the name of somebody who did not agree to be named; expected"
    assert [problem.startswith(expected) for problem in mini.problems()] == ([] if kept else [True])


def test_a_statement_without_its_interview_is_refused(mini):
    path = mini.raw / "study/interviews.csv"
    path.write_text(
        "".join(
            line
            for line in path.read_text("utf-8").splitlines(keepends=True)
            if not line.startswith("clausee")
        ),
        "utf-8",
    )
    rows = [9, 10]
    assert mini.problems() == [
        f"coding/units.csv, row {row}, column municipality_id: there is no interview in 'clausee'; "
        "expected a row for it in study/interviews.csv"
        for row in rows
    ]
