"""Every scenario in the simulator: it behaves as the real Asterisk does."""

import pytest
from scenario import DIRECTORY, load
from scenes import play


@pytest.mark.parametrize("events_first", [False, True], ids=["answers first", "events first"])
@pytest.mark.parametrize("scenario", load(), ids=lambda one: one.name)
def test_in_the_simulator(scenario, events_first):
    outcome = play(scenario.script, settings={"directory": DIRECTORY}, events_first=events_first)
    assert scenario.differences(outcome) == []
