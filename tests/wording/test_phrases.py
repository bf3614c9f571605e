"""What a target says in words."""

import pytest

from analysis.wording import Wording
from analysis.wording.phrases import target_text

TARGET = {
    "scope_de": "ganze Stadt",
    "scope_en": "whole city",
    "kind": "reduction",
    "value": 40,
    "qualifier": None,
    "baseline_year": None,
}


@pytest.mark.parametrize(
    ("row", "german", "english"),
    [
        ({"value": None}, "ganze Stadt", "whole city"),
        ({}, "ganze Stadt: 40 %", "whole city: 40%"),
        (
            {"kind": "temperature", "value": 1.5},
            "ganze Stadt: 1,5 Grad Celsius",
            "whole city: 1.5 degrees Celsius",
        ),
        (
            {"baseline_year": 1990},
            "ganze Stadt: 40 % unter dem Stand von 1990",
            "whole city: 40% below 1990 levels",
        ),
        ({"qualifier": "at_least"}, "ganze Stadt: ≥ 40 %", "whole city: ≥ 40%"),
        (
            {"kind": "renewable_supply", "qualifier": "at_least"},
            "ganze Stadt: mindestens 40 Prozent",
            "whole city: at least 40 per cent",
        ),
    ],
    ids=["no size", "share", "degrees", "below a year", "sign", "word"],
)
def test_a_target_is_its_scope_and_its_size_if_it_has_one(row, german, english):
    for language, expected in (("de", german), ("en", english)):
        assert target_text(TARGET | row, Wording(language, topic="targets")) == expected
