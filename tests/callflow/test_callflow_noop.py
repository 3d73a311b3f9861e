"""noop, dead_air, wait_for_hangup."""

import pytest
from flows import act, chain, heard, run


def test_noop_goes_on_and_does_not_answer():
    result = run(chain("noop"))
    assert len(result.requests) == 2
    assert result.answered_at is None


def test_dead_air_answers_and_is_silent_until_the_caller_hangs_up():
    result = run(act("dead_air", _="after"), do=[{"at": 100, "hangup": True}])
    assert result.answered_at is not None
    assert heard(result) == []
    assert result.ended_at == pytest.approx(100)
    assert result.ended_by == "caller"


def test_wait_for_hangup_leaves_the_caller_as_they_are():
    result = run(act("wait_for_hangup", _="after"), do=[{"at": 100, "hangup": True}])
    assert result.answered_at is None
    assert result.ended_by == "caller"
    assert result.sip == 487


def test_wait_for_hangup_does_not_end_what_was_answered():
    flow = act("answer", _=act("wait_for_hangup"))
    result = run(flow, do=[{"at": 100, "hangup": True}])
    assert result.answered_at is not None
    assert result.ended_at == pytest.approx(100)
