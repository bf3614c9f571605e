"""The figures and tables of the documents around the study: what they hold is what the documents
say, and what a headline says follows from the data.
"""

import pandas as pd
import pytest
import stage
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from picture import Picture

from analysis.drawing import style
from analysis.drawing.yearaxis import YearAxis
from analysis.figures import alliance, circularcity, initiatives, valueadded
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once

SIZES = {"start": 31, "end": 93, "target": 60}


def real():
    return stage.study("real")


def facts(**values):
    """The numbers of the network, with other values for some of them or without (None)."""
    names = {f"network_initiatives_{part}": part for part in SIZES}
    rows = real()["facts"][real()["facts"]["fact_id"].isin(names)]
    rows = rows.assign(part=rows["fact_id"].map(names))
    changed = rows["part"].map(SIZES | values)
    return rows.assign(value=changed)[changed.notna()]


def bars(figure):
    """The width of the bars in each of their colours, from top to bottom."""
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [(to_hex(box.get_facecolor()), box.get_width()) for box in boxes if box.get_width() > 0]


def test_bars_are_as_long_as_their_numbers_and_the_start_is_dark_in_both():
    drawn = bars(initiatives.draw(facts(), Wording("de", topic="initiatives")))
    dark, light = to_hex(initiatives.START), to_hex(initiatives.ADDED)
    assert [colour for colour, _ in drawn] == [dark, dark, light]
    (_, first), (_, again), (_, added) = drawn
    assert first == pytest.approx(again)
    assert (again + added) / first == pytest.approx(93 / 31)


def test_a_network_that_shrank_has_a_shorter_bar_and_nothing_added():
    drawn = bars(initiatives.draw(facts(end=20), Wording("de", topic="initiatives")))
    assert [colour for colour, _ in drawn] == [to_hex(initiatives.START)] * 2
    assert drawn[1][1] / drawn[0][1] == pytest.approx(20 / 31)


def test_the_headline_of_initiatives_follows_from_the_numbers():
    words = Wording("en", topic="initiatives")
    assert initiatives.headline(facts(end=55), words).endswith(
        "to 55 initiatives; the target was 60."
    )
    assert initiatives.headline(facts(target=None), words) == "From 31 to 93 initiatives."
    assert "only part" in initiatives.headline(facts(end=None), words)


def test_the_headline_of_initiatives_keeps_what_a_number_is_reserved_with():
    words = Wording("en", topic="initiatives")
    known = facts(end=2000, target=1000).assign(qualifier=["about", "almost", "more_than"])
    assert [*known["part"]] == ["start", "end", "target"]
    assert initiatives.headline(known, words) == (
        "From about 31 to almost 2,000 initiatives; the target was more than 1,000."
    )


@pytest.mark.parametrize("part", SIZES)
def test_a_size_that_is_but_several_is_not_drawn(part):
    words, known = Wording("en", topic="initiatives"), facts()
    known.loc[known["part"] == part, ["value", "qualifier", "short_en"]] = [None, "several", "some"]
    less = facts(**{part: None})
    assert initiatives.headline(known, words) == initiatives.headline(less, words)
    assert bars(initiatives.draw(known, words)) == bars(initiatives.draw(less, words))
    said, drawn = (initiatives.alt(frame, words).partition(".")[0] for frame in (known, less))
    assert said == drawn
    assert initiatives.caption(known, "x", words) == initiatives.caption(less, "x", words)


def test_a_network_of_nobody_is_drawn():
    nobody = initiatives.draw(facts(start=0, end=0, target=0), Wording("de", topic="initiatives"))
    assert not bars(nobody)


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
@pytest.mark.parametrize("sizes", [(31, 93, 60), (1200, 93000, 60000), (31, 20, 930000)])
def test_numbers_and_the_name_of_the_target_stand_on_the_sheet(sizes, width):
    known = facts(**dict(zip(SIZES, sizes, strict=True)))
    known["short_de"] = [f"mindestens {n}" for n in known["value"]]
    name = "Ziel für alle Initiativen des ganzen Netzwerks im Land bis zum Ende der Laufzeit"
    known["indicator_de"] = known["indicator_de"].mask(known["part"] == "target", name)
    figure = initiatives.draw(known, Wording("de", topic="initiatives"), width)
    picture = Picture(figure)
    assert not picture.outside()
    assert not picture.overlapping()


@pytest.mark.parametrize(
    ("values", "drawn", "grown"),
    [
        ({}, "Two horizontal bars on a common scale, with a dashed line for the target.", True),
        ({"target": None}, "Two horizontal bars on a common scale.", True),
        ({"target": None, "end": 20}, "Two horizontal bars on a common scale.", False),
        ({"start": None}, "One horizontal bar, with a dashed line for the target.", False),
        ({"end": None, "target": None}, "One horizontal bar.", False),
    ],
)
def test_of_a_network_is_said_what_is_known_of_it(values, drawn, grown):
    words, known = Wording("en", topic="initiatives"), facts(**values)
    said = initiatives.alt(known, words)
    assert said.startswith(drawn)
    assert said.endswith("a stretch as long as the first has a colour of its own.") == grown
    caption = initiatives.caption(known, "a report", words)
    assert ("target" in caption) == ("target" in set(known["part"]) and grown)
    assert ("from the start" in caption) == grown


def test_tasks_and_results_stand_in_a_table_in_the_order_of_the_source():
    drawing = stage.draw("initiatives", real())
    items = real()["context_items"].query("source_id == 'dihk2024'")
    listed = items[items["kind"].isin(initiatives.KINDS)]
    assert sorted(drawing.table["label"]) == sorted(listed["label_de"])
    of_a_task = listed[(listed["kind"] == "result") & listed["parent_id"].notna()]
    assert (drawing.table["task"] != "").sum() == len(of_a_task)


def told(**others):
    events = real()["context_events"].query("source_id == 'landesregierung2012'")
    voices = pd.Series("answers", events.index).mask(
        events["event_id"].str.contains("stop"), "asks"
    )
    return events.assign(voice=voices, **others)


def test_each_event_has_a_mark_at_its_date_and_endings_a_mark_of_their_own():
    events = told()
    words = Wording("de", topic="alliance")
    figure = alliance.draw(events, real()["context_discrepancies"], words)
    lines = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", "", ">")]
    dated = alliance._dated(events)
    kinds, over = dated["mark"].value_counts(), dated["over"][dated["over"] != ""]
    in_legend = len({*kinds.index, *over})
    years = events["date"].str.fullmatch(r"\d{4}") & ~events["date_qualifier"].isin(
        ["early", "late"]
    )
    assert over.tolist() == ["planned"]
    assert len(lines) == len(events) - years.sum() + len(over) + in_legend
    crosses = [line for line in lines if line.get_marker() == "X"]
    assert len(crosses) == kinds["closure"] + 1 == (events["kind"] == "closure").sum() + 1


def test_a_year_without_a_month_is_a_bar_as_long_as_the_year():
    tables = real()
    events = told()
    events = events[events["event_id"].isin(["alliance-election", "alliance-contract"])]
    words = Wording("de", topic="alliance")
    figure = alliance.draw(events, tables["context_discrepancies"], words)
    axis = YearAxis(2010, 2011, alliance.LEFT, has_undated=False)
    (bar,) = (
        one for one in figure.axes[0].patches if to_hex(one.get_edgecolor()) == style.INK.lower()
    )
    ends = bar.get_x(), bar.get_x() + bar.get_width()
    assert ends == pytest.approx((axis.x(2010), axis.x(2011)))


def test_an_event_in_the_band_of_a_voice_does_not_say_again_who_tells_of_it():
    drawing = stage.draw("alliance", real())
    bands = [text.get_text() for text in drawing.figure.axes[0].texts]
    assert "Laut Fragestellern" in bands
    assert not [text for text in bands if "laut Fragestellern" in text]
    assert not drawing.data["label"].str.contains("laut Fragestellern").any()
    assert "Industrieticker eingestellt," in drawing.alt or "eingestellt;" in drawing.alt


def test_a_period_in_the_history_of_an_alliance_stands_before_its_axis():
    words, notes = Wording("de", topic="alliance"), real()["context_discrepancies"]
    period = told().head(1).assign(date="1800/1899", date_qualifier=None)
    for events, first in ((pd.concat([told().tail(1), period]), "2012"), (period, None)):
        axes = alliance.draw(events, notes, words).axes[0]
        texts = [text.get_text() for text in axes.texts]
        assert words("sign.earlier") in texts
        assert next((text for text in texts if text.startswith("2012")), None) == first


def test_the_axis_of_an_alliance_holds_its_spans_to_their_ends():
    words, notes = Wording("de", topic="alliance"), real()["context_discrepancies"]
    for dates, first, last in (
        (["2008", "2009/2012"], 2008, 2013),
        (["2008-03", "2009/2023"], 2008, 2024),
        (["2009", "1990/2008"], 2009, 2010),
    ):
        events = told().head(2).assign(date=dates, date_qualifier=None, kind="event")
        drawn = alliance._Timeline(style.sheet(), alliance._dated(events), notes, words)
        assert (drawn.axis.first, drawn.axis.last) == (first, last)
        assert ("earlier" in set(drawn.events["mark"])) == (dates[1][:4] < str(first))


def test_the_headline_of_the_alliance_follows_from_its_endings():
    words = Wording("en", topic="alliance")
    assert alliance.headline(told(), words) == (
        "Every ending that the questioners or the government have dated falls in 2011."
    )
    assert alliance.headline(told().assign(voice="answers"), words) == (
        "Every ending with a date falls in 2011."
    )
    planned = told().query("kind == 'closure'").tail(1).assign(date="2015-03")
    planned = planned.assign(date_qualifier="planned", event_id="planned")
    later = pd.concat([told(), planned], ignore_index=True)
    assert "falls in 2011" in alliance.headline(later, words)
    spans = told().assign(date="2010-05/2011-06")
    assert alliance.headline(spans, words).startswith("Events according to")
    none = told().query("kind != 'closure'")
    assert alliance.headline(none, words).endswith(f"according to the government: {len(none)}.")


def test_projects_stand_in_a_table_from_done_to_dropped():
    drawing = stage.draw("alliance", real())
    words = Wording("de", topic="alliance")
    states = [words(f"status.{state}") for state in alliance.STATES]
    places = drawing.table["status"].map(states.index)
    assert places.is_monotonic_increasing
    assert len(drawing.table) == 7


def test_the_project_of_cities_is_a_table_of_everything_the_page_says():
    drawing = stage.draw("circularcity", real())
    items = real()["context_items"].query("source_id == 'difu'")
    listed = items[items["kind"].isin(circularcity.KINDS)]
    assert drawing.figure is None
    assert sorted(drawing.data["label"]) == sorted(listed["label_de"])
    kinds = drawing.data["kind"].value_counts()
    assert (kinds["Ziel"], kinds["Übergeordnetes Ziel"]) == (3, 1)
    counted = "Nach unserer Zählung soll das Modell aus sechs Bestandteilen bestehen."
    assert drawing.caption.startswith(counted)
    assert "undatiert" in drawing.caption
    words = Wording("de", topic="circularcity")
    fewer = listed.drop(listed.index[listed["kind"] == "component"][1:])
    assert circularcity.headline(fewer, words) == "Das Modell soll aus einem Bestandteil bestehen."


@pytest.mark.parametrize("language", stage.LANGUAGES)
def test_alternative_texts_of_documents_name_every_number_and_event(language):
    growth, history = (stage.draw(name, real(), language) for name in ("initiatives", "alliance"))
    assert all(str(size) in growth.alt for size in SIZES.values())
    events = real()["context_events"].query("source_id == 'landesregierung2012'")
    labels = events[f"label_{language}"].str.replace(r" \((laut|according).*\)$", "", regex=True)
    assert all(label in history.alt for label in labels)


def added_value(**values):
    """What the guiding principles tell of value added, with other values (by id of the fact)."""
    rows = real()["facts"]
    rows = rows.assign(value=rows["fact_id"].map(values).fillna(rows["value"]))
    return valueadded.changes(rows, ["leitbild_value_added_fall_nrw"],
                              ["leitbild_value_added_rise_germany"])  # fmt: skip


def test_value_added_ends_where_its_percentage_says():
    rows = added_value().set_index("fact_id")
    assert rows["index"].to_dict() == {
        "leitbild_value_added_rise_germany": 139,
        "leitbild_value_added_fall_nrw": 90,
    }
    figure = valueadded.draw(added_value(), Wording("de", topic="valueadded"))
    dotted = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    (rise, fall) = [line.get_ydata()[1] - line.get_ydata()[0] for line in dotted]
    assert rise / fall == pytest.approx(39 / -10)


def test_a_rise_of_value_added_above_all_of_it_is_drawn():
    rows = added_value(leitbild_value_added_rise_germany=140)
    assert rows["index"].max() == 240
    picture = Picture(valueadded.draw(rows, Wording("de", topic="valueadded")))
    assert picture.outside() == []


@pytest.mark.parametrize(
    ("language", "fall", "rise", "lead"),
    [
        ("de", 10, 39, "Von 1992 bis 2023 sank die Wertschöpfung um 10 Prozent (Verarbeitendes "
         "Gewerbe in NRW) und stieg um 39 Prozent (Verarbeitendes Gewerbe in Deutschland)."),
        ("en", 10, 39, "From 1992 to 2023, value added fell by 10 per cent (manufacturing in NRW) "
         "and rose by 39 per cent (manufacturing in Germany)."),
        ("de", -1, -2, "Von 1992 bis 2023 sank die Wertschöpfung um 2 Prozent (Verarbeitendes "
         "Gewerbe in Deutschland) und stieg um 1 Prozent (Verarbeitendes Gewerbe in NRW)."),
        ("de", 0, 0, "Von 1992 bis 2023 blieb die Wertschöpfung gleich (Verarbeitendes Gewerbe in "
         "NRW und Verarbeitendes Gewerbe in Deutschland)."),
        ("en", 0, 5, "From 1992 to 2023, value added rose by 5 per cent (manufacturing in Germany) "
         "and stayed the same (manufacturing in NRW)."),
    ],
)  # fmt: skip
def test_the_headline_of_value_added_follows_from_the_numbers(language, fall, rise, lead):
    rows = added_value(leitbild_value_added_fall_nrw=0, leitbild_value_added_rise_germany=0)
    change = rows["fact_id"].map({
        "leitbild_value_added_fall_nrw": -fall,
        "leitbild_value_added_rise_germany": rise,
    })  # fmt: skip
    rows = rows.assign(change=change, value=change.abs(), index=valueadded.START + change)
    words = Wording(language, topic="valueadded")
    assert valueadded.headline(rows, real()["facts"], words) == lead


@pytest.mark.parametrize(
    ("change", "lead"),
    [(-3, "sank die Wertschöpfung um 3 Prozent (A) und 3 Prozent (B)."),
     (3, "stieg die Wertschöpfung um 3 Prozent (A) und 3 Prozent (B).")],
)  # fmt: skip
def test_where_all_changes_go_one_way_the_headline_has_one_verb(change, lead):
    rows = added_value().assign(change=change, value=abs(change), subject_de=["A", "B"])
    words = Wording("de", topic="valueadded")
    assert valueadded.headline(rows, real()["facts"], words) == f"Von 1992 bis 2023 {lead}"


def test_a_name_keeps_its_capital_inside_the_headline_of_value_added():
    rows = added_value().assign(subject_en=["Germany", "Manufacturing"])
    lead = valueadded.headline(rows, real()["facts"], Wording("en", topic="valueadded"))
    assert lead.endswith("(manufacturing) and rose by 39 per cent (Germany).")


@pytest.mark.parametrize(
    ("language", "headline", "caption"),
    [
        ("de", "Von 2013 bis 2021: „Mehr neue Auszubildende als 2013“ rund 14 Prozent (Berufe mit ",
         "„Mehr neue Auszubildende als 2013“, das erste Jahr gleich 100 gesetzt"),
        ("en", "From 2013 to 2021: “More new trainees than in 2013” about 14 per cent (",
         "“More new trainees than in 2013”, with the first year set to 100"),
    ],
)  # fmt: skip
def test_a_change_of_something_else_is_not_called_one_of_value_added(language, headline, caption):
    told = {"falls": "", "rises": "leitbild_green_skills_growth"}
    drawing = stage.draw("valueadded", real(), language, **told)
    assert drawing.headline.startswith(headline)
    assert drawing.caption.startswith(caption)


def test_a_change_of_value_added_that_is_qualified_is_told_in_words():
    """More than −10 % would be less of a fall."""
    rows = added_value().assign(qualifier=["at_least", "almost"])
    words = Wording("en", topic="valueadded")
    shown = " ".join(text.get_text() for text in valueadded.draw(rows, words).axes[0].texts)
    for said in (valueadded.alt(rows, words), shown):
        assert "rose by at least 39 per cent" in said
        assert "fell by almost 10 per cent" in said
        assert not {"−", "+", "≥"} & {*said}


def test_value_added_may_have_decimals():
    tables = dict(real())
    facts = tables["facts"].copy()
    risen = facts["fact_id"] == "leitbild_value_added_rise_germany"
    tables["facts"] = facts.assign(value=facts["value"].where(~risen, 39.3))
    assert "39,3" in stage.draw("valueadded", tables).headline


@pytest.mark.parametrize("width", [style.WIDTH, style.NARROW])
def test_changes_that_are_near_each_other_have_their_names_below_each_other(width):
    rows = real()["facts"].query("fact_id == 'leitbild_value_added_rise_germany'")
    near = pd.concat([rows.assign(fact_id=str(n), value=39 - n / 2) for n in range(4)])
    figure = valueadded.draw(
        valueadded.changes(near, [], near["fact_id"]), Wording("de", topic="valueadded"), width
    )
    picture = Picture(figure)
    assert picture.overlapping() == []
    assert picture.outside() == []


@pytest.mark.parametrize(
    "cells",
    [{"year": "2023"}, {"year": None}, {"value": None, "qualifier": "several"}, {"unit": "count"}],
)
def test_a_chosen_fact_that_tells_no_change_is_refused(cells):
    rows = real()["facts"].assign(**cells)
    with pytest.raises(ValueError, match="'leitbild_value_added_fall_nrw' tells no change"):
        valueadded.changes(rows, ["leitbild_value_added_fall_nrw"], [])
