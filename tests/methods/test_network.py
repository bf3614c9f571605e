"""Networks of cooperation: nothing is lost, and lines cross as little as may be."""

import hypothesis.strategies as some
import pandas as pd
from hypothesis import given, settings

from analysis.methods.network import joint_projects, shared_partners, untangled

SETTINGS = settings(max_examples=60)


@SETTINGS
@given(some.lists(some.lists(some.sampled_from("abcdefgh"), min_size=1, unique=True), max_size=8))
def test_untangling_moves_projects_and_partners_and_loses_none(partners):
    projects, order = untangled(partners)
    assert sorted(projects) == list(range(len(partners)))
    assert sorted(order) == sorted({partner for several in partners for partner in several})


@SETTINGS
@given(some.permutations("abcd"))
def test_a_chain_of_projects_is_untangled_completely(names):
    a, b, c, d = names
    projects, order = untangled([[a, b], [c, d], [b, c]])
    lines = [
        (projects.index(i), order.index(name))
        for i, several in enumerate([[a, b], [c, d], [b, c]])
        for name in several
    ]
    assert not [
        (one, other) for one in lines for other in lines if one[0] < other[0] and one[1] > other[1]
    ]


@SETTINGS
@given(
    some.lists(
        some.tuples(some.sampled_from("xyz"), some.sampled_from("abc"), some.sampled_from("pq")),
        unique=True,
    )
)
def test_joint_projects_hold_every_cooperation_once(rows):
    cooperation = pd.DataFrame(rows, columns=["municipality_id", "organisation_id", "project_id"])
    cooperation = cooperation.assign(purpose_de="–", purpose_en="–", status="active")
    municipalities = pd.DataFrame({"municipality_id": ["x", "y", "z"], "case_id": ["1", "1", "2"]})
    projects = joint_projects(cooperation, municipalities)
    found = projects.explode("municipality_id").explode("organisation_id")
    assert sorted(
        zip(found["municipality_id"], found["organisation_id"], found["project_id"], strict=True)
    ) == sorted(rows)
    cases = {
        partner: {
            case
            for place, name, _ in rows
            for case in ("2" if place == "z" else "1")
            if name == partner
        }
        for _, partner, _ in rows
    }
    assert {partner: set(several) for partner, several in shared_partners(projects).items()} == {
        partner: several for partner, several in cases.items() if len(several) > 1
    }
