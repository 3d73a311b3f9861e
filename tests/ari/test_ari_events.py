"""Asterisk's events, as they stand on the wire."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ari_pivot.ari import events

CHANNEL = {
    "id": "1700000000.1",
    "name": "PJSIP/alice-00000001",
    "state": "Ring",
    "protocol_id": "abc",
    "caller": {"name": "Ann", "number": "+15551230001"},
    "connected": {"name": "", "number": ""},
    "accountcode": "",
    "dialplan": {"context": "from-outside", "exten": "1000", "priority": 2, "app_name": "Stasis"},
    "creationtime": "2026-11-22T10:00:00.000+0000",
    "language": "en",
}


def parse(type_, **fields):
    return events.parse(json.dumps({"type": type_, "application": "pivot", **fields}))


def test_a_new_call():
    event = parse("StasisStart", channel=CHANNEL, args=["route=a", ""], timestamp="now")
    assert type(event) is events.StasisStart
    assert event.about == "1700000000.1"
    assert event.args == ["route=a", ""]
    assert (event.channel.caller.number, event.channel.dialplan.exten) == ("+15551230001", "1000")


@pytest.mark.parametrize(
    ("type_", "fields", "about"),
    [
        ("StasisEnd", {"channel": CHANNEL}, "1700000000.1"),
        ("ChannelHangupRequest", {"channel": CHANNEL, "cause": 32, "soft": True}, "1700000000.1"),
        ("ChannelHangupRequest", {"channel": CHANNEL}, "1700000000.1"),
        ("ChannelDtmfReceived", {"channel": CHANNEL, "digit": "#"}, "1700000000.1"),
        ("PlaybackFinished", {"playback": {"id": "p", "target_uri": "channel:c"}}, "c"),
        ("PlaybackFinished", {"playback": {"id": "p", "target_uri": "bridge:b:1"}}, "b:1"),
        ("RecordingFailed", {"recording": {"name": "r", "target_uri": "bridge:b"}}, "b"),
        ("Dial", {"peer": CHANNEL, "dialstatus": "RINGING", "caller": None}, "1700000000.1"),
        ("BridgeDestroyed", {"bridge": {"id": "b"}}, "b"),
        ("ApplicationReplaced", {}, ""),
        ("ChannelTalkingStarted", {"channel": CHANNEL}, "1700000000.1"),
        ("ChannelUserevent", {"channel": CHANNEL}, ""),
    ],
)
def test_each_event_is_about_somebody(type_, fields, about):
    event = parse(type_, **fields)
    assert event.about == about


def test_an_event_of_a_later_asterisk_is_nobodys():
    assert parse("ChannelBeamedUp", channel=CHANNEL) == events.Unknown(type="ChannelBeamedUp")


def test_members_of_a_later_asterisk_are_passed_over():
    assert type(parse("StasisEnd", channel=CHANNEL | {"mood": "good"})) is events.StasisEnd


@pytest.mark.parametrize(
    "message",
    ["", "{", "[]", "7", '"x"', '{"type": 7}', '{"type": "StasisEnd"}',
     '{"type": "StasisEnd", "channel": {"id": 7}}'],
)  # fmt: skip
def test_what_is_no_event_is_refused_by_one_kind_of_error(message):
    with pytest.raises(msgspec.DecodeError):
        events.parse(message)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
types = st.sampled_from(["StasisStart", "Dial", "PlaybackFinished", "RESTResponse", "Whatever"])


@given(types | json_values, st.dictionaries(st.text(), json_values, max_size=4))
def test_no_message_is_an_unhandled_exception(type_, members):
    try:
        event = events.parse(json.dumps({"type": type_, **members}))
    except msgspec.DecodeError:
        return
    assert isinstance(event.about, str)
