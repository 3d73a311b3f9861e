"""Channels that listen, in the Asterisk in memory, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual


async def snoop(box, channel, name="ear", **params):
    options = {"spy": "in", "app": "pivot"} | params
    return await box.do("channels.snoopChannelWithId", channelId=channel, snoopId=name, **options)


async def test_a_listening_channel_comes_to_the_application_and_ends_with_the_other():
    box = Box()
    _, channel = box.comes_in()
    status, answer = await snoop(box, channel, appArgs="ear,x")
    await asyncio.sleep(0)
    assert (status, answer["id"], answer["state"]) == (200, "ear", "Up")
    assert box.events[-1].args == ["ear", "x"]
    await box.do("channels.record", channelId="ear", name="r", format="wav")
    await asyncio.sleep(2)
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.told()[-4:] == [
        "ChannelHangupRequest 127 487",
        "StasisEnd",
        "RecordingFinished r",
        "StasisEnd",
    ]
    assert box.channels == {}


async def test_it_records_while_the_other_channel_is_played_to():
    box = Box()
    _, channel = box.comes_in()
    await snoop(box, channel)
    await box.do("channels.record", channelId="ear", name="r", format="wav", maxSilenceSeconds=2)
    await box.do("channels.playWithId", channelId=channel, playbackId="p", media="sound:hello")
    await asyncio.sleep(1.5)
    box.channels[channel].speak(speaking=True)
    await asyncio.sleep(3)
    box.channels[channel].speak(speaking=False)
    await asyncio.sleep(2.1)
    assert box.told("PlaybackFinished", "RecordingFinished") == [
        "PlaybackFinished p done",
        "RecordingFinished r",
    ]


async def test_it_can_be_hung_up_alone():
    box = Box()
    _, channel = box.comes_in()
    await snoop(box, channel)
    await box.do("channels.hangup", channelId="ear")
    await asyncio.sleep(0.1)
    assert box.told()[-2:] == ["ChannelHangupRequest 32 soft 0", "StasisEnd"]
    assert list(box.channels) == [channel]
    box.channels[channel].leave()
    await asyncio.sleep(0.1)
    assert box.channels == {}


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"spy": None}, (400, "Direction must be specified for at least spy or whisper")),
        ({"spy": "odd"}, (400, "Invalid direction specified for spy")),
        ({"app": None}, (400, "Application name is required")),
    ],
)
async def test_what_it_cannot_do_is_refused(params, refusal):
    box = Box()
    _, channel = box.comes_in()
    status, message = refusal
    assert await snoop(box, channel, **params) == (status, {"message": message})


async def test_who_is_not_there_cannot_be_listened_to_and_one_id_serves_once():
    box = Box()
    _, channel = box.comes_in()
    missing = (404, {"message": "Provided channel was not found"})
    assert await snoop(box, "nobody") == missing
    await snoop(box, channel)
    taken = (500, {"message": "Snoop channel could not be created"})
    assert await snoop(box, channel) == taken
