"""What was promised to people is kept: nothing that identifies somebody who did not agree to be
named, no addresses of anybody.
"""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.checks import resting
from analysis.checks.consent import ADDRESSES, IDENTIFYING, identifying
from analysis.checks.resting import covered, leading
from analysis.tables import RAW, Table
from analysis.tables.coding import QUOTED
from analysis.tables.columns import key, ref, text
from analysis.tables.findings import ROWS

MAILS = [
    "Mehr weiß erna.muster@clausee.example", "erna＠clausee.example", "erna @ clausee.example",
    "erna.muster (at) clausee.example", "muster[at]clausee[dot]example",
    "muster [at] clausee.example",
    "muster {ät} clausee (punkt) example", "muster AT clausee.example",
    "muster AT clausee DOT example", "muster at clausee dot example",
]  # fmt: skip
TELEPHONES = [
    "Anruf unter 0214 406-1234", "+49 (0)214 4061234", "+49 214 406 123", "+492144061234",
    "Tel. (0214) 406 12 34", "0049 214 4061234", "0171/1234567", "0151-23456789", "021444061234",
    "(0 29 41) 12 34", "0 29 41 / 12 34", "02 14 / 40 61 23", "0214−4061234", "0214–406 12 34",
    "02941-1234-0", "0214.4061234", "030 123456", "0800 1234567", "０２１４ ４０６１２３４",
    "Durchwahl: 40612", "Tel.-Nr. 4061234", "Fax 0214-406-1235", "+1 202 555 0143",
    "+44 (0)20 7946 0958", "0043 1 588 58 00",
]  # fmt: skip
NAMES = [
    "Frau Muster sagte das.", "Das sagte Herr Dr. E. Muster.", "laut Dr. Muster",
    "Ms Muster said so.", "Prof. Dr.-Ing. Muster", "Mrs. O’Muster", "Dipl.-Ing. Erna Muster",
    "Frau von der Heide", "Herr van Dyk", "Frau de Vries", "Frau d’Orsay", "Frau zu Eulenburg",
    "Frau Łukasiewicz", "Herr Ørsted", "Frau Şahin", "Herr İnönü", "Frau Żak", "Fr. Muster",
    "Fr.Muster", "Hr. Muster", "Herrn Muster", "HERR MUSTER", "Familie Muster", "Eheleute Muster",
    "Mme Muster", "Frau Jung", "Bürgermeister Muster", "Oberbürgermeisterin Erna Muster",
    "Landrätin van Dyk", "Mayor Smith", "Herr Minister Muster", "Frau Bürgermeisterin Dr. Muster",
    "Geschäftsführerin Muster", "Herr Müller-Lüdenscheidt von der Muster GmbH",
]  # fmt: skip
POSTAL = [
    "wohnt Seestraße 12a", "Am Markt 3, 99999 Clausee", "12 Lake Street", "45127 Essen",
    "aus 59590 Geseke", "D-45127 Essen", "Erna, 87700 Memmingen", "Unter den Linden 5", "Bergstr.3",
    "Karl-Marx-Straße 12", "Straße des 17. Juni 135", "Berliner Platz 1", "Lange Str. 4",
    "Zum Hafen 2", "Postfach 12", "Marktplatz 3",
]  # fmt: skip
WEB = [
    "siehe https://clausee.example/muster", "www.clausee.example", "auf LinkedIn", "@erna_muster",
    "steht auf muster.de",
]  # fmt: skip
CONTACTS = {
    **dict.fromkeys(MAILS, "an e-mail address"),
    **dict.fromkeys(TELEPHONES, "a telephone number"),
    **dict.fromkeys(
        ["DE12 5001 0517 0648 9898 43", "de12500105170648989843", "GB29-NWBK-6016-1331-9268-19"],
        "a bank account",
    ),
}
PERSONAL = {
    **dict.fromkeys(NAMES, "a title with a name"),
    **dict.fromkeys(POSTAL, "a postal address"),
    **dict.fromkeys(WEB, "an address on the web"),
}
HARMLESS = [
    # people without names, and names of no people
    "Frauen und Herren", "Jede Frau kann kommen.", "jede Frau im Rat", "die Frau zu Hause",
    "wenn eine Frau Verantwortung trägt", "Frau Ministerin", "der Herr Minister", "Herr K.",
    "des Herrn Ministers", "Herr Bürgermeister sagte", "Bürgermeister und Räte", "Draft Mr",
    "der Bürgermeister von Clausee", "Minister von der CDU", "Familie und Beruf", "I. Runde",
    "übergeordnete Ebenen", "der beauftragte Gutachter", "Mag Klimaschutz so sein",
    "Dr.-Muster-Platz", "die Dr. Oetker GmbH", "die Prof. Muster & Kern AG", "Node.js",
    # places without addresses
    "Die Straßen der Stadt", "Platz 1", "auf Platz 3", "am Markt 2020", "Radweg 12 km",
    "Arbeitsplatz 4.0", "Im Jahr 2020", "Im Kapitel 5", "Am Ende 3 Anlagen",
    # amounts
    "0,125 bis 0.5 Prozent", "0.25 0.50 0.75", "12500 Tonnen in 2030", "12345 Einheiten",
    "50000 Euro",
    "20000 Arbeitsplätze", "von 12500 Linden", "100 kWh @ 0.5", "von 1990 bis 2020 – 40 Prozent",
    "5 000 000 000 Euro", "+10.000.000 Euro", "um +1 500 000 t, +20 000–30 000 t", "+100 000 000 €",
    "um +1 500 000 000 Euro", "+1000000", "+1250000 t", "0 20 40 60 80 100",
    # dates
    "2021-03/2021-04", "am 01.03.2021 und 2019/2021", "07/2018–09/2019", "am 05.03.21",
    # keys and references
    "Drucksache 18/3870, Vorlage 0010/004-02", "Drs. 06/12345", "Az. 02941/2020",
    "Az.: 0214/406123", "AGS 05 3 34 002", "05158008", "Regionalschlüssel 053340002002",
    "04109–04357", "01067–99998", "ISBN 0-306-40615-2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "what"), (CONTACTS | PERSONAL).items())
def test_what_leads_to_a_person_is_seen(text, what):
    assert identifying(text, IDENTIFYING) == what
    assert identifying(text, ADDRESSES) == (what if text in CONTACTS else None)


@given(st.sampled_from(sorted(CONTACTS | PERSONAL)), st.data())
def test_it_is_seen_with_any_blank_and_dash(text, data):
    blank = st.sampled_from([" ", "  ", "\u00a0", "\u202f", "\n", "\t", "\u200d "])
    dash = st.sampled_from("-‐‑–—−")
    drawn = "".join(data.draw({" ": blank, "-": dash}.get(mark, st.just(mark))) for mark in text)
    assert identifying(f"Vorher {drawn} nachher", IDENTIFYING)


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


def leads(tables, **changed):
    """By table, the rows that lead to an anonymous interview."""
    tables = tables | changed
    interviews = tables["interviews"]
    return leading(tables, interviews[interviews["consent"].eq("anonymous")])


def test_a_statement_rests_on_its_interview_wherever_that_was_held(mini):
    tables = mini.read().tables
    units = tables["units"].assign(interview_id=None)
    units.loc[units.index[0], "interview_id"] = "clausee"
    assert units.index[0] in leads(tables, units=units)["units"]
    assert units.index[0] not in leads(tables)["units"]


@pytest.fixture(scope="module")
def invented(new_mini):
    """The tables of the invented study."""
    return new_mini().read().tables


# What a cell may hold that leads to the interview in Clausee: its passages or those around them,
# rows of any table, and by the target of a reference what leads there.
PASSAGES = ["6 ¶3 s2", "6 ¶3 s1", "6 ¶3", "2 ¶3 s1", "6 ¶2–3", "6 ¶3 s2 fn1"]
LEADING = {
    "interviews.interview_id": ["clausee"],
    "municipalities.municipality_id": ["clausee"],
    "cases.case_id": ["see"],
    "units.unit_id": ["u008", "u009"],
    "all_units.unit_id": ["u009", "c003"],
    "projects.project_id": ["cool-days", "cool-bus", "sensors"],
    "facts.fact_id": ["sealed_thirds"],
    "discrepancies.discrepancy_id": ["two-years"],
    "organisations.organisation_id": ["clausee-bath"],
    ROWS: ["u009", "u001;u009", "projects:cool-bus", "cooperation:clausee/heat-school/sensors"],
}
# The tables between others and an interview.
BETWEEN = ("sources", "interviews", "municipalities", "cases", "units", "case_units", "facts",
           "projects", "project_mentions", "cooperation", "organisations")  # fmt: skip


def links():
    """Every column of every table that can lead to an interview, with what it may hold then."""
    for name, table in RAW.items():
        for column, field in table.columns.items():
            if column == "locator" and "source_id" in table.columns:
                yield name, column, PASSAGES
            elif name == "municipalities" and column == "case_id":
                pass  # the case would have two places
            elif found := LEADING.get(ROWS if field.pattern == ROWS else field.refers):
                yield name, column, [f"x; {one}" if field.many else one for one in found]


def test_links_to_interviews_are_found_in_the_tables_of_the_study_and_in_others():
    assert {"facts", "claims", "discrepancies", "projects", "cooperation", "findings", "events",
            "reporting", "universes", "anchors", "summaries", "comparison", "measures", "guide",
            "governance", "organisations"} <= {name for name, *_ in links()}  # fmt: skip
    referring = {
        field.refers for table in RAW.values() for field in table.columns.values() if field.refers
    }
    others = {"codes.code", "references.key", "sources.source_id", "levels.level_id",
              "characteristics.characteristic_id", "findings.finding_id",
              "context_units.unit_id", "context_items.item_id"}  # fmt: skip
    assert referring <= {*LEADING, *others}, "a reference that no test follows"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(links())), st.data())
def test_whatever_leads_to_an_anonymous_interview_is_looked_through(invented, link, data):
    name, column, cells = link
    cell = data.draw(st.sampled_from(cells))
    row = data.draw(st.sampled_from([*invented[name].index, None]))
    planted = invented[name].astype({column: "str"})
    if row is not None:
        planted.loc[row, column] = cell
        if "source_id" in planted:
            planted.loc[row, "source_id"] = "musterfrau2021"
    discrepancies = invented["discrepancies"].assign(locator="6 ¶3 s2")
    tables = {other: invented[other] for other in (*BETWEEN, name)}
    found = leads(tables, **{"discrepancies": discrepancies, name: planted})
    assert row is None or row in found[name], (name, column, cell)


def test_rows_of_a_study_s_own_tables_lead_there_too(invented, monkeypatch):
    columns = {
        "bed_id": key("Bed"),
        "interview_id": ref("interviews.interview_id", "Interview", required=False),
        "project_id": ref("projects.project_id", "Projects", required=False, many=True),
        "locator": text("Passage", required=False),
        "of": ref("beds.bed_id", "Bed beside it", required=False),
    }
    monkeypatch.setitem(RAW, "beds", Table("beds.csv", "Beds", "Beds.", ("bed_id",), columns))
    rows = [("a", "clausee", None, None, None), ("b", None, "avenue;cool-days", None, None),
            ("c", None, None, "6 ¶3 s2", None), ("d", "auental", "avenue", "6 ¶2 s1", None),
            ("e", None, None, None, "c")]  # fmt: skip
    beds = pd.DataFrame(rows, columns=list(columns), dtype="str")
    assert leads(invented, beds=beds)["beds"] == {0, 1, 2, 4}


@pytest.mark.parametrize(
    ("locator", "passage", "meet"),
    [("6 ¶3 s2", "6 ¶3", True), ("6 ¶3", "6 ¶3 s2", True), ("6 ¶2–4", "6 ¶3 s2", True),
     ("6 ¶3 s2", "6 ¶2–4", True), ("6 ¶4–5", "6 ¶2–4", True), ("6 ¶31", "6 ¶3", False),
     ("6", "6 ¶3", False), ("6 ¶5", "6 ¶2–4", False),
     ("front;6 ¶3 s2", "6 ¶2–4", True), ("front;6 ¶5", "6 ¶3", False), (None, "6 ¶3", False),
     ("6 ¶3–4 fn1", "6 ¶4 s2", True), ("6 ¶3–4 b1", "6 ¶4", True), ("6 ¶3–4 s1", "6 ¶5", False),
     ("6 ¶4–3", "6 ¶4 s2", True), ("¶4", "¶3–5", True), ("¶4-5 s2", "¶5", True),
     ("p. 3", "p. 3 l. 12", True), ("S. 3", "p. 2–3", True), ("p.3 l.12", "S. 3 Z. 10-14", True),
     ("p. 3–4 l. 12–2", "p. 3 l. 20", True), ("p. 3 l. 9", "p. 3 l. 10–14", False),
     ("l. 12", "Z. 10–14", True), ("00:12:45", "00:12:30–00:13:05", True),
     ("12:30-13:05", "00:13:00", True), ("00:12:29", "00:12:30–00:13:05", False)],
)  # fmt: skip
def test_passages_meet_where_one_lies_in_the_other(locator, passage, meet):
    assert covered(locator, {passage}) == ([passage] if meet else [])
    assert locator is None or resting._near({passage, "9 ¶1"})(locator) == meet


def test_a_span_without_end_is_not_spread():
    assert covered("6 ¶1–9999999999", {"6 ¶3"}) == []


def test_passages_of_two_transcripts_may_be_called_the_same(invented):
    units = invented["units"].dropna(subset="municipality_id")
    spoken = units.assign(interview_id=units["municipality_id"])
    found = leads(invented, units=spoken.assign(locator="p. 3"))["units"]
    assert found == set(spoken.index[spoken["municipality_id"].eq("clausee")])


def test_what_leads_to_nobody_anonymous_is_not(invented):
    found = leads(invented)
    assert {name for name in found if name.startswith("context_") and found[name]} == set()
    assert list(invented["cooperation"].index.difference(found["cooperation"])) == [2, 4, 5]
    assert "trees" not in set(invented["facts"].loc[sorted(found["facts"]), "fact_id"])
    assert list(invented["cases"].loc[sorted(found["cases"]), "case_id"]) == ["see"]
    named = invented["interviews"].assign(consent="named")
    assert not any(leads(invented, interviews=named).values())


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
    assert "erna.muster" in book.read_text("utf-8")
    problems = mini.problems()
    assert len(problems) == len(ANONYMOUS) + len(OTHERS) + 3
    assert not any("erna.muster" in problem for problem in problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Das sagt die Bürgermeisterin.", True),
        ("Der Kämmerer warnt.", True),
        ("Die Bürgermeister warnen.", False),
        ("Die Gemeinde warnt.", False),
    ],
)
def test_office_place_and_time_together_are_noted_with_their_row(mini, text, told):
    mini.put("coding/units.csv", 10, "gist_de", text)
    mini.put("coding/units.csv", 3, "gist_de", text)  # of somebody who may be named
    notices = mini.read().notices
    assert [notice.partition(": an office")[0] for notice in notices] == (
        ["coding/units.csv: row 10, column gist_de"] if told else []
    )
    path = mini.raw / "study/interviews.csv"
    row = "c2,clausee,video,1,2021,anonymous,,,musterfrau2021,2 ¶3\n"
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    assert mini.read().notices == [], "two were asked at this place and time"


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
    expected = (
        "study/interviews.csv, row 4, column interview_id: may be the name of somebody who did "
        "not agree to be named; expected"
    )
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
        *(
            f"coding/units.csv, row {row}, column municipality_id: there is no interview in "
            "'clausee'; expected a row for it in study/interviews.csv"
            for row in rows
        ),
        "coding/universes.csv, row 4, column without_interview: there was no interview in "
        "'clausee'; expected a municipality with one",
    ]


@pytest.mark.parametrize(
    "marks", ["„“", "“”", "»«", "«»", '""', "‚‘", "‘’", "›‹", "‹›", "''", "’’"]
)
def test_words_are_quoted_in_quotation_marks_of_any_kind(marks):
    assert QUOTED.search(f"Er sagt {marks[0]}nie wieder{marks[1]}, und geht.")
    assert not QUOTED.search("Geht’s? It’s the towns’ funds; rock 'n roll, sagt er's.")
