"""<Start><Recording> and <Stop><Recording>: beside what the call does. Times are seconds."""

import asyncio

import pytest
from line_box import Box
from twiml_calls import asked, codes, told, twiml

from ari_pivot.errors import Code
from ari_pivot.twiml.recording import Recording

ALL = 'recordingStatusCallback="rsc" recordingStatusCallbackEvent="in-progress completed absent"'
PAUSE = '<Pause length="10"/>'


def start(attributes=ALL, then=PAUSE, **options):
    body = f"<Start><Recording {attributes}/></Start>{then}"
    return twiml(body, web={"rsc": "<Response/>", "other": "<Response/>"}, **options)


def callbacks(result, path="rsc"):
    return [one.params for one in result.requests if one.url.endswith(path)]


def lengths(result, path="rsc"):
    return [
        (one["RecordingStatus"], one.get("RecordingDuration")) for one in callbacks(result, path)
    ]


# TwiML says: "it continues executing the next TwiML instruction"
def test_it_goes_on_through_the_verbs_that_follow_and_ends_with_the_call():
    result = start()
    assert lengths(result) == [("in-progress", None), ("completed", "10")]
    (_, done) = callbacks(result)
    assert done["RecordingSource"] == "StartCallRecordingTwiML"
    assert (done["RecordingChannels"], done["RecordingTrack"]) == ("2", "both")
    assert codes(result) == ([], [])


def test_it_goes_on_when_the_next_document_is_asked_for():
    result = start(then=f"{PAUSE}<Redirect>voice</Redirect>", more=[PAUSE])
    assert lengths(result) == [("in-progress", None), ("completed", "20")]


@pytest.mark.parametrize("at", [0.1, 5])
def test_a_caller_who_hangs_up_ends_it(at):
    result = start(f"{ALL} trim='do-not-trim'", do=[{"at": at, "hangup": True}])
    assert lengths(result) == [("in-progress", None), ("completed", str(round(at)))]


# TwiML says: "name: stop the recording using the Stop verb"
def test_it_is_stopped_by_its_name():
    two = (
        f'<Start><Recording name="one" {ALL}/><Recording name="two" '
        'recordingStatusCallback="other"/></Start>'
    )
    web = {"rsc": "<Response/>", "other": "<Response/>"}
    result = twiml(f'{two}{PAUSE}<Stop><Recording name="one"/></Stop>{PAUSE}', web=web)
    assert lengths(result)[1:] == [("completed", "10")]
    assert lengths(result, "other") == [("completed", "20")]


def test_without_a_name_all_are_stopped():
    result = start(then=f"{PAUSE}<Stop><Recording/></Stop>{PAUSE}")
    assert lengths(result)[1:] == [("completed", "10")]


def test_one_that_there_is_not_cannot_be_stopped():
    result = start(then=f'<Stop><Recording name="other"/></Stop>{PAUSE}')
    assert codes(result) == ([12200], [])
    assert lengths(result)[1:] == [("completed", "10")]


def test_a_name_is_given_once():
    result = start(f'name="a" {ALL}', then=f'<Start><Recording name="a"/></Start>{PAUSE}')
    assert codes(result) == ([12200], [])
    assert lengths(result)[1:] == [("completed", "10")]


# TwiML says: "track inbound, outbound, both" and "channels mono, dual; default dual"
@pytest.mark.parametrize(
    ("attributes", "channels", "track"),
    [('channels="mono"', "1", "both"), ('track="inbound"', "1", "inbound"),
     ('track="outbound" channels="dual"', "1", "outbound")],
)  # fmt: skip
def test_its_tracks_can_be_chosen(attributes, channels, track):
    (_, done) = callbacks(start(f"{ALL} {attributes}"))
    assert (done["RecordingChannels"], done["RecordingTrack"]) == (channels, track)


def test_an_empty_start_does_nothing():
    result = twiml("<Start/><Stop/>")
    assert (asked(result), codes(result)) == (["voice"], ([], []))


def test_what_else_can_be_started_elsewhere_is_said():
    result = twiml('<Start><Stream url="wss://x.example"/></Start>')
    assert codes(result) == ([13750], [])


def test_a_recorder_beside_a_record_verb_hears_all_of_it():
    result = start(
        f'{ALL} track="inbound"',
        then='<Record action="got" maxLength="3"/>',
        do=[{"at": 1, "speak": 9}],
    )
    assert told(result, "got")["RecordingDuration"] == "3"
    assert lengths(result)[1:] == [("completed", "3")]


@pytest.mark.virtual
@pytest.mark.parametrize("command", ["snoopChannelWithId", "record"])
async def test_a_call_goes_on_where_asterisk_cannot_record(command):
    box = Box(state="Up")
    box.refuse[command] = 500
    await Recording().start(box.call)
    await asyncio.sleep(1)
    assert [note.code for note in box.call.notes] == [Code.ASTERISK_REFUSED]
    assert box.left == set()


# TwiML says: "recordingStatusCallbackMethod: GET|POST, default POST"
def test_the_callback_is_sent_by_its_method():
    noun = '<Recording recordingStatusCallback="rsc" recordingStatusCallbackMethod="GET"/>'
    result = twiml(f"<Start>{noun}</Start>{PAUSE}", web={"rsc": "<Response/>"})
    assert [one.method for one in result.requests if "/rsc" in one.url] == ["GET"]
