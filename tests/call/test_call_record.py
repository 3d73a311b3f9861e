"""Recording the caller: until silence, a key, its length or a hang-up. Times are seconds."""

import asyncio

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.record import record
from ari_pivot.errors import CallEnded, Code

pytestmark = pytest.mark.virtual

BEEP = 0.44


def speak(box, begin, end):
    """Let the caller speak."""
    box.later(begin, lambda: box.channel.speak(speaking=True))
    box.later(end, lambda: box.channel.speak(speaking=False))


async def take(box, **options):
    return await record(box.call, **{"max_length": 60, "beep": False} | options)


async def test_silence_ends_it_and_does_not_count():
    box = Box(state="Up")
    speak(box, 1, 4)
    made = await take(box, silence=2)
    assert (made.ended_by, made.duration, made.began) == ("silence", 4, EPOCH)
    assert box.seconds() == 6
    assert made.names == tuple(box.asterisk.sounds.recordings)


async def test_a_caller_who_says_nothing_leaves_nothing():
    made = await take(Box(state="Up"), silence=5)
    assert (made.ended_by, made.duration) == ("silence", 0)


async def test_any_key_of_a_set_ends_it_and_is_taken():
    box = Box(state="Up")
    box.later(3, box.person.press, "7")
    box.later(5, box.person.press, "*")
    made = await take(box, terminators="#*")
    assert (made.ended_by, made.duration) == ("*", pytest.approx(5.1))
    assert box.call.caller.digits == []
    assert box.told[-1] == "stop"


async def test_one_that_is_over_as_it_is_to_end_is_kept():
    box = Box(state="Up")
    box.refuse["stop"] = 409  # Asterisk: "Recording not in session"
    box.later(3, box.person.press, "#")
    made = await take(box, terminators="#")
    assert (made.ended_by, len(made.names)) == ("#", 1)
    assert box.call.notes == []


async def test_keys_pressed_before_it_neither_end_it_nor_are_lost():
    box = Box(state="Up")
    box.call.caller.digits.append("#")
    made = await take(box, terminators="#", max_length=3)
    assert made.ended_by == "full"
    assert box.call.caller.digits == ["#"]


async def test_its_length_ends_it_to_the_moment():
    box = Box(state="Up")
    made = await take(box, max_length=2.5, silence=9)
    assert (made.ended_by, made.duration) == ("full", 2.5)
    sent = dict(box.sent)["record"]
    assert (sent["maxDurationSeconds"], sent["maxSilenceSeconds"]) == (8, 9)
    assert (sent["terminateOn"], sent["format"], sent["ifExists"]) == ("none", "wav", "fail")


@pytest.mark.parametrize("events_first", [False, True])
async def test_a_caller_who_hangs_up_leaves_what_was_said(events_first):
    box = Box(state="Up", events_first=events_first)
    box.later(7, box.person.hang_up)
    made = await take(box, silence=9)
    assert (made.ended_by, made.duration) == ("hangup", 7)
    assert made.names == tuple(box.asterisk.sounds.recordings)


async def test_a_beep_comes_first_and_is_not_recorded():
    box = Box(state="Up")
    made = await take(box, max_length=3, beep=True)
    assert box.heard == [("sound:beep", 0, BEEP)]
    assert (made.began, made.duration) == (EPOCH + BEEP, 3)


async def test_a_key_during_the_beep_ends_it_at_once():
    box = Box(state="Up")
    box.later(0.2, box.person.press, "1")
    made = await take(box, beep=True, terminators="1")
    assert (made.ended_by, made.duration) == ("1", 0)
    assert len(made.names) == 1


async def test_who_hangs_up_during_the_beep_leaves_nothing():
    box = Box(state="Up")
    box.later(0.2, box.person.hang_up)
    made = await take(box, beep=True)
    assert (made.ended_by, made.names, made.duration) == ("hangup", (), 0)


async def test_who_has_hung_up_before_leaves_nothing_either():
    box = Box(state="Up")
    box.person.hang_up()
    await asyncio.sleep(1)
    made = await take(box)
    assert (made.ended_by, made.names) == ("hangup", ())
    assert box.told == []


async def test_a_refusal_is_a_result_and_noted():
    box = Box(state="Up")
    box.refuse["record"] = 500
    made = await take(box)
    assert (made.ended_by, made.names, made.duration) == ("failed", (), 0)
    assert [note.code for note in box.call.notes] == [Code.ASTERISK_REFUSED]


async def test_so_is_a_recording_that_fails_later():
    box = Box(state="Up")
    box.later(2, fail, box)
    made = await take(box)
    assert (made.ended_by, made.names, box.seconds()) == ("failed", (), 2)


async def test_one_that_ended_while_the_connection_was_lost_is_over():
    box = Box(state="Up")
    box.later(1, box.lose, 9)
    made = await take(box, silence=3)
    assert (made.ended_by, box.seconds()) == ("silence", 10)
    assert len(made.names) == 1


async def test_one_that_goes_on_meanwhile_goes_on():
    box = Box(state="Up")
    box.later(1, box.lose, 2)
    made = await take(box, max_length=9)
    assert (made.ended_by, made.duration) == ("full", 9)


async def test_an_interrupted_call_is_not_recorded_on():
    async def elsewhere(_):
        pass

    box = Box(state="Up")
    box.later(3, box.call.interrupt, elsewhere)
    with pytest.raises(CallEnded):
        await take(box)
    assert box.told[-1] == "stop"
    assert box.asterisk.recordings == {}


def fail(box):
    """Let a disk be full."""
    (going,) = box.asterisk.recordings.values()
    going._tell("RecordingFailed", "failed", cause="No space left on device")
