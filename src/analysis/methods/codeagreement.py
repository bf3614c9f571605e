"""How far coders agree on codes, of which a unit may have several or none: per code, over several
codes, and what single units cost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.methods import distances, reliability
from analysis.methods.determinable import NotDeterminable, Number
from analysis.methods.reliability import Coefficient
from analysis.tables.columns import parts

NOISE_BELOW = 9  # positives; with fewer of them a coefficient is noise
BINARY = (True, False)  # a unit has a code or not
CORPUS = {"units": "interview", "case_units": "case"}  # of each table of statements
Units = Mapping[str, Collection[str]]  # by code, those that it can be given, if not all
ALL: Units = {}
COEFFICIENTS: dict[str, Coefficient] = {
    "percent": reliability.percent_agreement,
    "positive": reliability.positive_agreement,
    "negative": reliability.negative_agreement,
    "kappa": reliability.cohen_kappa,
    "fleiss": reliability.fleiss_kappa,
    "brennan_prediger": reliability.brennan_prediger,
    "ac1": reliability.gwet_ac1,
    "alpha": reliability.krippendorff_alpha(distances.nominal(2)),
    "prevalence_index": reliability.prevalence_index,
    "bias_index": reliability.bias_index,
}


def coded_sets(ratings: pd.DataFrame) -> pd.DataFrame:
    """The set of codes that each coder (columns) gave each unit (rows); missing: not rated.

    ratings: as from `reliability_data`.
    """
    sets = [frozenset(parts(cell)) for cell in ratings["codes"]]
    long = pd.Series(
        sets, index=pd.MultiIndex.from_frame(ratings[["unit_id", "coder"]]), dtype=object
    )
    coders, units = ratings["coder"].unique(), ratings["unit_id"].unique()
    return long.unstack("coder").reindex(index=units, columns=coders)


def only(sets: pd.DataFrame, codes: Collection[str]) -> pd.DataFrame:
    """The sets without all other codes."""
    kept = frozenset(codes)
    return sets.map(lambda given: given & kept, na_action="ignore")


def compared(sets: pd.DataFrame) -> pd.DataFrame:
    """The units that more than one coder rated; of the others nothing can be compared."""
    return sets[sets.notna().sum(axis=1) > 1]


def spoken_of(sets: pd.DataFrame) -> pd.DataFrame:
    """The units that some coder gave some code."""
    return sets[sets.map(bool, na_action="ignore").eq(True).any(axis=1)]


def units_of(codes: pd.DataFrame, dimensions: pd.DataFrame, statements: pd.DataFrame) -> Units:
    """The units that a code can be given, by code, where its dimension applies to the statements of
    interviews or to those of cases alone.

    codes: code, dimension. dimensions: dimension, applies_to. statements: unit_id, corpus.
    """
    corpus = codes.merge(dimensions, on="dimension").set_index("code")["applies_to"].map(CORPUS)
    units = statements.groupby("corpus")["unit_id"].agg(set)
    return {code: units.get(own, set()) for code, own in corpus.dropna().items()}


def applied(sets: pd.DataFrame, codes: Collection[str], units: Units) -> pd.DataFrame:
    """The units that can be given one of the codes, which tell nothing of the others."""
    bound = [units[code] for code in codes if code in units]
    if not bound or len(bound) < len(codes):
        return sets
    return sets[sets.index.isin(set().union(*bound))]


def of_codes(sets: pd.DataFrame, codes: Collection[str], units: Units = ALL) -> pd.DataFrame:
    """A row for each code: in how many units (`positives`, of so many `units`) a coder gave it,
    every coefficient, the interval of α, and the agreement without units that are silent; all of
    the units that are compared and can be given it.
    """
    every, rows = compared(sets), []
    for code in codes:
        sets = applied(every, [code], units)
        ratings, positives = _binary(sets, [code]), len(spoken_of(only(sets, [code])))
        alpha = COEFFICIENTS["alpha"]
        rows.append(
            {"code": code, "positives": positives, "units": ratings.shape[1]}
            | {"share": reliability.wilson_interval(positives, ratings.shape[1])}
            | {name: coefficient(ratings) for name, coefficient in COEFFICIENTS.items()}
            | {"interval": alpha.interval(ratings)}
            | {"given_only": _without_silence(sets, code)}
        )
    return pd.DataFrame(rows or {"code": [], "positives": [], "alpha": []}, dtype=object)


def _without_silence(sets: pd.DataFrame, code: str) -> Number:
    """Agreement on a code without units that no coder gave it: a / (a + b + c)."""
    given = spoken_of(only(sets, [code]))
    return reliability.percent_agreement(_binary(given, [code]))


def _binary(sets: pd.DataFrame, codes: Collection[str], units: Units = ALL) -> np.ndarray:
    """Ratings of units with each of the codes that they can be given: given or not."""
    own = [(code, applied(sets, [code], units)) for code in codes]
    each = [
        reliability.as_ratings(able.map(lambda s, c=code: c in s, na_action="ignore"), BINARY)
        for code, able in own
    ]
    none = np.zeros((len(sets.columns), 0, len(BINARY)))
    return np.concatenate([none, *each], axis=1)


def of_sets(sets: pd.DataFrame, codes: Collection[str], units: Units = ALL) -> dict:
    """Agreement on several codes together: mvα, and α of the sets with distances of Jaccard and
    MASI, over all units compared (with intervals) and without those that are silent (`spoken`), the
    share of units with the same set, and each coefficient over all decisions on a unit and a code.
    Units that can be given none of them are left out.
    """
    sets = applied(compared(sets), codes, units)
    given = only(sets, codes)
    spoken = spoken_of(given)
    found = {"units": len(given), "spoken": len(spoken)}
    for name, alpha in ALPHAS.items():
        coefficient, ratings = of_categories(given, alpha)
        found |= {name: coefficient(ratings), f"{name}_interval": coefficient.interval(ratings)}
        coefficient, ratings = of_categories(spoken, alpha)
        found |= {f"{name}_spoken": coefficient(ratings)}
    found |= {"same": reliability.percent_agreement(set_alpha(given, distances.masi)[1])}
    decisions = _binary(sets, codes, units)
    return found | {name: coefficient(decisions) for name, coefficient in COEFFICIENTS.items()}


def of_pairs(
    sets: pd.DataFrame, codes: Collection[str], units: Units = ALL
) -> dict[tuple[str, str], dict]:
    """The same for each two coders on the units that both rated, without intervals."""
    sets, found = applied(sets, codes, units), {}
    for pair in combinations(sets.columns, 2):
        both = only(sets[list(pair)].dropna(), codes)
        of = {name: of_categories(both, alpha) for name, alpha in ALPHAS.items()}
        decisions = _binary(both, codes, units)
        found[pair] = {"units": len(both)}
        found[pair] |= {name: coefficient(ratings) for name, (coefficient, ratings) in of.items()}
        found[pair] |= {name: coefficient(decisions) for name, coefficient in COEFFICIENTS.items()}
    return found


def of_categories(
    sets: pd.DataFrame, alpha: Callable[[Sequence[frozenset]], Coefficient]
) -> tuple[Coefficient, np.ndarray]:
    """A coefficient for the different sets that coders gave, and the ratings it is computed of."""
    different = {given for column in sets for given in sets[column].dropna()}
    categories = sorted(different, key=sorted)
    return alpha(categories), reliability.as_ratings(sets, categories)


def set_alpha(sets: pd.DataFrame, distance) -> tuple[Coefficient, np.ndarray]:
    """α of sets with a distance between them, and the ratings it is computed of."""
    return of_categories(sets, partial(_alpha, distance))


def _alpha(distance, categories: Sequence[frozenset]) -> Coefficient:
    return reliability.krippendorff_alpha(distances.between_sets(categories, distance))


# Of sets of codes, by name; each is told the different sets.
ALPHAS: dict[str, Callable[[Sequence[frozenset]], Coefficient]] = {
    "mv": reliability.multi_valued_alpha,
    "masi": partial(_alpha, distances.masi),
    "jaccard": partial(_alpha, distances.jaccard),
}


def costs(sets: pd.DataFrame, statements: pd.Series) -> pd.DataFrame:
    """What each statement costs: `without`, α of the sets (MASI) without all of its units, and
    `cost`, how much higher that is than with them; the costliest first, equal ones in their order.
    No rows where α cannot be determined.

    statements: the statement of each unit, by unit; one for several places is a unit for each.
    """
    coefficient, ratings = set_alpha(sets, distances.masi)
    value = coefficient(ratings)
    if isinstance(value, NotDeterminable):
        return pd.DataFrame({"without": [], "cost": []})
    of = pd.Categorical(statements[sets.index], statements[sets.index].unique())
    groups = np.eye(len(of.categories))[:, of.codes]
    values = coefficient.without_each(ratings, groups)
    without = pd.Series(values, index=of.categories, dtype=object)
    known = without[~without.map(lambda v: isinstance(v, NotDeterminable))].astype(float)
    found = pd.DataFrame({"without": known, "cost": (known - value).round(9)})
    return found.sort_values("cost", ascending=False, kind="stable")
