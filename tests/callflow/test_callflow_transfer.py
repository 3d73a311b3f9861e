"""transfer, after_bridge, intercom: the call goes to another number."""

import pytest
from flows import act, codes, heard, run
from line_fakes import Asterisk, call

from ari_pivot.callflow import build, headers

PARTIES = {"alice": {"ring": 1, "answer": True, "talk": 2}, "busy": {"busy": True}}
PEOPLE = {
    "devices": {
        "desk": {"endpoint": "PJSIP/caller"},
        "alice": {"endpoint": "PJSIP/alice"},
        "busy": {"endpoint": "PJSIP/busy"},
    },
    "users": {},
    "callflows": {
        "reception": {"numbers": ["200"], "flow": {"module": "tts", "data": {"text": "reception"}}},
        "alice": {"numbers": ["201"], "flow": {"module": "device", "data": {"id": "alice"}}},
        "round": {"numbers": ["202"], "flow": {"module": "transfer", "data": {"target": "202"}}},
        "hands free": {
            "patterns": [r"^\*0(\d+)$"],
            "flow": {"module": "intercom", "data": {}, "children": {}},
        },
    },
}


def go(flow, **more):
    return run(flow, directory=PEOPLE, dial=PARTIES, **more)


@pytest.mark.parametrize(
    "data",
    [{"target": "200"}, {"captures": ["200"]}, {"target": "200", "transfer_type": "attended"},
     {"target": "200", "leg": "self"}],
)  # fmt: skip
def test_the_number_s_callflow_runs_and_nothing_after_it(data):
    inner = act("transfer", data, _="after")
    assert heard(go(inner)) == ["reception"]


def test_what_was_branched_from_is_forgotten():
    callflows = PEOPLE["callflows"] | {"away": {"flow": act("transfer", {"target": "200"})}}
    flow = act("callflow", {"id": "away"}, _="after")
    result = run(flow, directory=PEOPLE | {"callflows": callflows}, dial=PARTIES)
    assert heard(result) == ["reception"]


@pytest.mark.parametrize("data", [{"target": "999"}, {}, {"target": "200", "leg": "bleg"}])
def test_where_nobody_can_be_transferred_to_the_flow_goes_on(data):
    result = go(act("transfer", data, _="after"))
    assert heard(result) == ["after"]
    assert len(codes(result)) == 1


def test_a_transfer_to_oneself_ends():
    result = go(act("transfer", {"target": "202"}))
    assert 90002 in codes(result)
    assert result.ended_by == "pivot"


def after(data, who="alice"):
    return go(act("after_bridge", data, _=act("device", {"id": who}, _="not answered")))


def test_when_the_callee_has_left_the_caller_is_transferred():
    result = after({"action": "transfer", "data": "200"})
    assert heard(result) == ["reception"]
    assert result.dialled[0].ended_at == 3


def test_only_once():
    assert len(after({"action": "transfer", "data": "201"}).dialled) == 2


@pytest.mark.parametrize(
    "data", [{"action": "hangup", "data": True}, {"action": "hangup", "data": False}, {}]
)
def test_or_the_call_ends(data):
    assert after(data).ended_at == 3


def test_or_the_caller_is_parked():
    flow = act("after_bridge", {"action": "park", "data": "true"}, _=act("device", {"id": "alice"}))
    result = go(flow, do=[{"at": 12, "hangup": True}])
    assert (result.ended_by, result.ended_at) == ("caller", 12)
    assert any(one.kind == "hold" for one in result.heard)


def test_who_was_not_put_through_is_not_transferred():
    assert heard(after({"action": "transfer", "data": "200"}, "busy")) == ["not answered"]


@pytest.mark.parametrize("data", [True, ""])
def test_a_transfer_needs_a_number(data):
    result = after({"action": "transfer", "data": data})
    assert codes(result) == [90101]


async def test_an_intercom_call_asks_telephones_to_answer_by_themselves():
    line = call(Asterisk())
    line.facts.onward.auto_answer = True
    made = headers.variables(line, {}, "")
    assert made["PJSIP_HEADER(add,Call-Info)"].endswith("answer-after=0")
    assert "alert-autoanswer" in made["PJSIP_HEADER(add,Alert-Info)"]


def captured(number, **more):
    flow = {"module": "pivot", "data": {"voice_url": "http://web.test/next"}, "children": {}}
    settings = PEOPLE["callflows"] | {"enter": {"numbers": ["300"], "flow": flow}}
    disa = act("disa", {})
    return run(disa, do=[{"at": 0.5, "press": f"{number}#"}],
               directory=PEOPLE | {"callflows": settings}, dial=PARTIES, **more)  # fmt: skip


def test_an_intercom_call_goes_where_the_number_does():
    assert [one.to for one in captured("*0201").dialled] == ["alice"]


def test_and_nowhere_for_a_number_that_no_callflow_has():
    assert captured("*0999").dialled == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Site", "north"), ("User-to-User", "abc")],
)
async def test_a_header_is_sent(name, value):
    made = headers.variables(call(Asterisk()), {name: value}, "")
    assert made == {f"PJSIP_HEADER(add,{name})": value}


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Site", "a\r\nVia: b"), ("Contact", "<sip:a@b>"), ("X)=,SHELL(id", "a"), ("", "a"), ("via", "a")],
)  # fmt: skip
async def test_what_would_break_the_message_is_not(name, value):
    assert headers.variables(call(Asterisk()), {name: value}, "") == {}


async def test_exported_variables_are_those_of_the_leg():
    line = call(Asterisk())
    line.facts.exported = {"colour": "red", "not a name": "x", "n": 1}
    line.facts.onward.channel_variables = {"call_priority": "2"}
    assert headers.variables(line, {}, "") == {
        "CAV_colour": "red",
        "CAV_n": "1",
        "CCV_call_priority": "2",
    }


def test_a_flow_that_transfers_is_checked():
    assert build({"module": "transfer", "data": {"target": "200"}}).name == "transfer"
