"""<Enqueue>, <Leave> and <Dial><Queue>: callers who wait, and callers who take them."""

import pytest
from simulated import meet
from twiml_calls import codes

WEB = {"got": "<Response/>", "tone.wav": {"audio": 2}}
WAITS = '<Response><Enqueue action="got">help</Enqueue></Response>'


def waits(attributes='action="got"', name="help"):
    return f"<Response><Enqueue {attributes}>{name}</Enqueue><Play>tone.wav</Play></Response>"


def takes(attributes="", dial="", name="help"):
    inside = f"<Queue {attributes}>{name}</Queue>"
    return f'<Response><Dial action="taken" {dial}>{inside}</Dial></Response>'


def leaves(at):
    return [{"at": at, "hangup": True}]


def play(*callers, web=None):
    return meet(*callers, web=WEB | {"taken": "<Response/>"} | (web or {}))


def told(result, path):
    return [one.params for one in result.requests if one.url.partition("?")[0].endswith(f"/{path}")]


def music(person):
    return [(one.began, one.ended) for one in person.sounds if one.media.startswith("moh:")]


# TwiML says: "dequeued by Dial -> action requested when the bridge ends"
def test_who_waits_is_taken_and_both_actions_are_told_when_they_part():
    result, (ann, bob) = play((0, WAITS, []), (10, takes(), leaves(20)))
    (waited,), (took,) = told(result, "got"), told(result, "taken")
    assert music(ann) == [(0, pytest.approx(10, abs=0.5))]
    assert (waited["QueueResult"], waited["QueueTime"]) == ("bridged", "10")
    assert waited["QueueSid"].startswith("QU")
    assert (took["DialCallStatus"], took["DialBridged"], took["DialCallDuration"]) == (
        "completed", "true", "20",
    )  # fmt: skip
    assert (took["QueueSid"], took["QueueTime"]) == (waited["QueueSid"], "10")
    assert took["DialCallSid"] == waited["CallSid"]
    assert took["DequeingCallSid"] == took["CallSid"]
    assert ann.ended_at == pytest.approx(30, abs=0.5)
    assert took["CallStatus"] == "completed"
    assert waited["CallStatus"] == "in-progress"
    assert bob.hung_up
    assert codes(result) == ([], [])


def test_who_has_waited_longest_is_taken_first_and_whoever_asked_first_takes_first():
    result, (ann, bob, _, _) = play(
        (0, WAITS, leaves(60)), (2, WAITS, leaves(60)), (10, takes(), leaves(5)),
        (12, takes(), leaves(9)),
    )  # fmt: skip
    assert music(ann)[0][1] == pytest.approx(10, abs=0.5)
    assert music(bob)[0][1] == pytest.approx(12, abs=0.5)
    assert [one["QueueResult"] for one in told(result, "got")] == ["bridged", "bridged"]


# TwiML says: "if empty waits up to Dial timeout; non-existing queue -> failed status to action"
def test_a_queue_that_nobody_was_ever_in_has_failed():
    result, _ = play((0, takes(), []))
    (took,) = told(result, "taken")
    assert (took["DialCallStatus"], took["DialBridged"]) == ("failed", "false")
    assert "QueueSid" not in took


def test_somebody_who_comes_later_is_taken_at_once_by_who_waits_for_them():
    stays = "<Response><Pause length='60'/></Response>"
    result, _ = play(
        (0, stays, leaves(50)), (1, WAITS, leaves(2)), (5, takes(), leaves(30)),
        (15, WAITS, leaves(4)),
    )  # fmt: skip
    results = [one["QueueResult"] for one in told(result, "got")]
    assert results == ["hangup", "bridged"]
    assert told(result, "taken")[0]["QueueTime"] == "0"


def test_nobody_comes_and_the_dial_is_over():
    stays = "<Response><Pause length='60'/></Response>"
    result, _ = play(
        (0, stays, leaves(50)), (1, WAITS, leaves(2)), (5, takes(dial='timeout="7"'), [])
    )
    (took,) = told(result, "taken")
    assert (took["DialCallStatus"], took["DialBridged"]) == ("no-answer", "false")


# TwiML says: "waitUrl document loops forever; Leave exits to action or next verb"; its parameters
def test_the_wait_document_runs_again_and_again_with_its_parameters():
    document = "<Response><Play>tone.wav</Play><Pause length='2'/></Response>"
    result, (ann, _) = play(
        (0, waits('action="got" waitUrl="wait" waitUrlMethod="GET" maxQueueSize="7"'), leaves(11)),
        (5, waits('action="got"'), leaves(30)),
        web={"wait": document},
    )
    rounds = told(result, "wait")
    assert len(rounds) == 3
    first, last = rounds[0], rounds[-1]
    assert {name: first[name] for name in ("QueuePosition", "QueueTime", "AvgQueueTime",
                                           "CurrentQueueSize", "MaxQueueSize")} == {
        "QueuePosition": "1", "QueueTime": "0", "AvgQueueTime": "0",
        "CurrentQueueSize": "1", "MaxQueueSize": "7",
    }  # fmt: skip
    assert (last["QueueTime"], last["CurrentQueueSize"], last["AvgQueueTime"]) == ("8", "2", "6")
    assert music(ann) == []


def test_an_empty_document_is_asked_for_once_a_second():
    result, _ = play((0, waits('waitUrl="wait"'), leaves(5)), web={"wait": "<Response/>"})
    assert 5 <= len(told(result, "wait")) <= 6


def test_an_empty_wait_url_is_silence():
    _, (ann,) = play((0, waits('waitUrl=""'), leaves(5)))
    assert [one.media for one in ann.sounds] == []


@pytest.mark.parametrize(("attributes", "paths"), [('action="got"', ["got"]), ("", [])])
def test_leave_goes_on_with_the_action_or_the_next_verb(attributes, paths):
    document = "<Response><Pause length='3'/><Leave/><Play>tone.wav</Play></Response>"
    result, (ann,) = play((0, waits(f'waitUrl="wait" {attributes}'), []), web={"wait": document})
    assert [one["QueueResult"] for one in told(result, "got")] == ["leave"] * len(paths)
    assert [one.began for one in ann.sounds] == ([] if paths else [3.0])


def test_keys_in_the_wait_document_are_gathered():
    document = "<Response><Gather numDigits='1' action='key' timeout='60'/></Response>"
    result, _ = play(
        (0, waits('action="got" waitUrl="wait"'), [{"at": 4, "press": "1"}]),
        web={"wait": document, "key": "<Response><Leave/></Response>"},
    )
    assert told(result, "key")[0]["Digits"] == "1"
    assert told(result, "got")[0]["QueueResult"] == "leave"


def test_hangup_in_the_wait_document_ends_the_call():
    result, _ = play(
        (0, waits('action="got" waitUrl="wait"'), []),
        web={"wait": "<Response><Pause length='2'/><Hangup/></Response>"},
    )
    assert (result.ended_by, result.ended_at) == ("pivot", 2.0)
    assert told(result, "got")[0]["QueueResult"] == "hangup"


def test_verbs_that_may_not_stand_in_the_wait_document_are_passed_over():
    result, _ = play(
        (0, waits('action="got" waitUrl="wait"'), leaves(3)),
        web={
            "wait": "<Response><Enqueue>other</Enqueue><Dial>1</Dial><Pause length='60'/></Response>"
        },
    )
    assert codes(result) == ([13750, 13750], [])


def test_a_wait_document_that_cannot_be_had_is_an_error_and_the_call_goes_on():
    result, _ = play((0, waits('action="got" waitUrl="wait"'), []), web={"wait": {"status": 500}})
    assert told(result, "got")[0]["QueueResult"] == "error"
    assert told(result, "got")[0]["CallStatus"] == "in-progress"


# TwiML says: "Full -> QueueResult=queue-full at once"; QueueSid only if really enqueued
def test_a_full_queue_takes_nobody():
    result, _ = play((0, WAITS, leaves(9)), (2, waits('maxQueueSize="1" action="got"'), []))
    full = told(result, "got")[0]
    assert full["QueueResult"] == "queue-full"
    assert not {"QueueSid", "QueueTime"} & full.keys()


def test_leave_outside_a_queue_is_passed_over():
    result, (ann,) = play((0, "<Response><Leave/><Play>tone.wav</Play></Response>", []))
    assert codes(result) == ([13750], [])
    assert len(ann.sounds) == 1


# TwiML says: "url: run on QUEUED caller before bridge"; its parameters
def test_the_queued_caller_hears_the_document_of_url_first():
    result, (ann, bob) = play(
        (0, WAITS, leaves(60)), (4, takes('url="before"'), leaves(10)),
        web={"before": "<Response><Play>tone.wav</Play></Response>"},
    )  # fmt: skip
    (before,) = told(result, "before")
    waited, took = told(result, "got")[0], told(result, "taken")[0]
    assert before["CallSid"] == waited["CallSid"]
    assert before["DequeingCallSid"] == took["CallSid"]
    assert (before["QueueSid"], before["QueueTime"]) == (waited["QueueSid"], "4")
    assert [(one.began, one.ended) for one in ann.sounds if one.media.startswith("sound")] == [
        (4.0, 6.0)
    ]
    assert took["DialCallDuration"] == "8"
    assert [one.media for one in bob.sounds] == ["ringing:"]


def test_whoever_is_not_put_through_is_first_again():
    result, (ann, _, _) = play(
        (0, WAITS, leaves(60)), (4, takes('url="before"'), leaves(1)), (9, takes(), leaves(5)),
        web={"before": "<Response><Pause length='5'/></Response>"},
    )  # fmt: skip
    assert [one[0] for one in music(ann)] == [0.0, pytest.approx(5, abs=0.2)]
    first, second = told(result, "taken")
    assert (first["DialCallStatus"], second["DialCallStatus"]) == ("canceled", "completed")
    assert [one["QueueResult"] for one in told(result, "got")] == ["bridged"]


def test_and_comes_before_those_who_came_later():
    result, (ann, zoe, *_) = play(
        (0, WAITS, leaves(60)), (1, WAITS, leaves(60)), (4, takes('url="before"'), leaves(1)),
        (9, takes(), leaves(5)),
        web={"before": "<Response><Pause length='5'/></Response>"},
    )  # fmt: skip
    assert music(ann)[-1] == (pytest.approx(5, abs=0.2), pytest.approx(9, abs=0.2))
    assert len(music(zoe)) == 1
    assert told(result, "got")[0]["From"] == "+15551230001"


def test_the_wait_document_does_not_change_what_is_owed_at_the_end():
    result, _ = meet(
        (0, waits('waitUrl="wait"'), leaves(5)), cdr_url="http://web.test/cdr",
        web={"wait": "<Response><Pause length='2'/></Response>", "cdr": {"status": 204}},
    )  # fmt: skip
    assert len([one for one in result.requests if one.kind == "cdr"]) == 1


def test_hangup_on_star_and_the_time_limit_end_the_conversation():
    for dial, do in (('hangupOnStar="true"', [{"at": 6, "press": "*"}]), ('timeLimit="6"', [])):
        result, (ann, _) = play((0, WAITS, []), (4, takes(dial=dial), do))
        assert told(result, "taken")[0]["DialCallDuration"] == "6"
        assert ann.ended_at == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("at", [0, 0.1, 3.9, 4, 4.1, 5, 5.1, 6, 7, 20])
def test_the_waiting_caller_may_hang_up_at_any_moment(at):
    result, (ann, _) = play(
        (0, WAITS, leaves(at)), (4, takes('url="before"', 'timeout="5"'), leaves(30)),
        web={"before": "<Response><Pause length='2'/></Response>"},
    )  # fmt: skip
    assert len(told(result, "got")) == 1
    assert len(told(result, "taken")) <= 1
    spoken = told(result, "got")[0]["QueueResult"] == "bridged"
    assert spoken == (at > 6)
    assert ann.over.is_set()


@pytest.mark.parametrize("at", [0, 0.1, 1, 1.9, 2, 2.1, 5])
def test_who_takes_may_hang_up_at_any_moment(at):
    result, _ = play(
        (0, WAITS, leaves(30)), (4, takes('url="before"'), leaves(at)),
        web={"before": "<Response><Pause length='2'/></Response>"},
    )  # fmt: skip
    assert len(told(result, "got")) == 1
    assert len(told(result, "taken")) == 1
    status = told(result, "taken")[0]["DialCallStatus"]
    assert status == ("completed" if at > 2 else "canceled")
    assert told(result, "got")[0]["QueueResult"] == ("bridged" if at > 2 else "hangup")


# TwiML says: "14201-14206 Enqueue method/waitUrl/action/name short/name long/waitUrlMethod"
@pytest.mark.parametrize(("name", "code"), [("", 14204), ("q" * 65, 14205)])
def test_a_name_that_cannot_be_refuses_the_document(name, code):
    result, _ = play((0, waits(name=name), []))
    assert codes(result) == ([], [code])


# TwiML says: "method: GET|POST, default POST", of Enqueue's action and Queue's url
@pytest.mark.parametrize(("attribute", "method"), [("", "POST"), ("method='GET'", "GET")])
def test_they_are_asked_by_their_method(attribute, method):
    enqueue = f'<Response><Enqueue action="got" {attribute}>help</Enqueue></Response>'
    taking = f'<Response><Dial><Queue url="before" {attribute}>help</Queue></Dial></Response>'
    before = {"before": "<Response><Play>tone.wav</Play></Response>"}
    result, _ = play((0, enqueue, leaves(60)), (4, taking, leaves(10)), web=before)
    asked = [one.url.partition("?")[0].rpartition("/")[2] for one in result.requests]
    methods = dict(zip(asked, [one.method for one in result.requests], strict=True))
    assert (methods["before"], methods["got"]) == (method, method)
