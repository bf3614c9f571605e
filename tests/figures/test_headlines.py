"""Every figure leads with what it shows; caption and alternative text begin with it."""

import re

import pandas as pd
import pytest
import small
import stage

from analysis import publish
from analysis.figures import (
    cansay,
    codings,
    contradictions,
    fragility,
    governance,
    leitbild,
    opportunities,
    relations,
    roles,
    targets,
    timeline,
)
from analysis.figures.disagreements import costliest
from analysis.methods.conditions import NUMBER, NUMBERS, parse
from analysis.methods.evaluation import Tables
from analysis.wording import Wording, capitalised

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("study", ["real", "mini"])
def test_every_figure_has_a_headline_in_a_sentence(study, language):
    tables = stage.study(study)
    for name, parameters in stage.runs(tables):
        drawing = stage.draw(name, tables, language, **parameters)
        assert drawing.figure is None or drawing.headline, name
        assert not re.search(r"\bnan\b", drawing.headline, re.IGNORECASE), drawing.headline


# A number of things: where a sentence begins, or behind a preposition, and before a word.
DIGITS = re.compile(r"(?:^|[.;] |\b(?:mit|aus|in|von|with|from|of|and) )(?:\d|1[0-2]) (?=[^\W\d])")


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("study", ["real", "mini"])
def test_numbers_of_things_up_to_twelve_are_words(study, language):
    tables = stage.study(study)
    for name, parameters in stage.runs(tables):
        drawing = stage.draw(name, tables, language, **parameters)
        for text in (drawing.headline, drawing.caption, drawing.alt):
            said = re.sub(r"(chapters?|Kapitel) \d( (and|und) \d)?", "", text)
            assert not DIGITS.search(said), (name, DIGITS.search(said).group(), text)


def test_a_figure_without_headline_is_not_published(tmp_path, monkeypatch):
    frames = stage.study("mini")["facts"].head(1)
    monkeypatch.setenv("COMPENDIUM_OUTPUT", str(tmp_path))
    monkeypatch.setenv("COMPENDIUM_RUN", "actors")
    run, figure = publish.Run("actors", language="de"), publish.Figure()
    texts = {"caption": "Worum es geht.", "alt": "Punkte."}
    with pytest.raises(ValueError, match="headline is empty"):
        run.save_figure(figure, headline="", **texts, data=frames, sources=frames)
    run.save_figure(figure, headline="So ist es.", **texts, data=frames, sources=frames)
    record = (tmp_path / "de/figures/actors.json").read_text("utf-8")
    assert '"alt": "So ist es. Punkte."' in record


def changed(name, **others):
    """The headline of a figure of the real study, and the one with some tables changed."""
    tables = stage.study("real")
    before = stage.draw(name, tables, "en").headline
    after = {table: change(tables[table]) for table, change in others.items()}
    return before, stage.draw(name, tables | after, "en").headline


def test_a_code_that_is_given_is_no_longer_missing_in_the_headline():
    def given(codings):
        rows = codings["code"] == "field.energy_supply"
        return codings.assign(code=codings["code"].mask(rows, "field.procurement"))

    def counted(counts):
        swap = {
            "field.energy_supply": "field.procurement",
            "field.procurement": "field.energy_supply",
        }
        return counts.assign(code=counts["code"].replace(swap))

    before, after = changed("codings", codings=given, code_counts=counted)
    assert "Sustainable public procurement" in before
    assert "Sustainable public procurement" not in after
    assert "Energy supply" in after


def test_a_list_in_several_sentences_is_no_single_sentence():
    def spread(statements):
        numbered = [f"6 ¶9 s{i}" for i in range(len(statements))]
        return statements.assign(locator=numbered)

    before, after = changed("opportunities", statements=spread)
    assert before.endswith("seven of them from a single sentence.")
    assert after.endswith("we ascribe nine, more than half, to Erwitte.")


def test_a_code_that_only_cases_or_statements_of_no_place_carry_is_not_said_to_be_missing():
    tables = stage.study("real")
    said = tables["statements"]
    nowhere = said["municipality_id"].isna() & said["corpus"].eq("interview")
    for unit in (said.loc[said["corpus"] == "case", "unit_id"], said.loc[nowhere, "unit_id"]):
        codings = tables["codings"]
        one = codings.head(1).assign(unit_id=unit.iloc[0], code="field.procurement")
        more = pd.concat([codings, one], ignore_index=True)
        headline = stage.draw("codings", tables | {"codings": more}, "en").headline
        assert "procurement" not in headline


@pytest.mark.parametrize(
    ("code", "is_sure"),
    [
        ("role.advisor", True),  # the more it has, the more it is the first
        ("role.supplier", False),
        ("topic.hydrogen", True),  # no role
    ],
)
def test_a_rank_that_statements_which_only_count_may_change_is_that_of_those_shown(code, is_sure):
    def counted(counts):
        return counts.assign(aggregated=counts["aggregated"].mask(counts["code"] == code, 9))

    before, after = changed("codings", code_counts=counted)
    assert before.startswith("“Advisor and promoter” is the role coded most often;")
    assert ("most often in the statements shown;" in after) != is_sure
    tables = stage.study("real")
    more = tables | {"code_counts": counted(tables["code_counts"])}
    all_shown, some = (stage.draw("codings", study, "en").alt for study in (tables, more))
    assert some.startswith(all_shown)
    assert "those of the statements shown" in some.removeprefix(all_shown)


def test_a_role_without_a_field_is_ranked_like_the_others():
    def without(codes):
        return codes[codes["role_code"].ne("role.advisor").fillna(True)]

    before, after = changed("codings", codes=without)
    assert before.startswith("“Advisor and promoter” is the role coded most often;")
    assert after.startswith("“Advisor and promoter” is the role coded most often;")


@pytest.mark.parametrize("passage", [None, "p. 3", "00:12:30", "¶4", "6 ¶9 s1–3", "6 s1;7 s1"])
def test_a_passage_that_is_no_sentence_is_not_called_one(passage):
    def somewhere(statements):
        return statements.assign(locator=pd.Series(passage, statements.index, dtype="str"))

    _, after = changed("opportunities", statements=somewhere)
    assert after.endswith("we ascribe nine, more than half, to Erwitte.")


def test_sentences_of_several_sources_are_several():
    def of_two(statements):
        sources = ["one" if n % 2 else "two" for n in range(len(statements))]
        return statements.assign(locator="6 ¶9 s1", source_id=sources)

    _, after = changed("opportunities", statements=of_two)
    assert "of them from a single sentence." in after
    assert "nine of them" not in after


def test_a_group_is_not_one_respondent():
    one_group = ["group", "written", "video", "video"]
    _, after = changed("interviews", interviews=lambda frame: frame.assign(mode=one_group))
    assert after.startswith("Of four individuals and groups, one answered in writing")


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("name", ["alliance", "relations", "timeline"])
def test_a_caption_begins_with_a_capital(name, language):
    for study, told in (("real", {}), ("mini", dict(stage.LEAFLET.get(name, {})))):
        caption = stage.draw(name, stage.study(study), language, **told).caption
        assert caption[0] == caption[0].upper()


def test_where_nobody_asks_there_is_no_word_of_two_sides():
    caption = stage.draw("alliance", stage.study("real"), "en", asking="").caption
    assert "what one side claims" not in caption
    assert "18 events on a timeline." in caption


def test_a_solid_circle_may_stand_for_something_else_than_a_whole():
    words, known = Wording("en", topic="targets"), stage.study("real")["targets"]
    notes, aims = stage.study("real")["discrepancies"], known.query("kind == 'climate_neutral'")
    for covers, is_said in (("company", False), ("other", True)):
        said = targets.caption(aims.head(2).assign(covers=covers), notes, words)
        assert ("or of what stands beside them" in said) == is_said


def test_a_statement_in_two_sections_is_one_statement():
    def elsewhere(codings):
        own = codings["code"].str.startswith("theme.")
        units = statements.loc[statements["statement_id"].duplicated(), "unit_id"]
        changes = own & codings["unit_id"].isin(units)
        others = codings["code"].mask(changes & (codings["code"] != other), other)
        return codings.assign(code=others)

    tables = stage.study("real")
    statements, other = tables["statements"], "theme.cooperation"
    before = stage.draw("interviews", tables, "en").caption
    changed_to = tables | {"codings": elsewhere(tables["codings"])}
    after = stage.draw("interviews", changed_to, "en").caption
    assert re.search(r"n = \d+", after).group() == re.search(r"n = \d+", before).group()


def test_units_are_not_called_statements_where_there_are_fewer_of_these():
    tables = dict(stage.study("mini"))
    caption = stage.draw("agreement", tables, "en").caption
    assert "counted for each" in caption
    statements = tables["statements"]
    tables["statements"] = statements.assign(statement_id=statements["unit_id"])
    caption = stage.draw("agreement", tables, "en").caption
    assert "counted for each" not in caption


@pytest.mark.parametrize(
    ("below", "said"), [(False, "The lowest, “Town”, is"), (True, "“Town” is highlighted")]
)
def test_a_town_with_levels_below_it_is_not_called_the_lowest(below, said):
    tables = dict(stage.study("mini"))
    levels = tables["levels"]
    more = levels.tail(1).assign(level_id="district", label_en="District", is_municipal=False)
    tables["levels"] = pd.concat([levels, *[more] * below], ignore_index=True)
    alt = stage.draw("governance", tables, "en").alt
    assert said in alt
    assert ("lowest" in alt) != below


def test_the_same_passage_of_several_interviews_is_several():
    def spoken(statements):
        numbers = [str(n % 2) for n in range(len(statements))]
        return statements.assign(locator="¶4 s2", interview_id=numbers)

    _, after = changed("opportunities", statements=spoken)
    assert "of them from a single sentence." in after
    assert "nine of them" not in after


def test_respondents_are_counted_by_the_way_they_answered():
    before, after = changed("interviews", interviews=lambda frame: frame.assign(mode="video"))
    assert before.startswith("Of four respondents, one answered in writing")
    assert after.startswith("Of four respondents, none answered in writing")


def test_how_many_answered_in_writing_is_not_told_where_it_is_not_known_of_all():
    def unknown(frame):
        return frame.assign(mode=frame["mode"].where(frame["mode"].index > 0, "unknown"))

    _, after = changed("interviews", interviews=unknown)
    assert after.startswith("In no section do we count more statements than in “")
    _, one = changed("interviews", interviews=lambda frame: frame.head(1))
    assert "one respondent" not in one
    nothing = {"codings": lambda frame: frame[~frame["code"].str.startswith("theme.")]}
    _, none = changed("interviews", interviews=unknown, **nothing)
    assert none == "We count no statements in any section of the guide."


def test_what_holds_of_some_interviews_alone_is_not_said_of_all():
    tables = dict(stage.study("real"))
    period = tables["interviews"]["period"].where(tables["interviews"].index == 0)
    tables["interviews"] = tables["interviews"].assign(period=period)
    figure = stage.draw("interviews", tables, "en").figure
    said = [text.get_text() for text in figure.axes[0].texts if "July" in text.get_text()]
    assert said == ["July–August 2022"]  # beside the first, not in the head with the length


def test_a_person_who_may_be_named_need_not_have_an_office():
    tables = dict(stage.study("real"))
    tables["interviews"] = tables["interviews"].assign(function_en=None)
    figure = stage.draw("interviews", tables, "en").figure
    said = [text.get_text() for text in figure.axes[0].texts]
    assert "Office not given, named\u00a0in\u00a0the\u00a0study" in " ".join(said)


def test_totals_that_add_up_to_no_more_than_the_statements_need_no_reason():
    tables = dict(stage.study("real"))
    reason = "as a statement on several municipalities counts for each of them"
    before = stage.draw("interviews", tables, "en").caption
    tables["statements"] = tables["statements"].drop_duplicates("statement_id")
    after = stage.draw("interviews", tables, "en").caption
    assert (reason in before, reason in after) == (True, False)
    assert re.search(r"n = \d+\.$", after)


def test_every_block_that_has_most_statements_of_a_row_is_named_in_words():
    tables = stage.study("real")
    placed = tables["statements"].dropna(subset="municipality_id")
    said = stage.draw("interviews", tables, "en").alt
    without = stage.draw("interviews", tables | {"statements": placed}, "en").alt
    assert said.endswith("No municipality 5, “Cooperation” and “Role of renewable energy” 2 each.")
    assert "No municipality" not in without


def test_a_place_that_was_neither_asked_nor_has_statements_is_not_read_aloud():
    tables = dict(stage.study("real"))
    silent = tables["municipalities"].head(1).assign(municipality_id="silent", label_en="Silentium")
    tables["municipalities"] = pd.concat([tables["municipalities"], silent], ignore_index=True)
    assert "Silentium" not in stage.draw("interviews", tables, "en").alt


def test_every_code_that_is_most_frequent_in_its_dimension_is_named_in_words():
    def as_limits_too(coded):
        active = coded[coded["code"] == "aspect.activity"]
        others = coded[coded["code"] != "aspect.limit"]
        return pd.concat([others, active.assign(code="aspect.limit")])

    tables = stage.study("real")
    tied = tables | {name: as_limits_too(tables[name]) for name in ("codings", "code_counts")}
    assert "“Activity” 18 and" in stage.draw("codings", tables, "en").alt
    assert "“Limit or barrier” 18, “Activity” 18 and" in stage.draw("codings", tied, "en").alt


def test_projects_of_another_topic_are_not_counted():
    def without(mentions):
        return mentions[mentions["project_id"] != "h2-werkstatt"]

    before, after = changed("relations", project_mentions=without)
    assert before.startswith("Of six projects on “Hydrogen”, four are coded")
    assert not after.startswith("Of six projects on “Hydrogen”, four are coded")


def test_goals_that_name_municipalities_are_counted():
    def naming(codings):
        linked = codings["code"] == "link.implied"
        return codings.assign(code=codings["code"].mask(linked, "link.explicit"))

    before, after = changed("leitbild", context_codings=naming)
    assert before == (
        "Of 32 goals of the guiding principles, none names municipalities; by our assignment, "
        "three need one of their action fields."
    )
    assert after == (
        "Of 32 goals of the guiding principles, three name municipalities; by our assignment, "
        "none of the others touches their action fields."
    )


@pytest.mark.parametrize(
    ("language", "naming", "said"),
    [
        ("en", ("naming", "named", "name municipalities"),
         "Of 32 goals, three touch an action field of municipalities by our assignment."),
        ("de", ("genannt", "nennen", "nennt"),
         "Von 32 Zielen berühren nach unserer Zuordnung drei ein Handlungsfeld der Kommunen."),
    ],
)  # fmt: skip
def test_nothing_is_said_of_naming_where_no_code_tells_it(language, naming, said):
    told = {"said": "", "unsaid": ""}
    drawing = stage.draw("leitbild", stage.study("real"), language, **told)
    assert drawing.headline == said
    drawn = [text.get_text() for text in drawing.figure.axes[0].texts]
    texts = " ".join([*drawn, drawing.alt, drawing.caption, *drawing.data["link"]])
    assert [word for word in naming if word in texts] == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("touched", "By our assignment, the one goal touches an action field of municipalities."),
        ("untouched", "By our assignment, the one goal touches no action field of municipalities."),
    ],
)
def test_a_single_goal_of_which_naming_is_not_known_is_not_one_of_one(link, said):
    frame = pd.DataFrame({"unit_id": ["u"], "link": [link]})
    assert leitbild.headline(frame, Wording("en", topic="leitbild")) == said


def test_what_was_not_decided_is_not_counted_as_decided():
    def one_pass_less(passes):
        return passes.assign(given_by="both")

    before, after = changed("method", passes=one_pass_less)
    assert (
        before == "Of three codes given to a statement, two were in dispute; two hold in the end."
    )
    assert after != before


def test_the_case_on_which_most_is_missing_is_named_above_the_comparison():
    tables = stage.study("real")
    less = tables["comparison"].query("case_id != 'leverkusen'")
    before = stage.draw("comparison", tables, "en").caption
    after = stage.draw("comparison", tables | {"comparison": less}, "en").caption
    assert before.startswith(
        "On Duisburg, the study says nothing about four of 16 characteristics."
    )
    assert after.startswith("On Leverkusen, the study says nothing about 16 of 16 characteristics.")


def test_every_case_on_which_most_is_missing_is_named_above_the_comparison():
    tables = stage.study("real")
    less = tables["comparison"].query("case_id == 'erwitte-geseke'")
    said = stage.draw("comparison", tables | {"comparison": less}, "en").caption
    assert said.startswith(
        "On each of Leverkusen and Duisburg, the study says nothing about 16 of 16 characteristics."
    )


def test_every_topic_and_role_that_meet_in_most_projects_are_named():
    def as_two_topics(codings):
        twice = codings[codings["code"] == "topic.hydrogen"].assign(code="topic.regulation")
        return pd.concat([codings[codings["code"] != "topic.regulation"], twice])

    _, after = changed("relations", codings=as_two_topics)
    assert after.startswith("Coded most often, with four projects each: “")
    assert "“Hydrogen” with the role “Advisor and promoter”" in after
    assert "“Policy framework” with the role “Advisor and promoter”" in after


def test_every_municipality_with_most_opportunities_is_named():
    def of_two(statements):
        twice = statements[statements["municipality_id"] == "erwitte"]
        others = statements[statements["municipality_id"] != "geseke"]
        return pd.concat([others, twice.assign(municipality_id="geseke")])

    _, after = changed("opportunities", statements=of_two)
    assert after.endswith("we ascribe nine each to Erwitte and Geseke.")


def test_every_project_with_most_partners_is_named_in_words():
    tables = stage.study("real")
    fewer = tables["cooperation"].query("project_id != 'h2-werkstatt' or status != 'active'")
    said = stage.draw("cooperation", tables, "en").alt
    after = stage.draw("cooperation", tables | {"cooperation": fewer}, "en").alt
    assert "the largest is “H₂-Werkstatt Rhein-Berg” with 4." in said
    assert "the largest is “Unsealing, alternative parking” with 2." in after
    one = fewer[fewer["organisation_id"] != "currenta"]
    tied = stage.draw("cooperation", tables | {"cooperation": one}, "en").alt
    assert (
        "the largest are “H₂-Werkstatt Rhein-Berg”, “Unsealing, alternative parking” and “More "
        "climate-friendly industrial and commercial areas” with 1 each."
    ) in tied


def test_statements_that_cost_as_much_as_the_last_one_listed_are_listed_too():
    costs = pd.DataFrame({"cost": [0.3, 0.2, 0.2, 0.1, 0.0]}, index=list("abcde"))
    assert list(costliest(costs, 2).index) == ["a", "b", "c"]
    assert list(costliest(costs, 9).index) == ["a", "b", "c", "d"]
    assert costliest(costs.tail(1), 2).empty
    with pytest.raises(ValueError, match="most: 0; expected 1 or more"):
        costliest(costs, 0)


def test_projects_that_have_begun_are_counted_at_a_glance():
    before, after = changed("glance", projects=lambda frame: frame.assign(status="planned"))
    assert before.endswith("we count 26 projects; we class 15 as under way or finished.")
    assert after.endswith("we count 26 projects; we class none as under way or finished.")


@pytest.mark.parametrize(
    ("language", "said", "step"),
    [
        ("de", "zählen wir ein Vorhaben; ", "Außerdem eine Zahl, mit Fundstelle."),
        ("en", "we count one project; ", "Plus one number, with its passage."),
    ],
)
def test_of_one_project_and_one_number_the_glance_tells_as_of_one(language, said, step):
    tables = dict(stage.study("real"))
    few = {name: tables[name].head(1) for name in ("projects", "facts")}
    few |= {name: tables[name].head(0) for name in ("claims", "discrepancies")}
    drawing = stage.draw("glance", tables | few, language)
    assert said in drawing.headline
    assert step in [text.get_text() for text in drawing.figure.axes[0].texts]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_report_that_holds_nothing_else_is_no_step_of_the_glance(language):
    tables = dict(stage.study("real"))
    none = {name: tables[name].head(0) for name in ("facts", "claims", "discrepancies")}
    drawing = stage.draw("glance", tables | none, language)
    last = Wording(language, "glance")("report.lead")
    assert last not in [text.get_text() for text in drawing.figure.axes[0].texts]
    assert last.lower() not in drawing.alt.lower()


MEASURES = pd.DataFrame({"role_code": list("aaabbc"), "mark": ["[1]", *[""] * 5]})
ROLES = pd.DataFrame({"code": list("abc"), "label_en": ["Model", "Planner", "Provider"]})


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        (MEASURES, "No role has more measures, as we count them, than “Model”: three of six."),
        (MEASURES[1:], "For two roles we count equally many measures, and more for no other (two "
                       "of five each): “Model” and “Planner”."),
        (MEASURES[:3], "We count all three measures for the role “Model”."),
        (MEASURES[:1], "We count the only measure for the role “Model”."),
    ],
)  # fmt: skip
def test_the_role_with_most_measures_is_not_said_to_have_most_of_them(measures, said):
    assert roles.headline(measures, ROLES, Wording("en", "roles")) == said


def test_a_study_that_cites_no_literature_on_measures_has_no_numbers_in_brackets():
    words = Wording("en", "roles")
    some, none = (roles.caption(rows, words) for rows in (MEASURES, MEASURES[1:]))
    assert "For one of the measures the study cites literature" in some
    assert "literature" not in none
    assert none.endswith("action field.")


@pytest.mark.parametrize(
    ("measures", "said"),
    [(0, "list no measure, and no"), (1, "list one measure, but no"), (2, "list two measures, ")],
)
def test_a_field_that_the_conclusion_names_may_have_neither_measure_nor_statement(measures, said):
    row = {"label_en": "Trees", "measures": measures, "interview": 0, "case": 0}
    rows = pd.DataFrame([row | {"is_concluded": True}])
    assert said in cansay.headline(rows, Wording("en", "cansay"))


@pytest.mark.parametrize(("language", "said"), [("de", "Fazit"), ("en", "onclusion")])
def test_where_the_conclusion_names_no_field_nothing_is_said_of_it(language, said):
    tables = stage.study("real")
    for concluded in ("", "procurement"):
        drawing = stage.draw("cansay", tables, language, concluded=concluded)
        drawn = [text.get_text() for text in drawing.figure.axes[0].texts]
        texts = " ".join([*drawn, drawing.alt, drawing.caption, *drawing.data])
        assert (said in texts.replace(drawing.headline, "")) == bool(concluded)


@pytest.mark.parametrize(
    ("marks", "language", "said"),
    [
        (["EG"], "de", "das Kürzel des Falls ist EG"),
        (["EG"], "en", "the case is abbreviated EG"),
        (["EG", "L"], "en", "the cases are abbreviated EG and L"),
        ([], "en", ""),
    ],
)
def test_marks_of_cases_are_explained_as_many_as_they_are(marks, language, said):
    roles = stage.study("real")["codes"].query("dimension == 'role'")
    _, _, explained = cansay.coloured(roles, marks, Wording(language, "cansay")).partition("; ")
    assert explained == said


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize(
    ("topic", "key"),
    [("cansay", "headline.told"), ("contradictions", "headline"), ("comparison", "headline")],
)
def test_none_or_one_of_a_single_thing_is_not_told_as_a_share(language, n, topic, key):
    words = Wording(language, topic)
    said = words.count(key, n, total=words.numeral(1), case="Auental")
    assert not re.search(r"\b(von eine[mr]|of one)\b", said, re.IGNORECASE)


def test_large_numbers_are_read_aloud_as_the_language_writes_them():
    many, blank = pd.DataFrame(index=range(1500)), {"label_de": "x", "title_de": "x"}
    codes = pd.DataFrame([{"code": kind, "dimension": kind} | blank for kind in ("role", "field")])
    codes["role_code"] = [None, "role"]
    row = blank | {"measures": 1500, "interview": 1500, "case": 0, "is_concluded": True}
    noted = many.assign(discrepancy_id=many.index, kind="wording", part="1", **blank)
    said = [
        contradictions.alt(noted, Wording("de", "contradictions")),
        roles.alt(many.assign(field_code="field"), codes, Wording("de", "roles")),
        cansay.alt(pd.DataFrame([row]), Wording("de", "cansay")),
    ]
    assert [("1.500" in text, "1500" in text) for text in said] == [(True, False)] * 3


def test_two_versions_of_a_target_count_once_in_the_headline_of_a_case():
    tables = stage.study("real")
    known = tables["targets"]
    settled = tables | {"targets": known.assign(discrepancy_id=None)}
    before, after = (
        stage.draw("case", changed, "en", case="leverkusen").headline
        for changed in (tables, settled)
    )
    assert before.endswith("; four climate targets (three of companies) are stated.")
    assert after.endswith("; five climate targets (three of companies) are stated.")


def test_a_case_is_headed_by_what_has_begun_and_by_the_fields_that_most_projects_belong_to():
    tables = stage.study("real")

    def said(projects, language="en"):
        changed = tables | {"projects": projects}
        return stage.draw("case", changed, language, case="duisburg").headline

    own = tables["projects"].query("case_id == 'duisburg'")
    assert said(own) == (
        "Duisburg: five of ten projects are under way or finished; the most frequent field is "
        "“Advising, learning, networking”, with three projects; no climate target is stated."
    )
    assert said(own, "de") == (
        "Duisburg: Im Gang oder abgeschlossen sind fünf von zehn Vorhaben; häufigstes Feld ist "
        "„Beraten, lernen, vernetzen“ mit drei Vorhaben; genannt ist kein Klimaziel."
    )
    tied = own[own["field_code"].isin(["field.networking", "field.energy_supply"])].tail(3)
    more = pd.concat([tied, tied.tail(2).assign(project_id=["x", "y"])])
    more["field_code"] = ["field.networking", "field.targets"] * 2 + ["field.energy_supply"]
    assert "the most frequent fields are “Targets" in said(more)
    assert said(tied.head(1).assign(status="running")) == (
        "Duisburg: the one project is under way or finished; no climate target is stated."
    )
    assert "no project is said to be under way" in said(tied.assign(status="planned"))
    assert said(own.head(0)).startswith("Duisburg: no project is named;")


def test_headlines_are_short_enough_to_name_a_picture():
    tables = stage.study("real")
    long = [
        (name, language)
        for name, parameters in stage.runs(tables)
        for language in stage.LANGUAGES
        if len(stage.draw(name, tables, language, **parameters).headline) > 250
    ]
    assert long == []


def test_two_versions_of_a_target_count_once_among_the_targets():
    tables = dict(stage.study("mini"))
    known = tables["targets"]
    parts = known["kind"].eq("climate_neutral") & known["covers"].notna() & known["year"].notna()
    dated, undated = known[parts].head(1), known[known["year"].isna()].head(1)
    said = []
    for versions in (1, 2):
        told = pd.concat([dated.assign(covers="supply"), undated] * versions, ignore_index=True)
        told = told.assign(discrepancy_id=known["discrepancy_id"].dropna().iloc[0])
        told["target_id"] = [str(n) for n in range(len(told))]
        drawing = stage.draw("targets", tables | {"targets": told}, "en")
        caption, versions, _ = drawing.caption.partition("; two versions of a target")
        assert bool(versions) == (len(told) > 2)
        said.append((drawing.headline, caption.removesuffix(".")))
    assert said[0] == said[1]
    assert "The one target for climate neutrality" in said[0][0]
    assert "one target names no year" in said[0][1]


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Liste mit einem Ziel ohne Jahr: "), ("en", "List of one target without a year: ")],
)
def test_targets_without_a_year_are_no_ladder(language, said):
    tables = dict(stage.study("mini"))
    undated = tables["targets"][tables["targets"]["year"].isna()].head(1)
    alt = stage.draw("targets", tables | {"targets": undated}, language).alt
    assert alt.startswith(said)


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_every_number_of_a_finding_is_in_the_headline_that_states_it(language):
    tables, words = stage.study("real"), Wording(language)
    findings = tables["findings"].dropna(subset="headline_of")
    assert len(findings) > 5
    known = Tables(tables)
    for finding in findings.to_dict("records"):
        said = stage.draw(finding["headline_of"], tables, language).headline
        for number in NUMBERS.findall(finding[f"template_{language}"]):
            n = words.numeral(int(known.value(parse(number, NUMBER))))
            assert n in said or capitalised(n) in said, (finding["finding_id"], n, said)


# None of several things, or one of one, told as if they were some of many.
ODD = re.compile(
    r"(?<!net )\b(?:null|zero) (?!line)|\beine[rsm]? (?:von|der) eine[rsmn]?\b"
    r"|\bone of (?:the )?one\b"
)
OF_FEW = (
    "codings", "cooperation", "fragility", "governance", "influence", "initiatives", "leitbild",
    "opportunities", "relations", "targets", "timeline",
)  # fmt: skip


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize(
    "study", ["single", "without_roles", "without_years", "role_without_field"]
)
def test_nothing_and_one_thing_are_told_as_such(study, language):
    tables = small.STUDIES[study]()
    for name, parameters in stage.runs(tables):
        if name in OF_FEW:
            drawing = stage.draw(name, tables, language, **parameters)
            for text in (drawing.headline, drawing.caption, drawing.alt):
                assert not ODD.search(text), (name, text)


def test_governance_says_how_many_items_there_are_and_are_drawn():
    tables = dict(stage.study("mini"))
    items, said = tables["governance"], []
    for n, is_shown in ((0, True), (1, False), (2, [True, False]), (2, False)):
        level = items["level_id"].iloc[0]
        tables["governance"] = items.head(n).assign(is_shown=is_shown, level_id=level)
        captions = [stage.draw("governance", tables, each).caption for each in ("de", "en")]
        said.append(captions)
    none, one, one_of_two, nothing_chosen = said
    assert "Angabe" not in none[0]
    assert "rule, instrument" not in none[1]
    assert "Die einzige Angabe zu Regeln" in one[0]
    assert "study is in the table, too." in one[1]
    assert "zeigen wir hier eine; alle" in one_of_two[0]
    assert "we show one here; all" in one_of_two[1]
    assert "we show two here; all" in nothing_chosen[1], "else a level would look empty"


@pytest.mark.parametrize(
    ("municipal", "kinds", "said"),
    [
        (2, 3, "We distinguish no level besides the municipality."),
        (1, 0, "The study names no targets for the one level that"),
        (1, 3, "The study names targets for the one level that"),
        (0, 0, "For none of two levels that"),
    ],
)
def test_a_level_besides_the_municipality_is_not_one_of_one(municipal, kinds, said):
    tables, words = stage.study("mini"), Wording("en", topic="governance")
    levels = tables["levels"].head(2).assign(is_municipal=[municipal > 1, municipal > 0])
    targets = tables["targets"].assign(level_id=levels["level_id"].iloc[0]).head(kinds)
    assert governance.headline(levels, targets, words).startswith(said)


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        (["territory"], "The one target for climate neutrality lies in 2040."),
        (["supply"], "The one target for climate neutrality lies in 2040 and covers only a part."),
        (["supply"] * 3, "Targets for climate neutrality lie in 2040, but all of them cover only"),
        (["supply", "company", "company"], "…, but one of the three covers only a part."),
        (["company", "company"], "Targets for climate neutrality lie in 2040."),
    ],
)
def test_targets_of_a_part_are_told_from_all_of_them(covers, said):
    tables, words = stage.study("mini"), Wording("en", topic="targets")
    one = tables["targets"].query("target_id == 'state-neutral'").assign(year=2040)
    rows = pd.concat([one.assign(covers=what) for what in covers], ignore_index=True)
    assert said.strip("…") in targets.headline(rows, words)


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_targets_explains_what_is_drawn(language):
    tables, words = dict(stage.study("real")), Wording(language, topic="targets")
    known = tables["targets"]
    whole, part, notes = (
        {"de": said[0], "en": said[1]}[language]
        for said in (
            ("Ganz gefüllte Kreise", "Solid circles"),
            ("alb gefüllte", "alf-filled"),
            ("Hochgestellte Ziffern", "Superscript numbers"),
        )
    )
    for chosen, shown in (
        (known, [whole, part, notes]),
        (known.query("kind == 'climate_neutral' and covers != 'industry'"), [whole, part, notes]),
        (known.query("covers == 'company'"), [whole]),
        (known.query("target_id == 'sci4climate-industry-2045'"), [part]),
        (known.query("kind == 'temperature'"), []),
    ):
        said = targets.caption(chosen, tables["discrepancies"], words)
        assert [what for what in (whole, part, notes) if what in said] == [
            what for what in (whole, part, notes) if what in shown
        ]
        assert " 0 " not in said
        assert said.count(".") == 2 + (notes in shown)


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        (["said"], "The one goal names municipalities."),
        (["said", "said"], "Each of the two goals names municipalities."),
        (["unsaid"], "The one goal does not name municipalities, but by our assignment needs"),
        (["none"], "The one goal does not name municipalities and, by our assignment, touches"),
        (
            ["none", "none"],
            "Of two goals of the guiding principles, none names municipalities; by our",
        ),
    ],
)
def test_a_single_goal_is_not_one_of_one(goals, said):
    frame = pd.DataFrame({"unit_id": range(len(goals)), "link": goals})
    assert leitbild.headline(frame, Wording("en", topic="leitbild")).startswith(said)


def test_one_statement_project_or_finding_is_not_one_of_one():
    names = {"label_en": ["A", "B"], "code": ["a", "b"]}
    sides, words = pd.DataFrame(names), Wording("en", topic="opportunities")
    about = {"code": "b", "statement_id": "s", "locator": "1", "source_id": "x"}
    marks = pd.DataFrame([{**about, "municipality_id": place} for place in ("n", "s")])
    places = pd.DataFrame({"municipality_id": ["n", "s"], "label_en": ["North", "South"]})
    said = [opportunities.headline(marks.head(n), sides, places, words) for n in (1, 2)]
    assert said == [f"We ascribe the one statement coded “B” to {where}." for where in
                    ("North", "North and South")]  # fmt: skip
    placed = pd.DataFrame({"topic": ["a"], "role": ["b"], "project_id": ["p"]})
    words = Wording("en", topic="relations")
    met = relations.headline(placed, sides.head(1), sides.tail(1), words)
    assert met == "The one project on “A” is coded with the role “B”."
    none = relations.headline(placed.assign(role=None), sides.head(1), sides.tail(1), words)
    assert none == "The one project is not coded with a role."
    words = Wording("en", topic="fragility")
    for robustness, holds in (("robust", "holds in every"), ("shaky", "does not hold in every")):
        finding = pd.DataFrame({"robustness": [robustness]})
        assert fragility.headline(finding, words).startswith(
            f"The one finding from the coding {holds}"
        )


def test_the_only_target_with_a_year_is_not_the_most_frequent():
    only = stage.study("mini")["targets"].dropna(subset="year").head(1)
    words = Wording("en", topic="timeline")
    said = timeline.headline(only, words)
    assert said == f"The only target with a year is set for {only['year'].iloc[0]}."


@pytest.mark.parametrize("name", ["timeline", "leitbild", "codings", "opportunities"])
def test_thousands_of_things_are_read_aloud_as_the_language_writes_them(name):
    tables, again = dict(stage.study("mini")), 1500
    words = Wording("de", topic=name)
    if name == "timeline":
        events = tables["events"].head(1)
        events = pd.concat([events] * again, ignore_index=True)
        sources = tables["sources"]
        said = timeline.alt(events, tables["targets"].head(0), sources, (2000, 2040), words)
    elif name == "leitbild":
        goals = pd.DataFrame({"unit_id": range(again), "group": "g", "link": "none"})
        goals["with_code"] = None
        topics = pd.DataFrame({"group": ["g"], "label_de": ["Thema"]})
        said = leitbild.alt(goals, topics, tables["codes"], words)
    elif name == "codings":
        place = tables["municipalities"].head(1)
        code = tables["codes"].head(1)
        coded = pd.DataFrame({"statement_id": range(again), "code": code["code"].iloc[0]})
        coded["municipality_id"] = place["municipality_id"].iloc[0]
        more = pd.DataFrame({"x": 0}, code["code"]).astype("Int64")
        said = codings.alt(coded, code, place, more, words)
    else:
        topics = pd.DataFrame({"code": ["t"], "label_de": ["Thema"]})
        sides = pd.DataFrame({"code": ["a", "b"], "label_de": ["A", "B"]})
        marks = pd.DataFrame({"with_code": ["t"] * again, "code": "b"})
        said = opportunities.alt(marks, topics, sides, words)
    assert "1.500" in said
    assert "1500" not in said


def test_opportunities_are_headed_by_more_than_half_only_where_it_is():
    tables = stage.study("real")
    said = stage.draw("opportunities", tables, "en").headline
    assert (
        "we ascribe nine, more than half, to Erwitte, seven of them from a single sentence" in said
    )
    german = stage.draw("opportunities", tables, "de").headline
    assert "rechnen wir neun und damit mehr als die Hälfte Erwitte zu" in german
    own = tables["statements"].query("municipality_id == 'erwitte'")["unit_id"]
    codings = tables["codings"]
    is_own = codings["unit_id"].isin(own) & (codings["code"] == "aspect.opportunity")
    fewer = codings.drop(codings[is_own].index[:4])
    said = stage.draw("opportunities", tables | {"codings": fewer}, "en").headline
    assert "we ascribe five to Erwitte" in said


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", ("Schönberger", "quer", "für alle")), ("en", ("Schönberger", "across", "all of them"))],
)
def test_what_cuts_across_is_told_of_where_there_is_such_an_area(language, said):
    tables = dict(stage.study("real"))
    assert "Schönberger" in stage.draw("influence", tables, language).caption
    direct = {"influence": tables["influence"].dropna(subset="role_code")}
    caption = stage.draw("influence", tables | direct, language).caption
    assert [word for word in said if word in caption] == []


@pytest.mark.parametrize(
    ("language", "several", "none"),
    [
        ("de", "“ oder „", "; mit keinem der Handlungsfelder ist eine Aussage codiert."),
        ("en", "” or “", "; no statement is coded as any of the action fields."),
    ],
)
def test_fields_that_no_statement_is_about_are_joined_by_or(language, several, none):
    tables = dict(stage.study("real"))
    fields = tables["codes"].dropna(subset="role_code")["code"]
    for silent, said in ((fields[:2], several), (fields, none)):
        codings = tables["codings"][~tables["codings"]["code"].isin(silent)]
        counts = tables["code_counts"]
        counts = counts[~counts["code"].isin(silent)]
        told = tables | {"codings": codings, "code_counts": counts}
        assert said in stage.draw("codings", told, language).headline


def test_roles_with_as_many_measures_are_quoted_each():
    measures = pd.DataFrame({"role_code": ["role.a", "role.b"], "field_code": ["x", "y"]})
    codes = pd.DataFrame({"code": ["role.a", "role.b"], "label_en": ["Advisor and promoter", "B"]})
    said = roles.headline(measures, codes, Wording("en", "roles"))
    assert said.endswith(": “Advisor and promoter” and “B”.")


@pytest.mark.parametrize(
    ("language", "without", "one"),
    [("de", "die allgemeinen Dialoge", "mindestens einer von ihnen"),
     ("en", "the general dialogues", "at least one of them")],
)  # fmt: skip
def test_no_headline_of_cooperation_counts_the_general_dialogues(language, without, one):
    tables = dict(stage.study("real"))
    known = tables["cooperation"]
    of_one = known[known["project_id"] == known["project_id"].iloc[0]]
    for rows, status in ((known, "active"), (of_one, "active"), (of_one, "prospective")):
        told = tables | {"cooperation": rows.assign(status=status)}
        headline = stage.draw("cooperation", told, language).headline
        assert without in headline
        assert (one in headline) == (status == "active")


@pytest.mark.parametrize(
    ("language", "lists", "none"),
    [("de", "der Liste SRQR in", "keinem von"), ("en", "the checklist SRQR in", "none of")],
)
def test_a_caption_names_the_checklists_that_there_are(language, lists, none):
    tables = dict(stage.study("real"))
    own = tables["reporting"].query("checklist == 'srqr'")
    caption = stage.draw("reporting", tables | {"reporting": own}, language).table_caption
    assert lists in caption
    assert "COREQ" not in caption
    blank = {column: None for column in own if column.startswith("answer_") or column == "locator"}
    unanswered = tables | {"reporting": own.assign(**blank)}
    assert none in stage.draw("reporting", unanswered, language).table_caption


def test_two_items_of_a_checklist_may_have_one_number():
    tables = dict(stage.study("real"))
    same = tables["reporting"].assign(order=1)
    assert stage.draw("reporting", tables | {"reporting": same}).table is not None


@pytest.mark.parametrize(
    ("language", "asked", "method"),
    [("de", ("efragt",), ", ohne jene zur Methode"),
     ("en", ("uestioned", "Respondents"), ", without those on method")],
)  # fmt: skip
def test_where_nobody_was_asked_nothing_is_said_of_it(language, asked, method):
    tables = dict(stage.study("real"))
    before = stage.draw("interviews", tables, language)
    nobody = tables | {"interviews": tables["interviews"].head(0)}
    drawing = stage.draw("interviews", nobody, language)
    drawn = [text.get_text() for text in drawing.figure.axes[0].texts]
    texts = " ".join([*drawn, drawing.alt, drawing.caption])
    assert [word for word in asked if word in texts] == []
    assert method in before.caption
    themes = tables["codings"]["code"].str.startswith("theme.")
    units = tables["codings"].loc[themes, "unit_id"]
    said = tables["statements"][tables["statements"]["unit_id"].isin(units)]
    assert method not in stage.draw("interviews", tables | {"statements": said}, language).caption


def test_statements_of_a_project_may_have_a_blank_between_them():
    tables = dict(stage.study("real"))
    mentions = tables["project_mentions"]
    spaced = mentions.assign(unit_id=mentions["unit_id"].str.replace(";", "; "))
    before = stage.draw("relations", tables, "en")
    after = stage.draw("relations", tables | {"project_mentions": spaced}, "en")
    assert (after.headline, after.alt) == (before.headline, before.alt)
    assert after.data.equals(before.data)
