"""What the report claims of this study: each finding falls, and each headline says something else,
once the rows that carry it are other ones.
"""

import importlib
from collections.abc import Callable

import pandas as pd
import pytest
import stage
from matplotlib.figure import Figure

from analysis.figures import agreement, timeline
from analysis.methods.conditions import parse
from analysis.methods.evaluation import Tables
from analysis.wording import Wording

pytestmark = pytest.mark.xdist_group("figures")  # each study is drawn once
Change = tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]


def without(table: str, rows: str) -> Change:
    """A table without some rows."""
    return table, lambda frame: frame.query(f"not ({rows})").reset_index(drop=True)


def other(table: str, rows: str = "index == index", **cells) -> Change:
    """A table with other cells in some rows."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        frame, chosen = frame.copy(), frame.eval(rows)
        for column, value in cells.items():
            frame.loc[chosen, column] = value
        return frame

    return table, changed


def more(table: str, **cells) -> Change:
    """A table with one more row."""
    return table, lambda frame: pd.concat([frame, frame.iloc[:1].assign(**cells)])


def given(tables: dict, *changes: Change) -> dict:
    """The tables with some of them changed."""
    return dict(tables) | {name: make(tables[name]) for name, make in changes}


def no_code(code: str) -> Change:
    return without("codings", f"code == {code!r}")


def as_code(code: str, new: str) -> Change:
    return other("codings", f"code == {code!r}", code=new)


ELSEWHERE = other("statements", "municipality_id == 'erwitte'", municipality_id="geseke")
PROCURING = as_code("field.energy_supply", "field.procurement")
# For every finding of ours what would make its sentence untrue, each alternative by itself.
REFUTES: dict[str, list[Change]] = {
    "more-opportunities": [no_code("aspect.opportunity")],
    "opportunities-from-erwitte": [ELSEWHERE],
    "opportunities-in-both": [ELSEWHERE],
    "limits-when-explicit": [no_code("aspect.limit")],
    "influence-only-limits": [
        as_code("aspect.limit", "aspect.opportunity"),
        no_code("topic.influence"),
    ],
    "advisor-most": [no_code("role.advisor")],
    "advisor-most-in-cases": [no_code("role.advisor")],
    "networking-first": [no_code("field.networking")],
    "networking-everywhere": [no_code("field.networking")],
    "procurement-silent": [PROCURING],
    "procurement-measures": [
        PROCURING,
        no_code("field.energy_supply"),
        without("measures", "field_code == 'field.procurement'"),
    ],
    "no-success-factor": [as_code("aspect.limit", "aspect.success_factor")],
    "cooperation-most": [no_code("theme.cooperation")],
    "sections-everywhere": [
        no_code("theme.renewables"),
        more("codes", code="theme.new", dimension="theme"),
    ],
    "interest-everywhere": [no_code("aspect.interest")],
    "energy-not-in-cases": [no_code("field.energy_supply"), other("statements", corpus="case")],
    "fields-in-both": [no_code("field.planning_law"), no_code("field.targets")],
    "projects-everywhere": [
        other("projects", status="planned"),
        other("projects", carrier="company"),
    ],
    "carried-by-municipalities": [other("projects", carrier="company")],
    "plan-everywhere": [
        without("projects", "project_id == 'leverkusen-plan'"),
        other("projects", "kind == 'plan'", status="planned"),
        other("projects", "project_id == 'county-plan'", carrier="municipality"),
        more("projects", municipality_id="geseke", kind="plan", project_id="own-plan"),
    ],
    "levels-with-targets": [other("targets", level_id="state")],
    "rules-in-interviews": [no_code("topic.regulation")],
    "cooperation-in-every-town": [
        other("cooperation", "municipality_id == 'erwitte'", status="prospective")
    ],
    "partners-unsettled": [other("cooperation", status="active")],
    "advising-measures": [other("measures", field_code="field.planning_law")],
    "actors-voluntary": [other("actors", tie="authority")],
    "silence-on-duisburg": [
        without("comparison", "case_id == 'leverkusen'"),
        more("cases", case_id="elsewhere"),
    ],
    "no-target-in-duisburg": [other("targets", case_id="duisburg")],
    "few-voices": [
        more("interviews", municipality_id="elsewhere"),
        other("interviews", mode="video"),
    ],
    "passes-mostly-agree": [other("passes", given_by="a")],
    "decisions-mostly-drop": [other("adjudication", decision="include")],
}


def test_every_finding_falls_with_what_makes_its_sentence_untrue():
    tables = stage.study("real")
    findings = tables["findings"].query("whose == 'counts'").set_index("finding_id")["holds"]
    assert {*findings.index} == {*REFUTES}
    stands = [
        (name, change[0])
        for name, changes in REFUTES.items()
        for change in changes
        if Tables(given(tables, change)).value(parse(findings[name]))
    ]
    assert stands == []


SWAPPED = {
    "field.energy_supply": "field.procurement",
    "field.procurement": "field.energy_supply",
}
# For every figure, and every table with a headline, what would make the headline untrue.
BELIES: dict[str, list[Change]] = {
    "actors": [other("actors", tie="authority")],
    "agreement": [other("ratings", "coder == 'b'", codes="aspect.limit")],
    "alliance": [other("context_events", "kind == 'closure'", date="2012-05")],
    "cansay": [PROCURING],
    "case": [other("projects", status="planned")],
    "circularcity": [without("context_items", "kind == 'component'")],
    "codings": [PROCURING, ("code_counts", lambda counts: counts.replace(SWAPPED))],
    "comparison": [without("comparison", "case_id == 'leverkusen'")],
    "contradictions": [other("discrepancies", kind="wording")],
    "cooperation": [other("cooperation", status="active")],
    "coverage": [no_code("aspect.limit")],
    "disagreements": [without("ratings", "index < 100")],
    "fragility": [other("findings", "robustness == 'robust'", robustness="possible")],
    "glance": [other("projects", status="planned")],
    "governance": [other("targets", level_id="municipal")],
    "influence": [("influence", lambda areas: areas.iloc[::-1])],
    "initiatives": [other("facts", "fact_id == 'network_initiatives_target'", value=100.0)],
    "interviews": [other("interviews", mode="video")],
    "leitbild": [other("context_codings", "code == 'link.implied'", code="link.explicit")],
    "method": [other("passes", given_by="both")],
    "opportunities": [ELSEWHERE],
    "relations": [without("project_mentions", "project_id == 'h2-werkstatt'")],
    "reporting": [without("reporting", "index % 2 == 0")],
    "roles": [other("measures", field_code="field.planning_law")],
    "targets": [other("targets", "kind == 'climate_neutral'", year=2040)],
    "timeline": [without("targets", "year == 2045")],
    "valueadded": [other("facts", "fact_id == 'leitbild_value_added_fall_nrw'", value=5.0)],
}


@pytest.fixture
def undrawn(monkeypatch):
    """Figures need not be drawn for what is said above them."""
    for name in stage.NOTEBOOKS:
        module = importlib.import_module(f"analysis.figures.{name}")
        if hasattr(module, "draw"):
            monkeypatch.setattr(module, "draw", lambda *_, **__: Figure())


def said(name: str, tables: dict) -> str:
    """What a figure or table leads with."""
    parameters = {"case": "leverkusen"} if name == "case" else {}
    drawing = stage.draw(name, dict(tables), "en", **parameters)
    return drawing.headline or drawing.caption or drawing.table_caption


@pytest.mark.usefixtures("undrawn")
def test_every_headline_says_something_else_with_what_would_make_it_untrue():
    tables = stage.study("real")
    assert {*stage.NOTEBOOKS} == {*BELIES}
    same = [
        name
        for name, changes in BELIES.items()
        if said(name, tables) == said(name, given(tables, *changes))
    ]
    assert same == []


@pytest.mark.parametrize(
    ("years", "headline"),
    [
        (
            [2030, 2045, 2045],
            "The most frequent target year is 2045, set for two of three targets.",
        ),
        (
            [2030, 2030, 2045, 2045],
            "The most frequent target years are 2030 and 2045, set for two of four targets each.",
        ),
        ([2030, 2040, 2045], "No year is set for several of the three targets."),
        (
            [2030, None, None],
            "The only target with a year is set for 2030.",
        ),
        ([None, None], "No target has a year."),
        ([], "No target has a year."),
    ],
)
def test_years_that_as_many_targets_name_are_told_together(years, headline):
    known = stage.study("real")["targets"].query("discrepancy_id.isna()").head(len(years))
    named = known.assign(year=pd.array(years, dtype="Int64"), scope_en=range(len(years)))
    assert timeline.headline(named, Wording("en", "timeline")) == headline


ENOUGH, LEAST = "codes given to at least nine statements", "they agree least on"
NEVER = f"On one of three {ENOUGH} the codings never differ"
ONLY = "the only code given to at least nine statements"
ALWAYS = f"On each of two {ENOUGH} the codings differ"


@pytest.mark.parametrize(
    ("shares", "alphas", "headline"),
    [
        ([1, 0.9, 0.8], [1, 0.6, 0.5], f"{NEVER}; {LEAST} “c” (α = 0.50)."),
        ([1, 0.9, 0.8], [1, 0.5, 0.5], f"{NEVER}; {LEAST} “b” and “c” (α = 0.50)."),
        ([0.9, 0.8], [0.6, 0.5], f"{ALWAYS}; {LEAST} “b” (α = 0.50)."),
        ([1, 1], [1, 1], f"The codings differ on none of two {ENOUGH}."),
        ([1], [1], f"The codings never differ on {ONLY}."),
        ([0.9], [0.5], f"On {ONLY}, “a”, the codings differ (α = 0.50)."),
    ],
)  # fmt: skip
def test_codes_on_which_coders_agree_as_little_are_told_together(shares, alphas, headline):
    rows = pd.DataFrame({"label_en": list("abc")[: len(shares)], "percent": shares})
    rows = rows.assign(alpha=pd.Series(alphas, dtype=object), positives=9)
    words = Wording("en", "agreement")
    assert agreement.headline(rows, words) == headline
    noise = pd.DataFrame({"label_en": ["noise"], "percent": [1], "alpha": [0.1], "positives": [8]})
    assert agreement.headline(pd.concat([rows, noise]), words) == headline, "noise does not count"
    alone = "No code is given to nine statements or more; the values are noise."
    assert agreement.headline(noise, words) == alone
