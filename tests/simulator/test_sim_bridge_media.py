"""Playing to a bridge, recording it, and muting who is in it, as a real 22.10.1 does."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual


async def bridged(box, callers=2):
    await box.do("bridges.createWithId", bridgeId="b", type="mixing,dtmf_events", name="pivot")
    people = [box.comes_in() for _ in range(callers)]
    for _, channel in people:
        await box.do("channels.answer", channelId=channel)
        await box.do("bridges.addChannel", bridgeId="b", channel=channel)
    await asyncio.sleep(0)
    box.events.clear()
    return people


def heard(listener):
    return [(sound.media, sound.began, sound.ended) for sound in listener.sounds]


async def test_everybody_in_a_bridge_hears_what_is_played_to_it_and_nobody_else_does():
    box = Box()
    (one, _), (two, _) = await bridged(box)
    other, _ = box.comes_in()
    status, said = await box.do(
        "bridges.playWithId", bridgeId="b", playbackId="p", media="sound:beep"
    )
    assert (status, said["target_uri"]) == (201, "bridge:b")
    await asyncio.sleep(9)
    assert heard(one) == heard(two) != []
    assert heard(other) == []
    assert box.told("PlaybackStarted", "PlaybackFinished") == [
        "PlaybackStarted p playing",
        "PlaybackFinished p done",
    ]


async def test_an_empty_bridge_can_be_played_to_and_one_that_there_is_not_cannot():
    box = Box()
    await bridged(box, 0)
    play = {"playbackId": "p", "media": "sound:beep"}
    assert (await box.do("bridges.playWithId", bridgeId="b", **play))[0] == 201
    refused = (404, {"message": "Bridge not found"})
    assert await box.do("bridges.playWithId", bridgeId="c", **play) == refused


async def test_a_tone_is_heard_until_it_is_stopped_or_the_bridge_goes():
    box = Box()
    ((one, _),) = await bridged(box, 1)
    for playback in "pq":
        play = {"playbackId": playback, "media": "tone:440"}
        await box.do("bridges.playWithId", bridgeId="b", **play)
    await asyncio.sleep(5)
    await box.do("playbacks.stop", playbackId="p")
    await asyncio.sleep(2)
    await box.do("bridges.destroy", bridgeId="b")
    assert heard(one) == [("tone:440", 0, 5), ("tone:440", 5, 7)]


async def test_a_bridge_is_recorded_while_something_is_played_to_it():
    box = Box()
    await bridged(box)
    status, said = await box.do("bridges.record", bridgeId="b", name="r", format="wav")
    assert (status, said["target_uri"]) == (201, "bridge:b")
    await box.do("bridges.playWithId", bridgeId="b", playbackId="p", media="sound:beep")
    await asyncio.sleep(9)
    assert await box.do("recordings.stop", recordingName="r") == (204, None)
    await asyncio.sleep(0)
    assert box.told("RecordingStarted", "PlaybackFinished", "RecordingFinished") == [
        "RecordingStarted r",
        "PlaybackFinished p done",
        "RecordingFinished r",
    ]
    assert [(one.name, one.seconds) for one in box.recorded] == [("r", 9)]


async def test_a_channel_is_muted_in_one_direction_or_both():
    box = Box()
    ((_, channel),) = await bridged(box, 1)
    for direction, muted in (("in", {"in"}), ("both", {"in", "out"})):
        mute = {"channelId": channel, "direction": direction}
        assert await box.do("channels.mute", **mute) == (204, None)
        assert box.channels[channel].muted == muted
    assert await box.do("channels.unmute", channelId=channel, direction="in") == (204, None)
    assert box.channels[channel].muted == {"out"}
    refused = (400, {"message": "Invalid direction specified"})
    assert await box.do("channels.mute", channelId=channel, direction="up") == refused
    assert (await box.do("channels.mute", channelId="nobody"))[0] == 404
