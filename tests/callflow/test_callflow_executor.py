"""How a callflow is walked: KAZOO's executor."""

import pytest
from flows import DIRECTORY, act, chain, codes, heard, run, say

from ari_pivot.config import build
from ari_pivot.errors import Code
from ari_pivot.routes import Routes


def with_callflows(**flows):
    return {"callflows": {id_: {"flow": flow} for id_, flow in flows.items()}}


def test_a_missing_child_is_the_wildcard_and_a_missing_wildcard_ends_the_call():
    result = run(act("check_cid", {"regex": "^nobody$"}, _="else"))
    assert heard(result) == ["else"]
    assert heard(run(act("check_cid", {"regex": "^nobody$"}, match="no"))) == []


def test_a_skipped_module_leads_to_the_wildcard():
    flow = act("tts", {"text": "skipped", "skip_module": True}, _="next", other="no")
    assert heard(run(flow)) == ["next"]


def test_a_flow_that_was_called_ends_and_its_caller_goes_on_at_the_wildcard():
    called = act("tts", {"text": "called"})
    result = run(act("callflow", {"id": "a"}, _="after"), directory=with_callflows(a=called))
    assert heard(result) == ["called", "after"]


def test_flows_call_flows_and_each_is_returned_to():
    flows = with_callflows(a=act("callflow", {"id": "b"}, _="after b"), b=say("b"))
    assert heard(run(act("callflow", {"id": "a"}, _="after a"), directory=flows)) == [
        "b", "after b", "after a",
    ]  # fmt: skip


def test_a_call_of_a_flow_without_a_wildcard_does_not_return():
    flows = with_callflows(a=act("callflow", {"id": "b"}), b=say("b"))
    assert heard(run(act("callflow", {"id": "a"}, _="after a"), directory=flows)) == [
        "b",
        "after a",
    ]


def test_hangup_in_a_called_flow_ends_the_call():
    flows = with_callflows(a=act("hangup"))
    result = run(act("callflow", {"id": "a"}, _="after"), directory=flows)
    assert heard(result) == []
    assert result.ended_by == "pivot"


def test_a_refusal_in_a_called_flow_ends_the_call():
    flows = with_callflows(a=act("response", {"code": 404}))
    result = run(act("callflow", {"id": "a"}, _="after"), directory=flows)
    assert heard(result) == []
    assert result.sip == 404


def test_a_pivot_in_a_called_flow_leads_back_to_its_caller_in_the_end():
    flows = with_callflows(a=act("pivot", {"voice_url": "http://web.test/more"}))
    result = run(
        act("callflow", {"id": "a"}, _="after"), directory=flows, web={"more": say("more")}
    )
    assert heard(result) == ["more", "after"]


def test_a_pivot_that_fails_in_a_called_flow_without_a_wildcard_leads_back_to_its_caller():
    flows = with_callflows(a=act("pivot", {"voice_url": "http://web.test/more"}))
    result = run(
        act("callflow", {"id": "a"}, _="after"), directory=flows, web={"more": {"status": 500}}
    )
    assert heard(result) == ["after"]
    assert codes(result) == [Code.HTTP_STATUS]


def test_a_pivot_that_fails_in_a_called_flow_takes_its_own_wildcard_first():
    failing = act("pivot", {"voice_url": "http://web.test/more"}, _="failed")
    result = run(
        act("callflow", {"id": "a"}, _="after"),
        directory=with_callflows(a=failing),
        web={"more": {"status": 500}},
    )
    assert heard(result) == ["failed", "after"]


def test_a_twiml_document_in_a_called_flow_ends_the_call_at_its_end():
    flows = with_callflows(a=act("pivot", {"voice_url": "http://web.test/more"}))
    result = run(
        act("callflow", {"id": "a"}, _="after"),
        directory=flows,
        web={"more": "<Response><Say>more</Say></Response>"},
    )
    assert heard(result) == ["more"]


def test_flows_that_call_each_other_for_ever_end_after_fifty():
    beep = act("play", {"id": "beep"}, _=act("callflow", {"id": "a"}, _="never"))
    result = run(act("callflow", {"id": "a"}, _="never"), directory=with_callflows(a=beep))
    assert sum(one.kind == "beep" for one in result.heard) == 50
    assert heard(result) == []
    assert codes(result) == [Code.CALL_LIMIT]
    assert result.ended_by == "pivot"


def test_pivots_do_not_lift_the_limit_of_calls():
    beep = act("play", {"id": "beep"}, _=act("pivot", {"voice_url": "http://web.test/more"}))
    result = run(
        act("callflow", {"id": "a"}),
        directory=with_callflows(a=beep),
        web={"more": act("callflow", {"id": "a"})},
    )
    assert sum(one.kind == "beep" for one in result.heard) == 50
    assert codes(result) == [Code.CALL_LIMIT]


def test_an_unknown_callflow_is_noted_and_passed_over():
    result = run(act("callflow", {"id": "nowhere"}, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNKNOWN_ID]


def test_warnings_about_a_called_flow_are_the_calls():
    flows = with_callflows(a=act("skel", _="a"))
    result = run(act("callflow", {"id": "a"}), directory=flows)
    assert heard(result) == ["a"]
    assert codes(result) == [Code.UNSUPPORTED]


def test_nothing_runs_after_the_caller_has_hung_up():
    web = {"hook": {"status": 204}}
    flow = chain(("sleep", {"duration": 5}), ("webhook", {"uri": "http://web.test/hook"}))
    result = run(flow, do=[{"at": 2, "hangup": True}], web=web)
    assert [one.kind for one in result.requests] == ["instructions"]
    assert result.ended_by == "caller"


@pytest.mark.parametrize("number", ["200", "*6799"])
def test_a_call_that_no_route_takes_is_taken_by_the_callflow_with_its_number(number):
    directory = build({"directory": DIRECTORY}, "test").directory
    assert Routes([], directory.find)(number, {}) is not None
