"""Playing: to the end, until a key, again and again, and when it cannot be had."""

import pytest
from line_fakes import Asterisk, call, later, seconds

from ari_pivot.ari import events
from ari_pivot.call.play import ALL_KEYS, Played, play, send_dtmf
from ari_pivot.call.source import Audio, Prompt, Tone
from ari_pivot.errors import AsteriskError, CallEnded, Code

pytestmark = pytest.mark.virtual

HELLO = Prompt("hello")


async def test_a_prompt_is_played_to_its_end():
    asterisk = Asterisk(lasts=2)
    line = call(asterisk)
    assert await play(line, HELLO) is Played.DONE
    assert asterisk.told == ["play sound:hello"]
    assert seconds() == 2
    assert line.notes == []


async def test_a_prompt_is_played_as_often_as_it_is_told():
    asterisk = Asterisk(lasts=2)
    await play(call(asterisk), HELLO, loop=3)
    assert asterisk.told == ["play sound:hello"] * 3
    assert seconds() == 6


async def test_a_key_stops_it_and_stays_to_be_collected():
    asterisk = Asterisk(lasts=5)
    line = call(asterisk)
    later(1, asterisk.press, "7")
    assert await play(line, HELLO, loop=3, stop_on=ALL_KEYS) is Played.KEY
    assert asterisk.told == ["play sound:hello", "stop"]
    assert seconds() == 1
    assert line.caller.digits == ["7"]


async def test_another_key_does_not_stop_it():
    asterisk = Asterisk(lasts=5)
    line = call(asterisk)
    later(1, asterisk.press, "7")
    assert await play(line, HELLO, stop_on="#*") is Played.DONE
    assert seconds() == 5


async def test_keys_pressed_before_do_not_stop_it():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.press("1")
    assert await play(line, HELLO, stop_on=ALL_KEYS) is Played.DONE


async def test_a_key_pressed_while_it_is_fetched_comes_before_its_first_sound():
    asterisk = Asterisk()
    line = call(asterisk)
    line.media.takes = 3
    later(1, asterisk.press, "1")
    assert await play(line, HELLO, stop_on=ALL_KEYS) is Played.KEY
    assert asterisk.told == []


async def test_a_key_in_the_last_moment_finds_nothing_to_stop():
    asterisk = Asterisk(lasts=2)
    line = call(asterisk)
    asterisk.refuse["stop"] = 404
    later(1, asterisk.press, "1")
    assert await play(line, HELLO, stop_on=ALL_KEYS) is Played.KEY
    assert line.notes == []


async def test_a_stop_that_is_refused_for_another_reason_is_an_error():
    asterisk = Asterisk(lasts=2)
    line = call(asterisk)
    asterisk.refuse["stop"] = 500
    later(1, asterisk.press, "1")
    with pytest.raises(AsteriskError):
        await play(line, HELLO, stop_on=ALL_KEYS)


async def test_a_sound_that_cannot_be_had_is_noted_and_passed_over():
    asterisk = Asterisk()
    line = call(asterisk)
    assert await play(line, Audio("http://web.example/broken.wav"), loop=9) is Played.FAILED
    assert asterisk.told == []
    assert [(note.level, note.message) for note in line.notes] == [("warning", "cannot be had")]


async def test_a_sound_that_asterisk_cannot_play_is_noted_once_and_passed_over():
    asterisk = Asterisk()
    line = call(asterisk)
    assert await play(line, Prompt("missing"), loop=9) is Played.FAILED
    assert asterisk.told == ["play sound:missing"]
    assert [note.code for note in line.notes] == [Code.MEDIA_UNPLAYABLE]


async def test_a_caller_who_hangs_up_in_a_prompt_is_no_fault_of_the_prompt():
    asterisk = Asterisk(lasts=5)
    line = call(asterisk)
    later(1, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await play(line, HELLO)
    assert line.notes == []
    assert line.caller.playing == {}


async def test_the_same_when_asterisk_takes_its_time_to_let_the_channel_go():
    asterisk = Asterisk(lasts=5)
    line = call(asterisk)

    def begin_to_go():
        asterisk.hear(events.ChannelHangupRequest(events.Channel("chan-1")))
        asterisk.finish(next(iter(asterisk.playbacks)), "failed")

    later(1, begin_to_go)
    later(1.2, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await play(line, HELLO)
    assert line.notes == []


async def test_a_caller_who_hangs_up_while_it_is_fetched_hears_nothing():
    asterisk = Asterisk()
    line = call(asterisk)
    line.media.takes = 3
    later(1, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await play(line, HELLO)
    assert asterisk.told == []


async def test_a_tone_is_stopped_when_its_time_is_over():
    asterisk = Asterisk()
    assert await play(call(asterisk), Tone("440", 3)) is Played.DONE
    assert asterisk.told == ["play tone:440", "stop"]
    assert seconds() == 3


async def test_a_tone_without_an_end_sounds_until_a_key():
    asterisk = Asterisk()
    line = call(asterisk)
    later(60, asterisk.press, "#")
    assert await play(line, Tone("440"), stop_on="#") is Played.KEY
    assert seconds() == 60


@pytest.mark.parametrize(
    ("language", "told"), [("en-us", "en_US"), ("de", "de"), ("pt-BR", "pt_BR")]
)
async def test_the_language_that_was_chosen_is_the_sounds_language(language, told):
    heard = []
    asterisk = Asterisk()
    line = call(asterisk, language=language, language_set=True)
    asterisk._playWithId, playing = (
        (lambda p: (heard.append(p["lang"]), playing(p))[1]),
        asterisk._playWithId,
    )
    await play(line, HELLO)
    assert heard == [told]


async def test_keys_are_sent_and_waited_for():
    asterisk = Asterisk()
    await send_dtmf(call(asterisk), "12w3W")
    assert asterisk.told == ["dtmf 12w3W"]
    assert seconds() == pytest.approx(0.6 + 0.5 + 1.0)
