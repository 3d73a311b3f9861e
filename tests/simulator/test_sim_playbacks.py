"""Playbacks of the Asterisk in memory, as a real 22.10.1 treats them."""

import asyncio

import pytest
from box import Box

pytestmark = pytest.mark.virtual


async def play(box, channel, playback, media, **params):
    return await box.do(
        "channels.playWithId", channelId=channel, playbackId=playback, media=media, **params
    )


def heard(listener):
    return [(s.media, round(s.began, 2), round(s.ended, 2), s.interrupted) for s in listener.sounds]


async def test_a_sound_is_played_to_its_end_even_before_the_answer():
    box = Box()
    caller, channel = box.comes_in()
    status, answer = await play(box, channel, "p", "sound:beep", lang="de")
    assert status == 201
    assert answer == {
        "id": "p",
        "media_uri": "sound:beep",
        "target_uri": f"channel:{channel}",
        "language": "de",
        "state": "queued",
    }
    await asyncio.sleep(1)
    assert box.told("PlaybackStarted", "PlaybackFinished") == [
        "PlaybackStarted p playing",
        "PlaybackFinished p done",
    ]
    assert heard(caller) == [("sound:beep", 0, 0.44, False)]


async def test_playbacks_of_one_channel_wait_for_each_other():
    box = Box()
    caller, channel = box.comes_in()
    await play(box, channel, "a", "sound:hello")
    await play(box, channel, "b", "sound:beep")
    assert (await box.do("playbacks.get", playbackId="b"))[1]["state"] == "queued"
    await asyncio.sleep(3)
    assert heard(caller) == [("sound:hello", 0, 1, False), ("sound:beep", 1, 1.44, False)]


async def test_a_sound_that_is_missing_is_accepted_and_fails():
    box = Box(missing={"nothing"})
    caller, channel = box.comes_in()
    status, _ = await play(box, channel, "p", "sound:nothing")
    await asyncio.sleep(0)
    assert status == 201
    assert box.told()[1:] == ["PlaybackStarted p playing", "PlaybackFinished p failed"]
    assert caller.sounds == []


async def test_a_media_scheme_it_does_not_know_begins_and_is_never_heard_of_again():
    box = Box()
    _, channel = box.comes_in()
    status, _ = await play(box, channel, "p", "bogus:thing")
    await asyncio.sleep(5)
    assert status == 201
    assert box.told()[1:] == ["PlaybackStarted p playing"]
    assert (await box.do("playbacks.get", playbackId="p"))[0] == 404


async def test_stopping_a_playback_ends_it_as_done():
    box = Box()
    caller, channel = box.comes_in()
    await play(box, channel, "p", "sound:hello")
    await asyncio.sleep(0.3)
    assert await box.do("playbacks.stop", playbackId="p") == (204, None)
    await asyncio.sleep(2)
    assert box.told("PlaybackFinished") == ["PlaybackFinished p done"]
    assert heard(caller) == [("sound:hello", 0, 0.3, True)]
    gone = (404, {"message": "Playback not found"})
    assert await box.do("playbacks.stop", playbackId="p") == gone


async def test_a_waiting_playback_that_is_stopped_ends_in_its_turn_without_having_begun():
    box = Box()
    caller, channel = box.comes_in()
    await play(box, channel, "a", "sound:hello")
    await play(box, channel, "b", "sound:hello")
    await play(box, channel, "c", "sound:beep")
    await box.do("playbacks.stop", playbackId="b")
    assert (await box.do("playbacks.get", playbackId="b"))[1]["state"] == "done"
    await asyncio.sleep(3)
    assert box.told()[1:] == [
        "PlaybackStarted a playing",
        "PlaybackFinished a done",
        "PlaybackFinished b done",
        "PlaybackStarted c playing",
        "PlaybackFinished c done",
    ]
    assert [sound.media for sound in caller.sounds] == ["sound:hello", "sound:beep"]


async def test_a_list_is_one_playback_that_goes_on_over_what_is_missing():
    box = Box(missing={"nothing"})
    caller, channel = box.comes_in()
    _, answer = await play(box, channel, "p", ["sound:beep", "sound:nothing", "sound:hello"])
    assert answer["next_media_uri"] == "sound:nothing"
    await asyncio.sleep(3)
    assert box.told()[1:] == [
        "PlaybackStarted p playing",
        "PlaybackContinuing",
        "PlaybackStarted p playing",
        "PlaybackContinuing",
        "PlaybackStarted p playing",
        "PlaybackFinished p done",
    ]
    assert [sound.media for sound in caller.sounds] == ["sound:beep", "sound:hello"]


async def test_a_tone_goes_on_until_it_is_stopped_even_one_that_sounds_once():
    box = Box()
    caller, channel = box.comes_in()
    await play(box, channel, "p", "tone:!440/200")
    await asyncio.sleep(3600)
    assert box.told("PlaybackFinished") == []
    await box.do("playbacks.stop", playbackId="p")
    assert heard(caller) == [("tone:!440/200", 0, 3600, True)]


async def test_the_end_of_the_call_fails_what_plays_and_what_waits_before_it_is_told():
    box = Box()
    caller, channel = box.comes_in()
    await box.do("channels.answer", channelId=channel)
    await play(box, channel, "a", "sound:hello")
    await play(box, channel, "b", "sound:beep")
    await asyncio.sleep(0.5)
    box.channels[channel].leave()
    await asyncio.sleep(1)
    assert box.told()[3:] == [
        "ChannelHangupRequest 0 0",
        "PlaybackFinished a failed",
        "PlaybackStarted b playing",
        "PlaybackFinished b failed",
        "StasisEnd",
    ]
    assert heard(caller) == [("sound:hello", 0, 0.5, True)]


async def test_a_playback_without_media_is_refused():
    box = Box()
    _, channel = box.comes_in()
    refused = (500, {"message": "Failed to queue media for playback"})
    assert await play(box, channel, "p", None) == refused


async def test_an_answer_waits_for_what_plays_and_holds_up_the_connection_meanwhile():
    box = Box()
    _, channel = box.comes_in()
    _, other = box.comes_in()
    await play(box, channel, "p", "sound:hello")
    answering = asyncio.create_task(box.do("channels.answer", channelId=channel))
    await asyncio.sleep(0.5)
    elsewhere = asyncio.create_task(box.do("channels.answer", channelId=other))
    await asyncio.sleep(0.4)
    assert not answering.done()
    assert not elsewhere.done()
    await asyncio.sleep(0.2)
    assert answering.result() == elsewhere.result() == (204, None)
    assert box.told()[2:] == [
        "PlaybackStarted p playing",
        "PlaybackFinished p done",
        "ChannelStateChange Up",
        "ChannelStateChange Up",
    ]


async def test_setting_a_variable_waits_for_what_plays_but_reading_one_does_not():
    box = Box()
    _, channel = box.comes_in()
    await play(box, channel, "p", "sound:hello")
    loop = asyncio.get_running_loop()
    await box.do("channels.getChannelVar", channelId=channel, variable="CHANNEL(state)")
    assert loop.time() == 0
    await box.do("channels.setChannelVar", channelId=channel, variable="X", value="1")
    assert loop.time() == pytest.approx(1)


async def test_a_command_that_waits_for_its_turn_is_carried_out_when_the_call_ends():
    box = Box()
    _, channel = box.comes_in()
    await play(box, channel, "p", "tone:440")
    waiting = asyncio.create_task(
        box.do("channels.setChannelVar", channelId=channel, variable="X", value="1")
    )
    await asyncio.sleep(1)
    box.channels[channel].leave()
    assert await waiting == (204, None)
    assert box.told()[-1] == "StasisEnd"


async def test_keys_are_sent_one_after_the_other_and_what_follows_waits():
    box = Box()
    caller, channel = box.comes_in()
    status, _ = await box.do(
        "channels.sendDTMF", channelId=channel, dtmf="1w2", duration=100, between=100
    )
    await play(box, channel, "p", "sound:beep")
    await asyncio.sleep(3)
    assert status == 204
    assert heard(caller) == [("dtmf:1w2", 0, 0.9, False), ("sound:beep", 1, 1.44, False)]
    refused = (400, {"message": "DTMF is required"})
    assert await box.do("channels.sendDTMF", channelId=channel) == refused


async def test_keys_stop_being_sent_when_the_call_ends():
    box = Box()
    caller, channel = box.comes_in()
    for _ in range(2):
        await box.do("channels.sendDTMF", channelId=channel, dtmf="123")
    await asyncio.sleep(0.2)
    box.channels[channel].leave()
    await asyncio.sleep(2)
    assert heard(caller) == [("dtmf:123", 0, 0.2, True)]


async def test_a_file_lasts_as_long_as_its_8000_bytes_a_second(tmp_path):
    (tmp_path / "abc.ulaw").write_bytes(bytes(20_000))
    box = Box(directories={"/var/sounds": tmp_path})
    caller, channel = box.comes_in()
    await play(box, channel, "p", "sound:/var/sounds/abc")
    await play(box, channel, "q", "sound:/var/sounds/other")
    await play(box, channel, "r", "sound:/elsewhere/abc")
    await asyncio.sleep(5)
    assert heard(caller) == [("sound:/var/sounds/abc", 0, 2.5, False)]
    assert box.told("PlaybackFinished") == [
        "PlaybackFinished p done",
        "PlaybackFinished q failed",
        "PlaybackFinished r failed",
    ]


@pytest.mark.parametrize(
    ("media", "seconds"),
    [
        ("sound:silence/5", 5),
        ("sound:digits/1", 0.84),
        ("sound:any-prompt", 1),
        ("digits:123", 2.52),
        ("recording:unknown", None),
    ],
)
async def test_what_has_no_file_has_a_length_of_its_own(media, seconds):
    assert Box().sounds.length(media) == (seconds and pytest.approx(seconds))
