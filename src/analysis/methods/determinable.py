"""Numbers that the data may not be able to give, and then say why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NotDeterminable:
    """Stands in the place of a number that the data cannot give; never 1, 0 or NaN.

    reason: why not, in a word; `reason.<word>` in the wording says it in full.
    """

    reason: str


Number = float | NotDeterminable
