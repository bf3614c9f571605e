"""Each interview can be withdrawn: what is left of the study keeps every rule."""

import pandas as pd
import pytest
from rules import holds_without

from analysis import paths
from analysis.raw.study import read_study

INTERVIEWS = pd.read_csv(paths.root() / "data/raw/study/interviews.csv")["interview_id"]


@pytest.fixture(scope="module")
def tables():
    return read_study(paths.root() / "data/raw", paths.root() / "book/references.bib").tables


@pytest.mark.parametrize("interview", INTERVIEWS)
def test_without_one_interview_what_is_left_keeps_every_rule(tables, interview):
    holds_without(tables, {interview}, set())
