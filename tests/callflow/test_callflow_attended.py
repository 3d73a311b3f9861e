"""Attended transfers by metaflows: who transfers speaks with the target first.

KAZOO: "Bob would be put on hold, and Alice would be connected to Carol. Once Alice hangs up, Bob and
Carol would be connected." "Before Carol answers, Alice may hang up: as soon as Carol answers, she
will be connected with Bob." "Alice will be reconnected with Bob once the attempt fails."
"""

import pytest
from flows import act, codes, heard, run
from hypothesis import given, settings
from hypothesis import strategies as st

ATTENDED = {"module": "transfer", "data": {"transfer_type": "attended"}}
METAFLOWS = {"patterns": {r"^2(\d+)$": ATTENDED}, "numbers": {"9": {"module": "hangup"}}}
CALLFLOWS = {
    "carol": {"numbers": ["201"], "flow": act("device", {"id": "carol"})},
    "busy": {"numbers": ["202"], "flow": act("device", {"id": "busy"})},
    "silent": {"numbers": ["203"], "flow": act("device", {"id": "silent", "timeout": 4})},
    "ends": {"numbers": ["204"], "flow": act("hangup")},
    "asks": {"numbers": ["205"], "flow": act("pivot", {"voice_url": "http://web.test/twiml"})},
    "reception": {"numbers": ["200"], "flow": act("tts", {"text": "reception"})},
}


def speak(do=(), *, mine=METAFLOWS, theirs=None, alice=None, carol=None, **more):
    """Let the caller, at the desk, speak with Alice; from the second second on keys are pressed."""
    directory = {
        "users": {},
        "devices": {
            "desk": {"endpoint": "PJSIP/caller", "metaflows": mine},
            "alice": {"endpoint": "PJSIP/alice", "metaflows": theirs},
            **{name: {"endpoint": f"PJSIP/{name}"} for name in ("carol", "busy", "silent")},
        },
        "callflows": CALLFLOWS,
    }
    parties = {
        "alice": {"answer": True, "talk": 40, **(alice or {})},
        "carol": {"ring": 2, "answer": True, "talk": 60, **(carol or {})},
        "busy": {"busy": True},
        "silent": {"no_answer": True},
    }
    flow = act("device", {"id": "alice"}, _="not answered")
    return run(flow, do=do, directory=directory, dial=parties, **more)


def press(keys, at=2):
    return {"at": at, "press": keys}


def leg(result, name):
    return next(one for one in result.dialled if one.to == name)


def about(seconds):
    return pytest.approx(seconds, abs=0.6)


def test_the_caller_consults_and_leaves_the_two_together():
    result = speak([press("*2201"), {"at": 12, "hangup": True}])
    assert (result.ended_by, result.ended_at) == ("caller", 12)
    assert leg(result, "carol").answered_at == about(6)
    assert leg(result, "alice").ended_at == about(40)
    assert leg(result, "carol").ended_at == about(40)  # one leaves: the other is let go
    assert not result.warnings + result.errors


def test_who_has_answered_consults_and_leaves_the_two_together():
    result = speak(mine=None, theirs=METAFLOWS, alice={"press": "*2201", "talk": 12},
                   carol={"talk": 20})  # fmt: skip
    assert leg(result, "alice").ended_at == about(12)
    assert leg(result, "carol").ended_at == about(25)
    assert result.ended_at == about(25)
    assert not result.warnings + result.errors


@pytest.mark.parametrize("number", ["202", "203", "204"], ids=["busy", "silent", "hangs up"])
def test_who_does_not_answer_leads_back(number):
    result = speak([press(f"*2{number}"), press("*9", at=14)])
    assert leg(result, "alice").ended_at == about(15.1)  # the keys count again: they are together
    assert result.ended_by == "pivot"
    assert not codes(result)


def test_a_target_who_leaves_leads_back():
    result = speak([press("*2201"), press("*9", at=20)], carol={"talk": 4})
    assert leg(result, "carol").ended_at == about(10)
    assert (leg(result, "alice").ended_at, result.ended_by) == (about(21.1), "pivot")


@pytest.mark.parametrize("at", [4.5, 9], ids=["while it rings", "while they speak"])
def test_the_keys_that_take_it_back_let_the_target_go(at):
    result = speak([press("*2201"), press("*1", at=at), press("*9", at=20)])
    assert leg(result, "carol").ended_at == about(at + 0.3)
    assert (leg(result, "alice").ended_at, result.ended_by) == (about(21.1), "pivot")


def test_other_keys_may_take_it_back():
    data = {"transfer_type": "attended", "takeback_dtmf": "#", "target": "201"}
    mine = {"numbers": {"4": {"module": "transfer", "data": data}, "9": {"module": "hangup"}}}
    result = speak([press("*4"), press("*1#", at=7)], mine=mine)
    assert leg(result, "carol").ended_at == about(7.6)


def test_the_caller_who_leaves_while_it_rings_lets_the_other_one_be_called_through():
    result = speak([press("*2201"), {"at": 4.5, "hangup": True}])
    first, second = (one for one in result.dialled if one.to == "carol")
    assert first.answered_at is None
    assert second.ended_at == leg(result, "alice").ended_at == about(40)


def test_who_answered_and_leaves_while_it_rings_lets_the_caller_be_called_through():
    result = speak(mine=None, theirs=METAFLOWS, alice={"press": "*2201", "talk": 3.5},
                   carol={"talk": 20})  # fmt: skip
    first, second = (one for one in result.dialled if one.to == "carol")
    assert first.answered_at is None
    assert second.ended_at == result.ended_at


def test_who_waits_may_leave_and_the_two_speak_on():
    result = speak([press("*2201")], alice={"talk": 9}, carol={"talk": 20})
    assert leg(result, "carol").ended_at == result.ended_at == about(26)


def test_a_caller_who_waits_may_leave_and_the_two_speak_on():
    result = speak([{"at": 10, "hangup": True}], mine=None, theirs=METAFLOWS,
                   alice={"press": "*2201"}, carol={"talk": 20})  # fmt: skip
    assert result.ended_at == 10
    assert leg(result, "carol").ended_at == leg(result, "alice").ended_at == about(25)


def test_what_answers_by_a_callflow_is_heard():
    assert heard(speak([press("*2200")])) == ["reception"]


DIALS = {"body": "<Response><Dial action='done'><Client>carol</Client></Dial></Response>"}
WEB = {"twiml": DIALS, "done": {"body": "<Response/>"}, "hook": {"status": 204}}
BY_CALLER = {"do": [press("*2205"), {"at": 12, "hangup": True}]}
BY_CALLEE = {"mine": None, "theirs": METAFLOWS, "alice": {"press": "*2205", "talk": 12},
             "carol": {"talk": 20}}  # fmt: skip


@pytest.mark.parametrize(("how", "until"), [(BY_CALLER, 40), (BY_CALLEE, 25)])
def test_the_target_may_be_dialled_by_what_a_web_server_answers(how, until):
    result = speak(web=WEB, **how)
    assert leg(result, "carol").ended_at == about(until)
    assert not result.warnings + result.errors


@pytest.mark.parametrize("how", [BY_CALLER, BY_CALLEE])
def test_each_leg_is_told_of_once(how):
    result = speak(web=WEB, webhooks=[{"hook": "all", "uri": "http://web.test/hook"}], **how)
    told = [(one.params["hook_event"], one.params["call_id"]) for one in result.requests
            if one.url.endswith("hook")]  # fmt: skip
    carol = [call for event, call in told if event == "channel_create"][2]
    assert [event for event, call in told if call == carol] == [
        "channel_create", "channel_answer", "channel_destroy",
    ]  # fmt: skip


def test_who_waits_is_told_to_be_on_hold():
    hooks = [{"hook": "all", "uri": "http://web.test/hook"}]
    result = speak([press("*2201"), press("*1", at=8)], web=WEB, webhooks=hooks)
    told = [(one.params["hook_event"], one.params["call_id"]) for one in result.requests
            if one.url.endswith("hook")]  # fmt: skip
    alice = [call for event, call in told if event == "channel_create"][1]
    holds = [one for one in told if "hold" in one[0]]
    assert holds == [("channel_hold", alice), ("channel_unhold", alice)]


@pytest.mark.parametrize("by_caller", [True, False])
def test_a_call_that_is_cut_off_leaves_nobody_on_the_line(by_caller):
    theirs = {"talk": 40} if by_caller else {"talk": 40, "press": "*2201"}
    result = speak([press("*2201")] if by_caller else [], alice=theirs, calls={"longest": 9},
                   mine=METAFLOWS if by_caller else None,
                   theirs=None if by_caller else METAFLOWS)  # fmt: skip
    assert codes(result) == [90004]
    assert {one.ended_at for one in result.dialled} == {9}


def test_there_is_no_transfer_to_nobody():
    result = speak([press("*2999"), press("*9", at=14)])
    assert codes(result) == [90103]
    assert leg(result, "alice").ended_at == about(15.1)


MOMENT = st.floats(0, 30).map(lambda at: round(at, 1))


@settings(max_examples=40, deadline=None)
@given(number=st.sampled_from(["200", "201", "202", "203", "204"]), leaves=MOMENT,
       alice=MOMENT, carol=MOMENT, by_caller=st.booleans(), back=st.none() | MOMENT)  # fmt: skip
def test_whoever_leaves_when_nobody_is_left_hanging(number, leaves, alice, carol, by_caller, back):
    keys = f"*2{number}"
    do = [press(keys)] if by_caller else []
    do += [press("*1", at=back)] if back is not None and by_caller else []
    do += [{"at": max(leaves, 0.1), "hangup": True}]
    theirs = {"talk": alice} | ({} if by_caller else {"press": keys})
    result = speak(sorted(do, key=lambda one: one["at"]), mine=METAFLOWS if by_caller else None,
                   theirs=None if by_caller else METAFLOWS, alice=theirs, carol={"talk": carol})  # fmt: skip
    assert all(one.ended_at is not None for one in result.dialled)
    assert max((one.ended_at for one in result.dialled), default=0) < 80
    assert not [one for one in result.errors if one.code == 12400]
