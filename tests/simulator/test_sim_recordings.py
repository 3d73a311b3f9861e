"""Recordings of the Asterisk in memory, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual


async def record(box, channel, name="r", **params):
    return await box.do(
        "channels.record", channelId=channel, name=name, **({"format": "wav"} | params)
    )


async def test_a_recording_goes_on_until_it_is_stopped_and_is_then_stored():
    box = Box()
    _, channel = box.comes_in()
    status, answer = await record(box, channel, "calls/1")
    assert (status, answer["state"], answer["target_uri"]) == (201, "queued", f"channel:{channel}")
    await asyncio.sleep(4.2)
    live = await box.do("recordings.getLive", recordingName="calls/1")
    assert live[1]["state"] == "recording"
    assert await box.do("recordings.stop", recordingName="calls/1") == (204, None)
    await asyncio.sleep(0)
    finished = box.events[-1].recording
    assert (finished.state, finished.duration) == ("done", 4)
    assert (await box.do("recordings.getStored", recordingName="calls/1"))[0] == 200
    assert (await box.do("recordings.getLive", recordingName="calls/1"))[0] == 404
    assert [(r.name, r.began, r.seconds) for r in box.recorded] == [
        ("calls/1", 0, pytest.approx(4.2))
    ]


async def test_a_stored_recording_can_be_played_and_deleted():
    box = Box()
    caller, channel = box.comes_in()
    await record(box, channel)
    await asyncio.sleep(2)
    await box.do("recordings.stop", recordingName="r")
    await box.do("channels.playWithId", channelId=channel, playbackId="p", media="recording:r")
    await asyncio.sleep(3)
    assert caller.sounds[0].ended == 4
    assert await box.do("recordings.deleteStored", recordingName="r") == (204, None)
    assert (await box.do("recordings.getStored", recordingName="r"))[0] == 404


async def test_a_discarded_recording_is_not_stored():
    box = Box()
    _, channel = box.comes_in()
    await record(box, channel)
    await asyncio.sleep(1)
    assert await box.do("recordings.cancel", recordingName="r") == (204, None)
    await asyncio.sleep(0)
    assert box.told()[-1] == "RecordingFinished r"
    assert (await box.do("recordings.getStored", recordingName="r"))[0] == 404
    assert box.recorded == []


@pytest.mark.parametrize(
    ("params", "status", "message"),
    [
        ({"format": "ogg"}, 422, "specified format is unknown on this system"),
        ({"terminateOn": "x"}, 400, "terminateOn invalid"),
    ],
)
async def test_what_it_cannot_do_is_refused(params, status, message):
    box = Box()
    _, channel = box.comes_in()
    assert await record(box, channel, **params) == (status, {"message": message})


async def test_a_second_recording_of_one_name_is_refused_unless_it_may_overwrite():
    box = Box()
    _, channel = box.comes_in()
    taken = (409, {"message": "Recording 'r' already exists and can not be overwritten"})
    await record(box, channel)
    assert await record(box, channel, ifExists="overwrite") == taken
    await box.do("recordings.stop", recordingName="r")
    assert await record(box, channel) == taken
    assert (await record(box, channel, ifExists="overwrite"))[0] == 201


async def test_it_ends_at_its_greatest_length_counted_from_the_end_of_the_beep():
    box = Box()
    caller, channel = box.comes_in()
    await record(box, channel, beep=True, maxDurationSeconds=2)
    await asyncio.sleep(0)
    assert box.told()[-1] == "RecordingStarted r"
    await asyncio.sleep(2.4)
    assert box.told()[-1] == "RecordingStarted r"
    await asyncio.sleep(0.1)
    assert box.events[-1].recording.duration == 2
    assert [(s.media, s.ended) for s in caller.sounds] == [("sound:beep", 0.44)]


async def test_it_ends_after_a_silence_that_begins_when_the_caller_stops_speaking():
    box = Box()
    _, channel = box.comes_in()
    await record(box, channel, maxSilenceSeconds=2)
    await asyncio.sleep(1)
    box.channels[channel].speak(speaking=True)
    await asyncio.sleep(3)
    box.channels[channel].speak(speaking=False)
    await asyncio.sleep(1.9)
    assert box.told()[-1] == "RecordingStarted r"
    await asyncio.sleep(0.2)
    recording = box.events[-1].recording
    assert (recording.duration, recording.talking_duration, recording.silence_duration) == (6, 4, 2)


async def test_it_ends_by_itself_when_nobody_says_anything():
    box = Box()
    _, channel = box.comes_in()
    await record(box, channel, maxSilenceSeconds=5)
    await asyncio.sleep(5.1)
    assert box.told()[-1] == "RecordingFinished r"


@pytest.mark.parametrize(
    ("terminator", "key", "ends"),
    [("#", "#", True), ("#", "5", False), ("any", "5", True), ("none", "#", False)],
)
async def test_a_key_ends_it_if_it_is_the_terminator(terminator, key, ends):
    box = Box()
    _, channel = box.comes_in()
    await record(box, channel, terminateOn=terminator)
    await asyncio.sleep(1)
    box.channels[channel].press(key, 0.1)
    await asyncio.sleep(0)
    assert ("RecordingFinished r" in box.told()) is ends
    assert f"ChannelDtmfReceived {key}" in box.told()


async def test_it_begins_when_what_plays_is_over_and_what_follows_waits_for_it():
    box = Box()
    _, channel = box.comes_in()
    for playback in ("a", "b"):
        await box.do(
            "channels.playWithId", channelId=channel, playbackId=playback, media="sound:hello"
        )
        if playback == "a":
            await record(box, channel, maxDurationSeconds=3)
    await asyncio.sleep(10)
    assert box.told()[1:] == [
        "PlaybackStarted a playing",
        "PlaybackFinished a done",
        "RecordingStarted r",
        "RecordingFinished r",
        "PlaybackStarted b playing",
        "PlaybackFinished b done",
    ]


async def test_a_caller_who_hangs_up_leaves_what_was_said_stored():
    box = Box()
    _, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    await record(box, channel)
    await asyncio.sleep(1.2)
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-3:] == ["ChannelHangupRequest 0 0", "RecordingFinished r", "StasisEnd"]
    assert (await box.do("recordings.getStored", recordingName="r"))[0] == 200


async def test_one_that_is_stopped_during_its_beep_holds_nothing_and_the_beep_is_cut():
    box = Box()
    caller, channel = box.comes_in()
    await record(box, channel, beep=True)
    await asyncio.sleep(0.2)
    await box.do("recordings.stop", recordingName="r")
    await asyncio.sleep(1)
    assert [(s.ended, s.interrupted) for s in caller.sounds] == [(0.2, True)]
    assert box.told()[-1] == "RecordingFinished r"


async def test_a_channel_in_a_bridge_cannot_be_recorded():
    box = Box()
    _, channel = box.comes_in()
    await box.do("bridges.createWithId", bridgeId="b")
    await box.do("bridges.addChannel", bridgeId="b", channel=channel)
    assert (await record(box, channel))[0] == 201
    await asyncio.sleep(0)
    failed = box.events[-1].recording
    assert (failed.state, failed.cause) == ("failed", "Cannot record channel while in bridge")
