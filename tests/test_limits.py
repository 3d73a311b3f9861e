"""Limits against abuse: how many calls are taken, and how much one call may do."""

import asyncio

import pytest
from board_fakes import Board, pivot, play
from simulated import simulate
from structlog.testing import capture_logs

from ari_pivot.admission import Admission
from ari_pivot.errors import Code

pytestmark = pytest.mark.virtual

TALKS = {"module": "sleep", "data": {"duration": 5}, "children": {"_": play("bye")}}
BACK = ["set PIVOT_REASON={}", "continue"]


def board(**limits):
    return Board(TALKS, admission=Admission(**limits))


def given_back(one):
    """Return why calls were given back, as the dialplan was told it."""
    return [line.removeprefix("set PIVOT_REASON=") for line in one.told if line.startswith("set")]


async def test_a_call_beyond_those_that_may_be_at_once_goes_back_to_the_dialplan():
    one = board(at_once=2)
    with capture_logs() as logs:
        for n in range(3):
            one.asterisk.arrive(f"chan-{n}")
        await one.over()
    assert given_back(one) == ["90006 more than 2 calls at once"]
    assert one.told.count("continue") == 1
    assert len(one.reported) == 2
    assert one.switchboard.admission.refused == {Code.CALLS_AT_ONCE: 1}
    (problem,) = [line for line in logs if line["event"] == "call.problem"]
    assert (problem["code"], problem["where"]) == (90006, "calls.at_once")


async def test_the_debug_log_has_why_it_was_not_taken_and_that_it_is_over():
    one = board(at_once=1)
    one.asterisk.arrive("chan-0")
    one.asterisk.arrive("chan-1")
    await one.over()
    kept = [one for one in one.debugged if one["call_id"] == "chan-1"]
    assert [(one["event"], one.get("code")) for one in kept] == [
        ("problem", 90006),
        ("ended", None),
    ]
    assert kept[1]["given_back"] == "90006 more than 1 calls at once"


async def test_a_call_is_taken_again_when_another_is_over():
    one = board(at_once=1)
    for n in range(3):
        await one.arrive(channel=f"chan-{n}")
    assert given_back(one) == []
    assert one.switchboard.calls == one.switchboard.lines == {}


async def test_calls_beyond_those_that_may_come_in_a_second_go_back_and_later_ones_are_taken():
    one = board(per_second=2)
    for n in range(4):
        one.asterisk.arrive(f"chan-{n}")
    await asyncio.sleep(1)
    one.asterisk.arrive("chan-4")
    await one.over()
    assert given_back(one) == ["90007 more than 2 calls a second"] * 2
    assert len(one.reported) == 3
    assert one.switchboard.admission.refused == {Code.CALL_RATE: 2}


async def test_a_call_that_is_turned_away_asks_nobody_and_tells_nobody():
    told = []

    class Reports:
        def tell(self, call, event, more):
            told.append(event)

    one = Board(pivot(), admission=Admission(at_once=1), reports=Reports())
    for n in range(3):
        one.asterisk.arrive(f"chan-{n}")
    await one.over()
    assert len(one.web.asked) == 1
    assert told.count("CHANNEL_CREATE") == 1


async def test_a_call_that_cannot_be_given_back_is_hung_up():
    one = board(at_once=1)
    one.asterisk.refuse["setChannelVar"] = 500
    one.asterisk.arrive("chan-0")
    one.asterisk.arrive("chan-1")
    await asyncio.sleep(3)
    assert "hangup 16" in one.told
    assert len(one.switchboard.calls) == 1


async def test_without_a_limit_all_are_taken():
    one = board(at_once=0, per_second=0)
    for n in range(50):
        one.asterisk.arrive(f"chan-{n}")
    await one.over()
    assert len(one.reported) == 50


def test_a_call_that_begins_too_many_verbs_hears_the_fallback_and_is_over():
    sorry = {"module": "tts", "data": {"text": "not this"}, "children": {}}
    result = simulate(
        "<Response><Pause/><Redirect/></Response>",
        settings={"calls": {"verbs": 20, "burst": 1000}},
        children={"_": sorry},
    )
    assert [one.code for one in result.errors] == [Code.VERB_LIMIT]
    assert [one.by for one in result.heard][-1] == "fallback"
    assert result.ended_by == "pivot"


def test_a_callflow_that_begins_too_many_modules_is_stopped_by_the_same_limit():
    flow = {"module": "hangup", "data": {}, "children": {}}
    for _ in range(30):
        flow = {"module": "noop", "data": {}, "children": {"_": flow}}
    result = simulate(flow, settings={"calls": {"verbs": 20}})
    assert [one.code for one in result.errors] == [Code.VERB_LIMIT]
