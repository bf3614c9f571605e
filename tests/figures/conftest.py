"""What the tests of figures share: the tables of this study and of the invented one."""

import pytest
import stage


@pytest.fixture(params=["real", "mini"])
def tables(request):
    """The tables that figures are drawn of, of one study and then of the other."""
    return stage.study(request.param)
