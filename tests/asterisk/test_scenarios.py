"""Every scenario on a real Asterisk, with real audio."""

import pytest
from scenario import load


@pytest.mark.parametrize("scenario", load(), ids=lambda one: one.name)
def test_on_a_real_asterisk(scenario, outcomes):
    assert scenario.differences(outcomes[scenario.name]) == []
