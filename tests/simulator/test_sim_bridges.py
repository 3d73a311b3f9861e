"""Bridges of the Asterisk in memory, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual


async def bridged(box, kind="mixing", callers=2):
    await box.do("bridges.createWithId", bridgeId="b", type=kind)
    channels = [box.comes_in()[1] for _ in range(callers)]
    for channel in channels:
        await box.do("bridges.addChannel", bridgeId="b", channel=channel)
    await asyncio.sleep(0)
    return channels


async def test_channels_come_into_a_bridge_and_leave_it():
    box = Box()
    one, two = await bridged(box)
    (_, bridge) = await box.do("bridges.get", bridgeId="b")
    assert bridge["channels"] == [one, two]
    assert await box.do("bridges.list") == (200, [bridge])
    assert await box.do("bridges.removeChannel", bridgeId="b", channel=one) == (204, None)
    await asyncio.sleep(0)
    assert box.told("ChannelEnteredBridge", "ChannelLeftBridge") == [
        "ChannelEnteredBridge 1",
        "ChannelEnteredBridge 2",
        "ChannelLeftBridge 1",
    ]
    refused = (422, {"message": "Channel not in this bridge"})
    assert await box.do("bridges.removeChannel", bridgeId="b", channel=one) == refused


# measured on 16.28 and 22.10.1: they leave up to 5 ms after the command was answered
async def test_what_is_played_to_who_is_leaving_a_destroyed_bridge_is_lost():
    box = Box()
    (one,) = await bridged(box, callers=1)
    await box.do("bridges.destroy", bridgeId="b")
    play = {"channelId": one, "media": "sound:beep"}
    assert (await box.do("channels.playWithId", playbackId="lost", **play))[0] == 201
    await asyncio.sleep(1)
    await box.do("channels.playWithId", playbackId="waits", **play)
    await asyncio.sleep(10)
    assert box.told("ChannelLeftBridge") == ["ChannelLeftBridge 0"]
    assert [one for one in box.told() if one.startswith("Playback")] == []


async def test_several_channels_are_added_at_once():
    box = Box()
    await box.do("bridges.createWithId", bridgeId="b")
    channels = [box.comes_in()[1] for _ in range(3)]
    await box.do("bridges.addChannel", bridgeId="b", channel=channels[:2])
    await box.do("bridges.addChannel", bridgeId="b", channel=channels[2])
    assert (await box.do("bridges.get", bridgeId="b"))[1]["channels"] == channels


async def test_a_channel_that_is_added_elsewhere_leaves_where_it_was():
    box = Box()
    one, _ = await bridged(box, "holding")
    await box.do("bridges.createWithId", bridgeId="c")
    await box.do("bridges.addChannel", bridgeId="c", channel=one)
    await asyncio.sleep(0)
    assert box.told()[-2:] == ["ChannelLeftBridge 1", "ChannelEnteredBridge 1"]
    assert (await box.do("bridges.get", bridgeId="b"))[1]["bridge_type"] == "holding"


async def test_a_destroyed_bridge_lets_everybody_go_first():
    box = Box()
    await bridged(box)
    assert await box.do("bridges.destroy", bridgeId="b") == (204, None)
    await asyncio.sleep(0.01)
    assert box.told()[-3:] == ["ChannelLeftBridge 1", "ChannelLeftBridge 0", "BridgeDestroyed"]
    gone = (404, {"message": "Bridge not found"})
    assert await box.do("bridges.destroy", bridgeId="b") == gone


async def test_who_hangs_up_in_a_bridge_leaves_it_and_then_the_application():
    box = Box()
    one, two = await bridged(box)
    for channel in (one, two):
        await box.do("channels.answer", channelId=channel)
    box.channels[one].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-3:] == ["ChannelHangupRequest 16 0", "ChannelLeftBridge 1", "StasisEnd"]
    assert (await box.do("bridges.get", bridgeId="b"))[1]["channels"] == [two]


async def test_keys_pressed_in_a_bridge_are_told_only_where_it_was_made_for_that():
    for kind, told in (("mixing", []), ("mixing,dtmf_events", ["ChannelDtmfReceived 3"])):
        box = Box()
        one, _ = await bridged(box, kind)
        box.channels[one].press("3", 0.1)
        await asyncio.sleep(0)
        assert box.told("ChannelDtmfReceived") == told


async def test_a_channel_comes_into_a_bridge_when_what_plays_is_over():
    box = Box()
    await box.do("bridges.createWithId", bridgeId="b")
    _, channel = box.comes_in()
    await box.do("channels.playWithId", channelId=channel, playbackId="p", media="sound:hello")
    await box.do("bridges.addChannel", bridgeId="b", channel=channel)
    await asyncio.sleep(0)
    assert box.told()[-2:] == ["PlaybackFinished p done", "ChannelEnteredBridge 1"]


async def test_a_sound_is_played_to_one_channel_in_a_bridge():
    box = Box()
    one, _ = await bridged(box)
    await box.do("channels.playWithId", channelId=one, playbackId="p", media="sound:beep")
    await asyncio.sleep(1)
    assert box.told()[-1] == "PlaybackFinished p done"


async def test_what_is_not_there_is_refused():
    box = Box()
    one, _ = await bridged(box)
    again = (409, {"message": "Bridge with id 'b' already exists"})
    assert await box.do("bridges.createWithId", bridgeId="b") == again
    odd = (500, {"message": "Unable to create bridge"})
    assert await box.do("bridges.createWithId", bridgeId="c", type="odd") == odd
    nobody = (400, {"message": "Channel not found"})
    assert await box.do("bridges.addChannel", bridgeId="b", channel="x") == nobody
    nowhere = (404, {"message": "Bridge not found"})
    assert await box.do("bridges.addChannel", bridgeId="x", channel=one) == nowhere


async def test_a_channel_that_went_back_to_the_dialplan_cannot_be_bridged():
    box = Box()
    box.dialplan = lambda _: None
    one, _ = await bridged(box)
    await box.do("channels.continueInDialplan", channelId=one)
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["ChannelLeftBridge 1", "StasisEnd"]
    refused = (409, {"message": "Channel not in Stasis application"})
    assert await box.do("bridges.addChannel", bridgeId="b", channel=one) == refused
