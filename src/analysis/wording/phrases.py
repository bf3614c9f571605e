"""Phrases that several figures and notebooks make of a row."""

from __future__ import annotations

import pandas as pd

from analysis.wording import Wording


def with_roles(names: pd.Series, roles: pd.Series) -> pd.Series:
    """Names of action fields, with those of their roles behind them, as far as they have one."""
    return names + (" (" + roles + ")").fillna("")


def unit_of_target(kind: str) -> str:
    """A target has no unit of its own; its kind says what the value is."""
    return "K" if kind == "temperature" else "percent"


def target_text(target, words: Wording) -> str:
    """What a target covers and, where it has a size, how much."""
    scope = words.text(target, "scope")
    if pd.isna(target["value"]):
        return scope
    unit, short = unit_of_target(target["kind"]), target["kind"] == "reduction"
    amount = words.quantity(target["value"], unit, target["qualifier"], short=short)
    if pd.isna(target["baseline_year"]):
        return f"{scope}: {amount}"
    return words("target.baseline", scope=scope, amount=amount, year=target["baseline_year"])
