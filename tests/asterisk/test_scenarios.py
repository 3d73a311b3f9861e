"""Every scenario on a real Asterisk with real audio; some on one that knows no websocket commands."""

import pytest
from scenario import load

SCENARIOS = load()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_on_a_real_asterisk(scenario, outcomes):
    assert scenario.differences(outcomes[scenario.name], late=2) == []


@pytest.mark.parametrize(
    "scenario", [one for one in SCENARIOS if "http" in one.marks], ids=lambda one: one.name
)
def test_with_commands_over_http(scenario, outcomes_over_http):
    assert scenario.differences(outcomes_over_http[scenario.name], late=2) == []
