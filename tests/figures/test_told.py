"""What notebooks say stays true of whatever parameters they are told, and of whatever data."""

import re

import pandas as pd
import pytest
import stage

from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once


def real(**changed):
    """The tables of this study, some of them changed."""
    return dict(stage.study("real")) | changed


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_the_timeline_names_the_kinds_that_are_left_out(language):
    words = Wording(language, "timeline")
    without = {"de": "(ohne ", "en": "(without "}[language]
    everything = stage.draw("timeline", real(), language, left_out="")
    assert without not in everything.caption
    less = stage.draw("timeline", real(), language, left_out="statistics, history")
    kinds = (words(f"kind.{kind}") for kind in ("statistics", "history"))
    said = words.listing(words("quoted", text=kind) for kind in kinds)
    assert f"{said})" in less.caption.partition(without)[2]
    assert len(less.data) < len(everything.data)


def test_a_kind_that_is_left_out_of_the_timeline_has_no_label():
    drawing = stage.draw("timeline", real(), "en", labelled="law plan", left_out="plan")
    assert "Labels go to the kind “Law”, and" in drawing.caption
    none = stage.draw("timeline", real(), "en", labelled="plan", left_out="plan")
    assert "Labels go to spans with" in none.caption


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"left_out": "statistic"}, "left_out: no 'statistic' (did you mean 'statistics'?)"),
        ({"first": 2060}, "first: 2060 is after 2050, the last year"),
        ({"first": 2030, "last": 2020}, "first: 2030 is after 2020, the last year"),
    ],
)
def test_a_timeline_that_cannot_be_is_refused(told, wrong):
    with pytest.raises(ValueError, match=re.escape(wrong)):
        stage.draw("timeline", real(), "en", **told)


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_the_timeline_explains_what_is_drawn(language):
    arrow, notes, labels = (
        ("Ein Pfeil", "Hochgestellte", "Beschriftet")
        if language == "de"
        else ("An arrow", "Superscript", "Labels go")
    )
    known = real()
    settled = {name: known[name].head(0) for name in ("discrepancies", "context_discrepancies")}
    silent = {name: known[name].head(0) for name in ("events", "context_events")}
    for changed, shown in (
        ({}, [arrow, notes, labels]),
        (settled, [arrow, labels]),
        (silent, []),
    ):
        said = stage.draw("timeline", real(**changed), language).caption
        assert [sign for sign in (arrow, notes, labels) if sign in said] == shown
    early = {"first": 2049, "last": 2050}
    assert arrow not in stage.draw("timeline", real(), language, **early).caption


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize(
    ("name", "told", "source"),
    [
        ("circularcity", {"source": "mwike2025"}, "mwike2025"),
        ("alliance", {"source": "tholen2022", "asking": ""}, "tholen2022"),
        ("leitbild", {"source": "difu"}, "difu"),
    ],
)
def test_of_a_chosen_source_alone_is_said_that_it_has_nothing(language, name, told, source):
    tables = real()
    label = tables["sources"].set_index("source_id").loc[source, f"label_{language}"]
    said = stage.draw(name, tables, language, **told).skipped
    assert said in {f"Dazu enthält {label} nichts.", f"{label} has nothing on this."}


def test_a_kind_of_statement_that_no_document_makes_is_refused():
    with pytest.raises(ValueError, match=r"kind: no 'gaol' \(did you mean 'goal'\?\)"):
        stage.draw("leitbild", real(), "en", kind="gaol")


@pytest.mark.parametrize(("language", "said"), [
    ("de", "Das Dokument datiert 18 Ereignisse."),
    ("en", "The document dates 18 events."),
])  # fmt: skip
def test_where_nobody_asks_no_side_tells_of_events(language, said):
    known = real()
    events = known["context_events"].query("kind != 'closure'")
    own = events[events["source_id"] == "landesregierung2012"]
    again = pd.concat([own.sample(18, replace=True, random_state=0)], ignore_index=True)
    drawing = stage.draw("alliance", real(context_events=again), language, asking="")
    assert drawing.headline == said


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize("asking", ["questioners", ""])
def test_the_caption_of_an_alliance_explains_raised_numbers_if_there_are_any(language, asking):
    known = real()["context_discrepancies"]
    captions = [
        stage.draw("alliance", real(context_discrepancies=rows), language, asking=asking).caption
        for rows in (known, known.head(0))
    ]
    sign = {"de": "Hochgestellte", "en": "Superscript"}[language]
    assert [sign in caption for caption in captions] == [True, False]


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_goals_without_a_link_have_no_colour_and_none_of_them_is_another(language):
    known = real()["context_codings"]
    bare = known[known["code"].str.startswith("topic.")]
    drawing = stage.draw("leitbild", real(context_codings=bare), language)
    assert {"de": "von den übrigen", "en": "of the others"}[language] not in drawing.headline
    assert {"de": "Die Farbe", "en": "colour"}[language] not in drawing.caption


@pytest.mark.parametrize("kind", ["commitment", "duty", "task", "project"])
@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_statements_that_are_no_goals_are_not_called_so(language, kind):
    drawing = stage.draw("leitbild", real(), language, kind=kind)
    for text in (drawing.headline, drawing.caption, drawing.alt, *drawing.data.columns):
        assert not re.search({"de": r"\bZiele?n?\b", "en": r"\b[Gg]oals?\b"}[language], text)
    assert {"de": "Aussage", "en": "tatement"}[language] in drawing.headline


def test_the_sizes_of_a_network_are_cited_from_where_they_stand():
    facts = real()["facts"]
    told = {"source": "difu"}
    drawing = stage.draw("initiatives", real(), "en", **told)
    label = real()["sources"].set_index("source_id")["label_en"]
    assert label["dihk2024"] in drawing.caption
    assert label["difu"] not in drawing.caption
    without_tasks = real(context_items=real()["context_items"].head(0))
    assert label["dihk2024"] in stage.draw("initiatives", without_tasks, "en", source="").caption
    size = facts["fact_id"] == "network_initiatives_end"
    shrunk = real(facts=facts.assign(value=facts["value"].mask(size, 20)))
    said = stage.draw("initiatives", shrunk, "en").caption
    assert "as far as" not in said
    assert "and the target" in said
    assert "includes the initiatives from the start" not in said


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_the_caption_of_a_joint_project_promises_what_it_tells(language):
    duties = {"de": "Pflichten", "en": "duties"}[language]
    assert duties in stage.draw("circularcity", real(), language).caption
    items = real()["context_items"].query("kind != 'duty'")
    without = stage.draw("circularcity", real(context_items=items), language).caption
    assert duties not in without
    single = stage.draw("circularcity", real(), language, source="dihk2024")
    assert duties not in single.caption


@pytest.mark.parametrize("name", ["circularcity", "alliance", "initiatives"])
@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_a_name_that_ends_in_a_full_stop_does_not_get_another(language, name):
    sources = real()["sources"].assign(label_de="Verein o. J.", label_en="Club n.d.")
    drawing = stage.draw(name, real(sources=sources), language)
    for text in (drawing.caption, drawing.table_caption):
        assert ".." not in text


NAMES = {"de": r"\bThem(a|en)\b|\bRollen?\b", "en": r"\b[Tt]opics?\b|\b[Rr]oles?\b"}


@pytest.mark.parametrize("language", stage.LANGUAGES)
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("relations", {"role": "field", "topic": "aspect"}),
        ("relations", {"role": "theme", "topic": "field"}),
        ("opportunities", {"dimension": "field"}),
    ],
)
def test_codes_of_another_dimension_are_neither_topics_nor_roles(language, name, told):
    codes = real()["codes"]
    plain = codes.assign(**{f"label_{language}": [f"C{n}" for n in range(len(codes))]})
    dimensions = real()["dimensions"]
    named = dimensions.assign(**{f"label_{language}": dimensions["dimension"].str.upper()})
    tables = real(codes=plain, dimensions=named)
    drawing = stage.draw(name, tables, language, **told)
    drawn = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert all(dimension.upper() in drawing.caption for dimension in told.values())
    texts = [drawing.headline, drawing.caption, drawing.alt, *drawing.data.columns, *drawn]
    assert [text for text in texts if re.search(NAMES[language], text)] == []


def test_two_of_the_same_dimension_are_refused():
    with pytest.raises(ValueError, match="role and topic are both 'topic'; expected two"):
        stage.draw("relations", real(), "en", role="topic")


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_a_comparison_without_gaps_explains_none(language):
    hatched = {"de": "schraffiert", "en": "hatched"}[language]
    known = real()
    assert hatched in stage.draw("comparison", known, language).caption
    full = known["comparison"].groupby("characteristic_id")["case_id"].nunique()
    whole = [*full.index[full == len(known["cases"])]]
    characteristics, comparison = (
        known[name][known[name]["characteristic_id"].isin(whole)]
        for name in ("characteristics", "comparison")
    )
    assert len(comparison)
    less = real(characteristics=characteristics, comparison=comparison)
    assert hatched not in stage.draw("comparison", less, language).caption
