"""The table and the alternative text of a figure, from a few rows made for the purpose."""

import pandas as pd
import pytest

from analysis.figures import (
    codings,
    contradictions,
    interviews,
    leitbild,
    method,
    opportunities,
    relations,
    roles,
)
from analysis.wording import Wording

CODES = pd.DataFrame(
    [
        ("role.host", "role", None, "Gastgeberin", "Host"),
        ("field.halls", "field", "role.host", "Hallen", "Halls"),
        ("field.trees", "field", "role.host", "Bäume", "Trees"),
    ],
    columns=["code", "dimension", "role_code", "label_de", "label_en"],
)
PLACES = pd.DataFrame(
    [("auental", "Auental", "Auental"), ("birkfurt", "Birkfurt", "Birkfurt")],
    columns=["municipality_id", "label_de", "label_en"],
)


# No statement that only counts.
NO_MORE = pd.DataFrame(0, CODES["code"], PLACES["municipality_id"], dtype="Int64")


def words(topic):
    return Wording("en", topic=topic)


def test_what_is_said_of_several_municipalities_counts_for_each_but_once_in_all():
    coded = pd.DataFrame({
        "code": "role.host",
        "statement_id": ["s1", "s1", "s2"],
        "municipality_id": ["auental", "birkfurt", "auental"],
        "attribution": ["collective", "collective", "explicit"],
    })  # fmt: skip
    dimensions = pd.DataFrame({"dimension": ["role"], "label_de": ["Rolle"], "label_en": ["Role"]})
    shown = codings.table(coded, CODES, dimensions, PLACES, NO_MORE, words("codings"))
    (row,) = shown.to_dict("records")
    assert (row["Auental"], row["Birkfurt"], row["different"]) == (2, 1, 2)
    said = codings.alt(coded, CODES, PLACES, NO_MORE, words("codings"))
    assert "Auental 2 and Birkfurt 1" in said


def test_a_code_of_no_statement_has_a_row_of_zeros_and_a_place_in_the_headline():
    given = pd.DataFrame({
        "code": ["role.host", "field.halls"],
        "statement_id": "s1",
        "municipality_id": "auental",
        "attribution": "explicit",
    })  # fmt: skip
    dimensions = pd.DataFrame({
        "dimension": ["role", "field"], "label_de": ["Rolle", "Feld"], "label_en": ["Role", "Field"]
    })  # fmt: skip
    about = (dimensions, PLACES, NO_MORE, words("codings"))
    rows = codings.table(given, CODES, *about).set_index("code")
    assert rows.loc["field.trees", ["Auental", "Birkfurt", "different"]].tolist() == [0, 0, 0]
    silent = "no statement is coded “Trees”."
    assert codings.headline(given, CODES, NO_MORE, words("codings")).endswith(silent)
    more = NO_MORE.copy()
    more.loc["field.trees"], more.loc["role.host", "auental"] = [pd.NA, pd.NA], 3
    rows = codings.table(given, CODES, dimensions, PLACES, more, words("codings")).set_index("code")
    cells = rows[["Auental", "Birkfurt", "different"]].T.to_dict("list")
    # how many different ones there are is not told, nor that there are none
    assert cells["field.trees"] == ["0 + …", "0 + …", "0 + …"]
    assert cells["role.host"] == ["1 + 3", "0", "1 + …"]
    assert cells["field.halls"] == ["1", "0", "1"]
    assert silent not in codings.headline(given, CODES, more, words("codings"))
    drawn = codings.draw(given, CODES, dimensions, PLACES, more, words("codings"))
    texts = [text.get_text() for text in drawn.axes[0].texts]
    assert texts.count("0 + …") == 3
    assert "1 + 3" in texts
    assert "1 + …" in texts


def test_goals_are_listed_by_topic_and_one_with_two_fields_counts_once():
    goals = pd.DataFrame({
        "unit_id": ["g1", "g2", "g2"],
        "group": ["water", "air", "air"],
        "link": ["none", "unsaid", "unsaid"],
        "with_code": [None, "field.halls", "field.trees"],
        "gist_en": ["Fill wells", "Open halls", "Open halls"],
        "locator": ["1", "2", "2"],
    })  # fmt: skip
    topics = pd.DataFrame({"group": ["air", "water"], "label_en": ["Air", "Water"]})
    table = leitbild.table(goals, topics, CODES, words("leitbild"))
    assert table["topic"].tolist() == ["Air", "Air", "Water"]
    assert table["field"].tolist() == ["Halls", "Trees", "–"]
    assert "Air 1 and Water 1" in leitbild.alt(goals, topics, CODES, words("leitbild"))
    said = leitbild.headline(goals, words("leitbild"))
    assert said.startswith("Of two goals of the guiding principles, none names")


def test_topics_are_on_one_side_or_on_both():
    marks = pd.DataFrame({
        "code": ["hope", "hope", "limit", "limit"],
        "with_code": ["field.halls", "field.trees", "field.trees", None],
    })  # fmt: skip
    topics = CODES[CODES["dimension"] == "field"]
    sides = pd.DataFrame({"code": ["limit", "hope"], "label_en": ["Limit", "Hope"]})
    text = opportunities.alt(marks, topics, sides, words("opportunities"))
    assert "on the right only: Halls 1:0; on both sides: Trees 1:1; on the left only: –" in text
    assert text.endswith("Without a topic: 0:1.")


def test_projects_without_a_role_are_counted_apart():
    placed = pd.DataFrame({
        "project_id": ["p1", "p2"],
        "topic": "field.trees",
        "role": ["role.host", None],
        "label_en": ["Avenue", "Park"],
        "status": ["running", "planned"],
        "passages": ["1", "2"],
    })  # fmt: skip
    shown = placed, CODES[CODES["code"] == "field.trees"], CODES.head(1), words("relations")
    assert relations.table(*shown)["role"].tolist() == ["Host", "No role"]
    assert "Trees: Host 1, No role 1" in relations.alt(*shown)
    assert relations.headline(*shown).startswith("Of two projects on “Trees”, one")


def test_the_passages_of_projects_are_told_in_words():
    placed = pd.DataFrame({
        "topic": ["topic.halls"],
        "role": [None],
        "label_en": ["A hall"],
        "status": ["planned"],
        "passages": ["5.1 ¶3 s8;references"],
    })  # fmt: skip
    topics = pd.DataFrame({"code": ["topic.halls"], "label_en": ["Halls"]})
    (row,) = relations.table(placed, topics, CODES.head(1), words("relations")).to_dict("records")
    assert row["passages"] == "Section 5.1, paragraph 3, sentence 8; list of references"


def test_statements_of_no_municipality_have_rows_of_their_own():
    blocks = pd.DataFrame({"code": ["field.halls"], "label_en": ["Halls"]})
    counts = pd.DataFrame({
        "code": "field.halls",
        "municipality_id": ["auental", None],
        "attribution": ["explicit", "none"],
        "statements": [3, 1],
    })  # fmt: skip
    table = interviews.table(PLACES, blocks, counts, words("interviews"))
    assert table["municipality"].tolist() == ["Auental", "Birkfurt", "No municipality"]
    assert table["statements"].tolist() == [3, 0, 1]


def test_a_code_that_was_dropped_has_its_reason_and_no_cell():
    way = pd.DataFrame({
        "label_en": ["Host", "Halls"],
        "given_by": ["both", "a"],
        "decision": [None, "exclude"],
        "reason_en": [None, "Only an offer."],
        "is_agreed": [True, False],
        "statements": [4, None],
    })  # fmt: skip
    table = method.table(way, words("method"))
    assert table["agreed"].tolist() == ["yes", "no"]
    assert table["reason"].tolist() == ["–", "Only an offer."]
    assert method.headline(way, words("method")).startswith(
        "Of two codes given to a statement, one"
    )


def test_a_decision_on_what_both_or_neither_gave_is_no_dispute():
    way = pd.DataFrame({
        "given_by": ["both", "neither", "b"],
        "decision": ["exclude", "include", "include"],
        "is_agreed": [False, True, True],
    })  # fmt: skip
    said = "Of three codes given to a statement, one was in dispute; two hold in the end."
    assert method.headline(way, words("method")) == said


def test_discrepancies_stand_in_the_order_of_the_study_and_the_part_with_most_leads():
    noted = pd.DataFrame({
        "discrepancy_id": ["works", "ten", "two", "cover", "again"],
        "kind": ["citation", "ambiguity", "contradiction", "wording", "ambiguity"],
        "title_en": ["Works", "Ten", "Two", "Cover", "Two again"],
        "is_external": [False, True, False, False, False],
        "locator": ["references", "5.10 ¶1", "6 ¶1;5.2.1 ¶3 s1;5.2 ¶4", "front", "5.2 ¶1"],
    })  # fmt: skip
    rows = contradictions.placed(noted)
    shown = contradictions.table(rows, words("contradictions"))
    assert shown["part"].tolist() == ["Front", "5.2, 6", "5.2", "5.10", "References"]
    assert shown["title"].tolist() == ["Cover", "Two", "Two again", "Ten", "Works"]
    lead = contradictions.headline(rows, words("contradictions"))
    assert lead.startswith("Of five discrepancies, one is a contradiction; ")
    assert lead.endswith("for section 5.2, namely two.")
    milder = contradictions.placed(noted.assign(kind="wording"))
    assert "none is" in contradictions.headline(milder, words("contradictions"))
    assert "5.2, 6: Two" in contradictions.alt(rows, words("contradictions"))


@pytest.mark.parametrize(
    ("language", "end"),
    [("de", "Unstimmigkeiten im Teil „Titelei“ und zu Abschnitt 5.2, nämlich je eine."),
     ("en", "most often in the part “Front” and for section 5.2, namely one each.")],
)  # fmt: skip
def test_a_part_without_a_number_is_named_as_one_in_the_headline(language, end):
    noted = pd.DataFrame({
        "discrepancy_id": ["a", "b"],
        "kind": ["contradiction", "ambiguity"],
        "locator": ["front", "5.2 ¶1"],
    })  # fmt: skip
    lead = contradictions.headline(
        contradictions.placed(noted), Wording(language, topic="contradictions")
    )
    assert lead.endswith(end)


def test_works_are_listed_the_same_with_a_blank_between_them_and_without():
    measures = pd.DataFrame({
        "role_code": "role.host",
        "field_code": "field.trees",
        "label_en": ["Plant", "Water", "Wait"],
        "mark": ["1", "2", "3"],
        "literature": ["a2020;b2021", "a2020; b2021", None],
    })  # fmt: skip
    told = roles.table(measures, CODES, words("roles"))["literature"]
    assert told.tolist()[:2] == ["a2020, b2021"] * 2
    assert told.isna().tolist() == [False, False, True]
