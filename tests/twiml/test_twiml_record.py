"""<Record>: what the caller says, and what is told of it. Times are seconds; the beep is 0.44."""

import pytest
from twiml_calls import asked, codes, heard, method, told, twiml

SPEAKS = [{"at": 1, "speak": 4}]
GOT = 'action="got"'
ALL = 'recordingStatusCallback="rsc" recordingStatusCallbackEvent="in-progress completed absent"'


def record(attributes=GOT, *, do=SPEAKS, **options):
    web = {"rsc": "<Response/>"} | options.pop("web", {})
    return twiml(f"<Record {attributes}/><Say>Next.</Say>", do=do, web=web, **options)


def statuses(result, path="rsc"):
    """Return the recording's status callbacks: status and length."""
    return [
        (one.params["RecordingStatus"], one.params.get("RecordingDuration"))
        for one in result.requests
        if one.url.endswith(path)
    ]


# TwiML says: "RecordingUrl RecordingDuration Digits"
def test_silence_ends_it_and_the_action_is_told_where_it_is():
    result = record(f'{GOT} timeout="3"')
    params = told(result, "got")
    assert params["RecordingUrl"] == f"http://127.0.0.1:8086/recordings/{params['RecordingSid']}"
    assert (params["RecordingDuration"], params["Digits"]) == ("5", "")  # 0.44 to 5
    assert heard(result) == [("beep", "beep", 0, 0.44)]
    assert asked(result) == ["voice", "got"]
    assert codes(result) == ([], [])


# TwiML says: "silence: default 5, 0 disables"
def test_without_a_timeout_silence_does_not_end_it():
    result = record(f'{GOT} timeout="0" maxLength="30"')
    assert told(result, "got")["RecordingDuration"] == "30"


# TwiML says: "any key in finishOnKey (default all keys)"
@pytest.mark.parametrize(
    ("attribute", "key", "ends"),
    [("", "7", True), ('finishOnKey="*1"', "1", True), ('finishOnKey="*1"', "7", False),
     ('finishOnKey=""', "#", False)],
)  # fmt: skip
def test_a_key_ends_it_that_is_among_those(attribute, key, ends):
    result = record(f"{GOT} {attribute}", do=[*SPEAKS, {"at": 3, "press": key}])
    params = told(result, "got")
    assert params["Digits"] == (key if ends else "")
    assert params["RecordingDuration"] == ("3" if ends else "5")


# TwiML says: "maxLength default 3600"
def test_its_length_ends_it():
    result = record(f'{GOT} maxLength="2"')
    assert told(result, "got")["RecordingDuration"] == "2"


# TwiML says: "playBeep default true"
def test_it_begins_without_a_beep_where_none_is_wanted():
    result = record(f'{GOT} playBeep="false"')
    assert heard(result) == []
    assert told(result, "got")["RecordingDuration"] == "5"


# TwiML says: "action: default current document URL" and "Verbs after Record are unreachable"
def test_without_an_action_the_document_itself_is_asked_again():
    result = record("", more=["<Hangup/>"])
    assert asked(result) == ["voice", "voice"]
    assert result.requests[1].params["RecordingDuration"] == "5"
    assert heard(result)[1:] == []


@pytest.mark.parametrize(("attribute", "said"), [("", "POST"), ('method="GET"', "GET")])
def test_the_action_is_asked_by_the_method(attribute, said):
    assert method(record(f"{GOT} {attribute}"), "got") == said


# TwiML says: "On hangup: action is requested with Digits=hangup; returned TwiML is ignored"
@pytest.mark.parametrize("at", [0.2, 0.44, 2, 5.3])
def test_a_caller_who_hangs_up_is_told_once_and_the_answer_is_not_done(at):
    result = record(
        f"{GOT} {ALL}", do=[{"at": 1, "speak": 9}, {"at": at, "hangup": True}],
        web={"got": "<Response><Redirect>voice</Redirect></Response>"},
    )  # fmt: skip
    params = told(result, "got")
    assert (params["Digits"], params["CallStatus"]) == ("hangup", "completed")
    assert params["RecordingDuration"] == str(max(0, round(at - 0.44)))
    assert asked(result) == ["voice"]
    found = [status for status, _ in statuses(result)]
    assert found == ["in-progress", "completed" if at > 1 else "absent"]


def test_a_caller_who_has_gone_before_is_not_recorded():
    result = twiml(
        f'<Say>One moment.</Say><Record {GOT} recordingStatusCallback="rsc"/>',
        do=[{"at": 0.1, "hangup": True}],
    )
    assert asked(result) == ["voice"]
    assert statuses(result) == []


# TwiML says: "RecordingStatus(in-progress|completed|absent) RecordingDuration RecordingChannels …"
def test_the_status_callback_tells_all_of_it():
    result = record(f"{GOT} {ALL}")
    begun, completed = [one.params for one in result.requests if one.url.endswith("rsc")]
    params = told(result, "got")
    for said in (begun, completed):
        assert said["RecordingSid"] == params["RecordingSid"]
        assert said["RecordingUrl"] == params["RecordingUrl"]
        assert said["CallSid"] == params["CallSid"]
        assert said["AccountSid"] == params["AccountSid"]
        assert (said["RecordingChannels"], said["RecordingTrack"]) == ("1", "inbound")
        assert said["RecordingSource"] == "RecordVerb"
        assert said["RecordingStartTime"].startswith("Thu, 01 Jan 2026 00:00:00")
    assert (begun["RecordingStatus"], completed["RecordingStatus"]) == ("in-progress", "completed")
    assert "RecordingDuration" not in begun
    assert (completed["RecordingDuration"], completed["ErrorCode"]) == ("4", "0")


# TwiML says: "trim-silence by default: RecordingDuration exact only in recordingStatusCallback"
@pytest.mark.parametrize(("attribute", "seconds"), [("", "4"), ('trim="do-not-trim"', "10")])
def test_silence_is_cut_off_unless_it_is_wanted(attribute, seconds):
    result = record(f"{GOT} {ALL} {attribute}")
    assert statuses(result)[-1] == ("completed", seconds)


def test_a_caller_who_says_nothing_leaves_no_recording():
    result = record(f"{GOT} {ALL}", do=[])
    assert statuses(result) == [("in-progress", None), ("absent", "0")]
    assert told(result, "got")["RecordingDuration"] == "0"


# TwiML says: "if none listed only completed"
def test_only_completed_is_told_where_no_event_is_named():
    quiet = 'recordingStatusCallback="rsc"'
    assert statuses(record(f"{GOT} {quiet}")) == [("completed", "4")]
    assert statuses(record(f"{GOT} {quiet}", do=[])) == []


def test_the_callback_goes_by_its_method():
    result = record(f'{GOT} {ALL} recordingStatusCallbackMethod="GET"')
    assert {one.method for one in result.requests if "rsc" in one.url} == {"GET"}


def test_what_was_recorded_can_be_played_at_once():
    echo = "<Response><Play>{}</Play></Response>"
    url = f"http://127.0.0.1:8086/recordings/RE{3:032x}"
    result = record(f"{GOT} {ALL}", web={"got": echo.format(url)})
    assert told(result, "got")["RecordingUrl"] == url
    (played,) = heard(result)[1:]
    assert played[3] - played[2] == pytest.approx(4.1, abs=0.1)
    assert not [one for one in result.requests if one.kind == "media"]


def test_what_cannot_be_meant_is_left_out_with_its_number():
    attributes = {
        'method="PUT"': 13610, 'timeout="soon"': 13611, 'maxLength="0"': 13612,
        'finishOnKey="A"': 13613, 'transcribe="maybe"': 13614, 'playBeep="loud"': 13616,
        'trim="some"': 13618,
    }  # fmt: skip
    for attribute, number in attributes.items():
        result = record(f"{GOT} {attribute}")
        assert codes(result) == ([number], []), attribute
        assert told(result, "got")["RecordingDuration"] == "5"


def test_an_event_that_there_is_not_is_said():
    result = record(f'{GOT} recordingStatusCallback="rsc" recordingStatusCallbackEvent="done"')
    assert codes(result) == ([12200], [])
    assert statuses(result) == [("completed", "4")]


TRANSCRIBER = {"transcription": {"url": "http://speech.test", "key": "k"}}
TRANSCRIPTIONS = "http://speech.test/v1/audio/transcriptions"
WRITES = f'{GOT} transcribe="true" transcribeCallback="text"'


def transcribe(*replies, attributes=WRITES, **options):
    web = {TRANSCRIPTIONS: list(replies), "text": "<Response/>"}
    return record(attributes, web=web, settings=TRANSCRIBER, **options)


# TwiML says: "transcribeCallback: TranscriptionText TranscriptionStatus RecordingSid RecordingUrl"
def test_what_was_said_is_told_in_writing():
    result = transcribe({"body": '{"text": " Hello there. "}'})
    params = told(result, "text")
    assert (params["TranscriptionText"], params["TranscriptionStatus"]) == (
        "Hello there.", "completed",
    )  # fmt: skip
    assert params["RecordingSid"] == told(result, "got")["RecordingSid"]
    assert params["RecordingUrl"] == told(result, "got")["RecordingUrl"]
    assert params["CallSid"] == told(result, "got")["CallSid"]
    assert params["TranscriptionSid"].startswith("TR")
    (asked_for,) = [one for one in result.requests if one.url == TRANSCRIPTIONS]
    assert asked_for.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert codes(result) == ([], [])


def test_a_transcription_that_fails_at_last_is_told_to_have():
    result = transcribe({"status": 500}, {"body": "no"}, {"error": "timeout"})
    params = told(result, "text")
    assert (params["TranscriptionText"], params["TranscriptionStatus"]) == ("", "failed")
    assert len([one for one in result.requests if one.url == TRANSCRIPTIONS]) == 3


def test_silence_is_not_written_down():
    result = transcribe({"body": '{"text": "?"}'}, do=[])
    assert told(result, "text")["TranscriptionStatus"] == "failed"
    assert not [one for one in result.requests if one.url == TRANSCRIPTIONS]


# TwiML says: "maxLength 120 if transcribe"
def test_what_is_written_down_is_shorter():
    result = transcribe({"body": '{"text": "long"}'}, do=[{"at": 0, "speak": 999}])
    assert told(result, "got")["RecordingDuration"] == "120"


def test_without_anybody_to_transcribe_that_is_said():
    result = record(WRITES)
    assert codes(result) == ([13750], [])
    assert asked(result) == ["voice", "got"]
