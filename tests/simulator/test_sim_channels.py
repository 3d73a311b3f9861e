"""Channels of the Asterisk in memory, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

from ari_pivot.errors import AsteriskUnavailable

pytestmark = pytest.mark.virtual


async def test_a_call_that_comes_in_rings_and_says_who_calls_and_what_was_dialled():
    box = Box(epoch=1_767_225_600.0)
    _, channel = box.comes_in(args=("route=support",))
    await asyncio.sleep(0)
    (start,) = box.events
    assert (start.channel.id, start.channel.state) == (channel, "Ring")
    assert (start.channel.caller.name, start.channel.caller.number) == ("Ann", "+15551230001")
    assert start.channel.dialplan.exten == "1000"
    assert start.channel.dialplan.app_data == "pivot,route=support"
    assert start.args == ["route=support"]
    assert start.timestamp == "2026-01-01T00:00:00.000+0000"


async def test_two_calls_have_two_ids():
    box = Box()
    assert box.comes_in()[1] != box.comes_in()[1]


async def test_an_answer_is_told_once_however_often_it_is_asked_for():
    box = Box()
    caller, channel = box.comes_in()
    assert await box.do("channels.answer", channelId=channel) == (204, None)
    assert await box.do("channels.answer", channelId=channel) == (204, None)
    await asyncio.sleep(0)
    assert box.told("ChannelStateChange") == ["ChannelStateChange Up"]
    assert caller.answers == 1
    assert (await box.do("channels.get", channelId=channel))[1]["state"] == "Up"


async def test_an_event_comes_after_the_answer_to_its_command():
    box = Box()
    _, channel = box.comes_in()
    await asyncio.sleep(0)
    await box.do("channels.answer", channelId=channel)
    assert box.told("ChannelStateChange") == []
    await asyncio.sleep(0)
    assert box.told("ChannelStateChange") == ["ChannelStateChange Up"]


async def test_with_events_first_it_comes_before_it():
    box = Box(events_first=True)
    _, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    assert box.told("ChannelStateChange") == ["ChannelStateChange Up"]


async def test_hanging_up_an_answered_call_ends_it_without_a_channel_destroyed():
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    assert await box.do("channels.hangup", channelId=channel) == (204, None)
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["ChannelHangupRequest 32 soft 0", "StasisEnd"]
    assert caller.end == (16, 200)


async def test_every_command_after_the_end_finds_no_channel():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.hangup", channelId=channel)
    await asyncio.sleep(0.1)
    gone = (404, {"message": "Channel not found"})
    for name in ("get", "answer", "ring", "hangup", "continueInDialplan", "startMoh"):
        assert await box.do(f"channels.{name}", channelId=channel) == gone
    assert await box.do("channels.playWithId", channelId=channel, playbackId="p", media="x") == gone
    assert await box.do("channels.getChannelVar", channelId=channel, variable="X") == (
        404,
        {"message": "Provided channel was not found"},
    )


async def test_a_command_right_behind_the_hang_up_is_still_taken_and_a_playback_fails():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.hangup", channelId=channel)
    status, _ = await box.do(
        "channels.playWithId", channelId=channel, playbackId="p", media="sound:beep"
    )
    await asyncio.sleep(0.1)
    assert status == 201
    assert box.told()[1:] == [
        "ChannelHangupRequest 32 soft 0",
        "PlaybackStarted p playing",
        "PlaybackFinished p failed",
        "StasisEnd",
    ]


@pytest.mark.parametrize(
    ("cause", "sip"),
    [(1, 404), (3, 404), (16, 603), (17, 486), (18, 408), (19, 480), (20, 480), (21, 403),
     (22, 410), (27, 502), (28, 484), (29, 501), (31, 480), (34, 503), (38, 500), (41, 603),
     (42, 503), (58, 488), (66, 503), (88, 603), (127, 500)],
)  # fmt: skip
async def test_a_caller_who_was_not_answered_is_told_the_sip_status_of_the_cause(cause, sip):
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.hangup", channelId=channel, reason_code=str(cause))
    await asyncio.sleep(0.1)
    assert caller.end == (cause, sip)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [("normal", 16), ("busy", 17), ("congestion", 34), ("no_answer", 19), ("timeout", 18),
     ("rejected", 21), ("unallocated", 1), ("normal_unspecified", 31), ("number_incomplete", 28),
     ("codec_mismatch", 58), ("interworking", 127), ("failure", 38), ("answered_elsewhere", 26)],
)  # fmt: skip
async def test_the_reasons_for_hanging_up_have_their_causes(reason, cause):
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.hangup", channelId=channel, reason=reason)
    await asyncio.sleep(0.1)
    assert caller.end[0] == cause


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"reason": "boredom"}, "Invalid reason for hangup reason provided"),
        ({"reason_code": "x"}, "Invalid reason for hangup reason code provided"),
        (
            {"reason": "busy", "reason_code": "17"},
            "The reason and reason_code can't both be specified",
        ),
    ],
)
async def test_an_unknown_reason_is_refused_and_the_call_goes_on(params, message):
    box = Box()
    _, channel = box.comes_in()
    answer = await box.do("channels.hangup", channelId=channel, **params)
    assert answer == (400, {"message": message})
    assert channel in box.channels


async def test_a_caller_who_hangs_up_ends_the_call_without_a_cause():
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["ChannelHangupRequest 0 0", "StasisEnd"]
    assert caller.end == (16, 200)


async def test_a_caller_who_gives_up_before_the_answer_is_a_cancel():
    box = Box()
    caller, channel = box.comes_in()
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["ChannelHangupRequest 127 487", "StasisEnd"]
    assert caller.end == (127, 487)


async def test_a_call_ends_once_however_many_hang_up():
    box = Box()
    caller, channel = box.comes_in()
    far = box.channels[channel]
    await box.do("channels.hangup", channelId=channel, reason="busy")
    far.leave()
    await asyncio.sleep(0.1)
    assert box.told("ChannelHangupRequest", "StasisEnd") == [
        "ChannelHangupRequest 32 soft 0",
        "StasisEnd",
    ]
    assert caller.end == (17, 486)


async def test_a_call_given_back_to_the_dialplan_leaves_the_application_and_lives():
    box = Box()
    box.dialplan = lambda _: None
    caller, channel = box.comes_in()
    await box.do("channels.setChannelVar", channelId=channel, variable="PIVOT_REASON", value="x")
    assert await box.do("channels.continueInDialplan", channelId=channel) == (204, None)
    await asyncio.sleep(0.1)
    assert box.told()[-1] == "StasisEnd"
    assert caller.end is None
    assert box.channels[channel].variables == {"PIVOT_REASON": "x"}
    assert await box.do("channels.answer", channelId=channel) == (
        409,
        {"message": "Channel not in Stasis application"},
    )
    assert (await box.do("channels.get", channelId=channel))[0] == 200
    assert (await box.do("channels.getChannelVar", channelId=channel, variable="PIVOT_REASON")) == (
        200,
        {"value": "x"},
    )


async def test_the_dialplan_ends_a_call_that_was_given_back_with_a_reason_as_a_failure():
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.setChannelVar", channelId=channel, variable="PIVOT_REASON", value="x")
    await box.do("channels.continueInDialplan", channelId=channel)
    await asyncio.sleep(0.1)
    assert caller.end == (41, 603)
    assert box.told()[-1] == "StasisEnd"  # what follows is no longer ours to hear


async def test_it_goes_on_in_the_dialplan_when_what_plays_is_over():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.playWithId", channelId=channel, playbackId="p", media="sound:beep")
    await box.do("channels.continueInDialplan", channelId=channel)
    await asyncio.sleep(1)
    assert box.told("PlaybackFinished", "StasisEnd") == ["PlaybackFinished p done", "StasisEnd"]


async def test_variables_and_functions_are_read_and_unknown_ones_refused():
    box = Box()
    _, channel = box.comes_in()
    read = {
        name: await box.do("channels.getChannelVar", channelId=channel, variable=name)
        for name in ("CALLERID(num)", "CALLERID(name)", "CHANNEL(state)", "NOPE", "SHELL(ls)")
    }
    assert read == {
        "CALLERID(num)": (200, {"value": "+15551230001"}),
        "CALLERID(name)": (200, {"value": "Ann"}),
        "CHANNEL(state)": (200, {"value": "Ring"}),
        "NOPE": (404, {"message": "Provided variable was not found"}),
        "SHELL(ls)": (500, {"message": "Unable to read provided function"}),
    }
    nameless = (400, {"message": "Variable name is required"})
    assert await box.do("channels.setChannelVar", channelId=channel, value="1") == nameless
    assert await box.do("channels.getChannelVar", channelId=channel) == nameless


async def test_ringing_and_music_on_hold_are_heard_until_they_are_stopped():
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.ring", channelId=channel)
    await asyncio.sleep(2)
    await box.do("channels.ringStop", channelId=channel)
    await box.do("channels.startMoh", channelId=channel, mohClass="jazz")
    await asyncio.sleep(3)
    await box.do("channels.stopMoh", channelId=channel)
    heard = [(s.media, s.began, s.ended, s.interrupted) for s in caller.sounds]
    assert heard == [("ringing:", 0, 2, False), ("moh:jazz", 2, 5, False)]


async def test_ringing_ends_with_the_answer_and_with_the_first_sound():
    box = Box()
    first, one = box.comes_in()
    second, other = box.comes_in()
    for channel in (one, other):
        await box.do("channels.ring", channelId=channel)
    await asyncio.sleep(1)
    await box.do("channels.answer", channelId=one)
    await box.do("channels.playWithId", channelId=other, playbackId="p", media="sound:beep")
    assert [first.sounds[0].ended, second.sounds[0].ended] == [1, 1]


async def test_keys_are_told_in_the_order_they_are_released():
    box = Box()
    _, channel = box.comes_in()
    for digit in "12#":
        box.channels[channel].press(digit, 0.1)
    await asyncio.sleep(0)
    assert box.told("ChannelDtmfReceived") == [f"ChannelDtmfReceived {d}" for d in "12#"]
    assert {event.duration_ms for event in box.events[1:]} == {100}


async def test_events_that_were_asked_to_be_left_out_do_not_come():
    box = Box()
    disallowed = {"disallowed": [{"type": "ChannelStateChange"}]}
    status, answer = await box.do("applications.filter", applicationName="pivot", filter=disallowed)
    assert (status, answer["name"]) == (200, "pivot")
    _, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    await asyncio.sleep(0)
    assert box.told() == ["StasisStart"]
    unknown = await box.do("applications.get", applicationName="other")
    assert unknown == (404, {"message": "Application not found"})


async def test_the_channels_and_those_of_the_application_can_be_listed():
    box = Box()
    _, ours = box.comes_in()
    _, theirs = box.comes_in()
    box.dialplan = lambda _: None
    await box.do("channels.continueInDialplan", channelId=theirs)
    await asyncio.sleep(0.1)
    assert [one["id"] for one in (await box.do("channels.list"))[1]] == [ours, theirs]
    (_, app) = await box.do("applications.get", applicationName="pivot")
    assert app["channel_ids"] == [ours]


async def test_while_the_connection_is_lost_commands_fail_events_are_lost_and_calls_go_on():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.playWithId", channelId=channel, playbackId="p", media="sound:beep")
    await asyncio.sleep(0.1)
    box.connected = False
    with pytest.raises(AsteriskUnavailable):
        await box.do("channels.answer", channelId=channel)
    await asyncio.sleep(1)
    box.connected = True
    assert box.told("PlaybackFinished") == []
    assert await box.do("playbacks.get", playbackId="p") == (
        404,
        {"message": "Playback not found"},
    )
    assert (await box.do("channels.get", channelId=channel))[0] == 200


async def test_a_call_that_comes_while_nobody_is_connected_fails_in_the_dialplan():
    box = Box()
    box.connected = False
    caller, _ = box.comes_in()
    await asyncio.sleep(0.1)
    assert caller.end == (41, 603)
    assert box.events == []


async def test_a_command_asterisk_does_not_have_is_no_resource():
    assert await Box().do("channels.teleport") == (404, {"message": "Resource not found"})


async def test_asterisk_says_its_version_and_which_sounds_it_has():
    box = Box(missing={"sorry"})
    assert (await box.do("asterisk.getInfo"))[1]["system"]["version"] == "22.10.1"
    assert (await box.do("sounds.get", soundId="beep"))[0] == 200
    assert (await box.do("sounds.get", soundId="sorry"))[0] == 404


async def test_who_subscribes_to_a_caller_hears_of_the_end_with_its_cause():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    subscribed, _ = await box.do(
        "applications.subscribe", applicationName="pivot", eventSource=f"channel:{channel}"
    )
    assert subscribed == 200
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["StasisEnd", "ChannelDestroyed 16 0"]
    assert await box.do(
        "applications.subscribe", applicationName="pivot", eventSource="channel:nobody"
    ) == (422, {"message": "Event source does not exist"})
