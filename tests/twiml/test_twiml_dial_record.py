"""<Dial record>: what is recorded of it, and what is told. Times are seconds."""

import pytest
from test_twiml_dial import ALICE, call
from twiml_calls import codes, told

ALL = 'recordingStatusCallback="rsc" recordingStatusCallbackEvent="in-progress completed absent"'


def dial(record, attributes=ALL, **options):
    """Run a call that dials Alice, who rings for 2 and talks for 10."""
    web = {"rsc": "<Response/>"} | options.pop("web", {})
    body = f'<Dial action="got" record="{record}" {attributes}>{ALICE}</Dial>'
    return call(body, web=web, **options)


def callbacks(result):
    return [one.params for one in result.requests if one.url.endswith("rsc")]


# TwiML says: "record-from-answer|record-from-ringing|…-dual; true=record-from-answer"
@pytest.mark.parametrize(
    ("record", "seconds", "channels"),
    [("record-from-answer", "10", "1"), ("true", "10", "1"), ("record-from-ringing", "12", "1"),
     ("record-from-answer-dual", "10", "2"), ("record-from-ringing-dual", "12", "2")],
)  # fmt: skip
def test_it_is_recorded_from_where_it_is_wanted(record, seconds, channels):
    result = dial(record)
    begun, done = callbacks(result)
    assert (begun["RecordingStatus"], done["RecordingStatus"]) == ("in-progress", "completed")
    assert (done["RecordingDuration"], done["RecordingChannels"]) == (seconds, channels)
    assert done["RecordingSource"] == "DialVerb"
    params = told(result, "got")
    assert params["RecordingUrl"] == done["RecordingUrl"]
    assert params["RecordingSid"] == done["RecordingSid"]
    assert (params["RecordingDuration"], params["DialCallStatus"]) == (seconds, "completed")
    assert codes(result) == ([], [])


@pytest.mark.parametrize("record", ["do-not-record", "false"])
def test_it_is_not_recorded_where_that_is_not_wanted(record):
    result = dial(record)
    assert callbacks(result) == []
    assert "RecordingUrl" not in told(result, "got")


# TwiML says: "recordingTrack: inbound/outbound force mono"
@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_side_is_one_channel(track):
    _, done = callbacks(dial("record-from-answer-dual", f'{ALL} recordingTrack="{track}"'))
    assert (done["RecordingChannels"], done["RecordingTrack"]) == ("1", track)


def test_nobody_answers_and_nothing_is_recorded_from_the_answer():
    result = dial("record-from-answer", dial={ALICE: {"ring": 3, "busy": True}})
    assert callbacks(result) == []
    assert "RecordingUrl" not in told(result, "got")


def test_nobody_answers_and_the_ringing_was_recorded():
    result = dial("record-from-ringing", dial={ALICE: {"ring": 3, "busy": True}})
    assert [one["RecordingStatus"] for one in callbacks(result)] == ["in-progress", "completed"]
    assert told(result, "got")["RecordingDuration"] == "3"


@pytest.mark.parametrize("at", [0.5, 2, 5, 11.9])
@pytest.mark.parametrize("record", ["record-from-answer", "record-from-ringing-dual"])
def test_a_caller_who_hangs_up_leaves_what_there_was(record, at):
    result = dial(record, do=[{"at": at, "hangup": True}])
    begun = 0 if "ringing" in record else 2
    found = [one["RecordingStatus"] for one in callbacks(result)]
    params = told(result, "got")
    assert found[-1:] in ([], ["absent"], ["completed"])
    assert found.count("in-progress") <= 1
    assert len(found) <= 2
    if at > begun:
        assert found == ["in-progress", "completed"]
        assert params["RecordingDuration"] == str(round(at - begun))


# TwiML says: "RecordingUrl RecordingSid RecordingDuration … Dial record for child legs, on completed
# only"
@pytest.mark.parametrize(("record", "seconds"), [("true", "10"), ("record-from-ringing", "12")])
def test_the_end_of_the_leg_is_told_with_the_recording(record, seconds):
    every = 'statusCallback="leg" statusCallbackEvent="initiated ringing answered completed"'
    body = f'<Dial action="got" record="{record}"><Number {every}>{ALICE}</Number></Dial>'
    result = call(body, web={"leg": "<Response/>"})
    *before, end = [one.params for one in result.requests if one.url.endswith("leg")]
    assert [one for one in before if "RecordingUrl" in one] == []
    action = told(result, "got")
    assert {name: end[name] for name in end if name.startswith("Recording")} == {
        name: action[name] for name in action if name.startswith("Recording")
    }
    assert end["RecordingDuration"] == seconds


def test_a_leg_that_nobody_answered_has_no_recording():
    body = (
        f'<Dial record="record-from-ringing"><Number statusCallback="leg">{ALICE}</Number></Dial>'
    )
    result = call(body, web={"leg": "<Response/>"}, dial={ALICE: {"busy": True}})
    assert "RecordingUrl" not in told(result, "leg")


# TwiML says: "recordingStatusCallbackMethod: GET|POST, default POST"
def test_the_callback_is_sent_by_its_method():
    result = dial("true", 'recordingStatusCallback="rsc" recordingStatusCallbackMethod="GET"')
    assert [one.method for one in result.requests if "/rsc" in one.url] == ["GET"]
