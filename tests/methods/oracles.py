# /// script
# requires-python = ">=3.11"
# dependencies = ["krippendorff==0.9.0", "scikit-learn==1.9.1", "statsmodels==0.15.0"]
# ///
"""Writes what three other programs make of random ratings: `uv run tests/methods/oracles.py`.

They are asked here, once, and not in every test: with scipy, which they need, the environment would
grow by a quarter, and seaborn would load it into every notebook.
"""

import json
from pathlib import Path

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

CASES = 80
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def case(rng: np.random.Generator) -> dict:
    """Ratings of some coders, half of them with gaps, and the coefficients that can be had."""
    coders, units, categories = (int(rng.integers(*span)) for span in ((3, 6), (4, 30), (2, 6)))
    coders = 2 if rng.random() < 0.5 else coders
    true = rng.integers(1, categories + 1, units)
    guessed = rng.integers(1, categories + 1, (coders, units))
    ratings = np.where(rng.random((coders, units)) < rng.random(), guessed, true).astype(float)
    gaps = rng.random() < 0.5
    if gaps:
        ratings[rng.random(ratings.shape) < 0.25] = np.nan
    given = {"ratings": [[None if np.isnan(v) else int(v) for v in row] for row in ratings]}
    given["categories"] = categories
    domain = list(range(1, categories + 1))
    for level in LEVELS:
        given[level] = krippendorff.alpha(ratings, value_domain=domain, level_of_measurement=level)
    if not gaps:
        table = aggregate_raters(ratings.T.astype(int), n_cat=None)[0]
        given["fleiss"] = fleiss_kappa(table, method="fleiss")
    if not gaps and coders == 2:
        given["cohen"] = cohen_kappa_score(*ratings.astype(int))
    return {name: round(v, 12) if isinstance(v, float) else v for name, v in given.items()}


def varies(ratings: list[list[int | None]]) -> bool:
    """Whether units of several ratings have different ones, without which there is nothing."""
    units = [[v for v in unit if v] for unit in zip(*ratings, strict=True)]
    paired = [unit for unit in units if len(unit) > 1]
    return len(paired) > 1 and len(set().union(*paired)) > 1


if __name__ == "__main__":
    rng, cases = np.random.default_rng(1), []
    while len(cases) < CASES:
        try:
            found = case(rng)
        except ValueError:  # krippendorff refuses what cannot be determined
            continue
        if varies(found["ratings"]):
            cases.append(json.dumps(found))
    text = "[\n" + ",\n".join(cases) + "\n]\n"
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
