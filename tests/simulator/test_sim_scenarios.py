"""Every scenario in the simulator: it behaves as the real Asterisk does."""

import pytest
from scenario import load
from scenes import play


@pytest.mark.parametrize("scenario", load(), ids=lambda one: one.name)
def test_in_the_simulator(scenario):
    assert scenario.differences(play(scenario.script)) == []
