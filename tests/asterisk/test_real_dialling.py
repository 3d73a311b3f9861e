"""Dialling and recording on a real Asterisk: what was heard, what became of it, what is left.

The lab's parties say by their number what they do: asterisk-conf/extensions_lab.conf. All calls
are placed at once.
"""

import asyncio
from pathlib import Path

import ears
import pytest
from desk import take_all

from ari_pivot.call.answer import answer
from ari_pivot.call.aside import aside
from ari_pivot.call.collect import collect
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Identity, Plan, Status, Target
from ari_pivot.call.facts import Facts
from ari_pivot.call.play import play
from ari_pivot.call.record import record
from ari_pivot.call.record_call import start_recording, stop_recording
from ari_pivot.call.recordings import Order
from ari_pivot.call.source import Prompt, Tone

TALKS, BUSY, DECLINES, NEVER = "+15551010200", "+15553000000", "+15554010000", "+15555000000"
STAYS, ANNOUNCED, FAILS, NOBODY = "+15551000000", "+15557010100", "+15556013800", "+15556010100"
ACCEPTS, ACCEPTS_NOT = "+15558000101", "+15558000102"
LISTENS = ("w60",)


def to(*numbers, **options):
    return [Target(f"Local/{number}@callee/n", **options) for number in numbers]


def dialling(targets, *script, answered=False, **options):
    async def work(call):
        if answered:
            await answer(call)
        return await dial(call, Plan(targets=targets, **options))

    return work, script or LISTENS


def recording(*script, **options):
    async def work(call):
        await answer(call)
        return await record(call, **{"max_length": 20, "beep": False} | options)

    return work, script


async def asking(call):
    async def screen(attempt):
        with aside(call, attempt, Facts(id=attempt.id, sid="CA9", started_at=0)) as leg:
            await play(leg, Prompt("beep"))
            keys = await collect(leg, max_digits=1, timeout=5, interdigit_timeout=1)
        return keys.digits == "1"

    targets = to(ACCEPTS_NOT, ACCEPTS, NEVER)
    return await dial(call, Plan(targets=targets, screen=screen, time_limit=1))


async def in_stereo(call):
    live = await start_recording(call, Order(call="", tracks=("in", "out")), max_length=60)
    await dial(call, Plan(targets=to(STAYS), time_limit=3))
    await play(call, Prompt("beep"))
    return await stop_recording(live)


async def to_the_end(call):
    live = await start_recording(call, Order(call=""), max_length=60)
    await dial(call, Plan(targets=to(STAYS)))
    return await stop_recording(live)


SCENES = {
    "answer": dialling(to(TALKS)),
    "answer to an answered caller": dialling(to(TALKS), answered=True),
    "busy": dialling(to(BUSY)),
    "declined": dialling(to(DECLINES)),
    "failed": dialling(to(FAILS)),
    "never": dialling(to(NEVER, timeout=2)),
    "no number": dialling(to(NOBODY)),
    "no endpoint": dialling([Target("PJSIP/nobody"), Target("nonsense")]),
    "several": dialling(to(NEVER, TALKS, BUSY)),
    "in turn": dialling(to(NEVER, BUSY, TALKS, timeout=1.5), sequential=True),
    "caller leaves ringing": dialling(to(NEVER, NEVER), "w1", "h"),
    "caller leaves talking": dialling(to(STAYS), "w2", "h"),
    "caller leaves early media": dialling(to("+15557090000"), "w2", "h"),
    "key": dialling(to(STAYS), "w1", "d1*", "w60", hangup_on="*"),
    "limit": dialling(to(STAYS), time_limit=1.0),
    "early media": dialling(to(ANNOUNCED)),
    "early media to an answered caller": dialling(to(ANNOUNCED), answered=True),
    "ringback": dialling(to(TALKS), ringback=Tone("1000")),
    "identity": dialling(to(TALKS, identity=Identity("+15550009999", "Desk"))),
    "asked": (asking, LISTENS),
    "silence": recording("w0.5", "t440/1", "w60", silence=2),
    "key of a set": recording("w0.5", "t440/1", "d7#", "w60", terminators="#*"),
    "full": recording("t440/9", "w60", max_length=1.5),
    "hang-up": recording("w0.5", "t440/1", "h"),
    "hang-up in the beep": recording("w0.2", "h", beep=True),
    "stereo": (in_stereo, ["w1", "t620/1", "w60"]),
    "to the end": (to_the_end, ["w2", "h"]),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, SCENES))


@pytest.fixture
def takes(played):
    return played[0]


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []


@pytest.mark.parametrize("name", ["answer", "answer to an answered caller", "identity"])
def test_somebody_answers_and_hangs_up(takes, name):
    result = takes[name].result
    assert (result.status, result.ended_by, result.cause) == (Status.ANSWERED, "callee", 16)
    assert result.seconds == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("answer", ["440 Hz"]),
        ("answer to an answered caller", ["ringing", "440 Hz"]),
        ("ringback", ["1000 Hz", "440 Hz"]),
        ("several", ["440 Hz"]),
        ("busy", []),
    ],
)
def test_the_caller_hears_ringing_and_who_has_answered(takes, name, sounds):
    assert takes[name].heard == sounds


@pytest.mark.parametrize("name", ["early media", "early media to an answered caller"])
def test_the_caller_hears_what_comes_before_the_answer(takes, name):
    assert takes[name].heard[-2:] == ["660 Hz", "440 Hz"]


@pytest.mark.parametrize(
    ("name", "status", "cause"),
    [
        ("busy", Status.BUSY, 17),
        ("declined", Status.BUSY, 21),
        ("failed", Status.FAILED, 38),
        ("never", Status.NO_ANSWER, 19),
        ("no number", Status.FAILED, 1),
        ("no endpoint", Status.FAILED, 3),
    ],
)
def test_nobody_answers(takes, name, status, cause):
    result = takes[name].result
    assert (result.status, result.cause) == (status, cause)


@pytest.mark.parametrize(
    ("name", "became", "causes"),
    [
        ("several", ["canceled", "answered", "busy"], [26, 16, 17]),
        ("in turn", ["no-answer", "busy", "answered"], [19, 17, 16]),
        ("asked", ["answered", "answered", "canceled"], [16, 16, 26]),
    ],
)
def test_one_of_several_wins(takes, name, became, causes):
    attempts = takes[name].result.attempts
    assert [one.status.value for one in attempts] == became
    assert [one.cause for one in attempts] == causes


def test_who_accepts_is_put_through_and_who_does_not_is_not(takes):
    assert takes["asked"].result.winner.target == to(ACCEPTS)[0]


@pytest.mark.parametrize(
    ("name", "status", "ended_by"),
    [
        ("caller leaves ringing", Status.CANCELED, ""),
        ("caller leaves early media", Status.CANCELED, ""),
        ("caller leaves talking", Status.ANSWERED, "caller"),
        ("key", Status.ANSWERED, "key"),
        ("limit", Status.ANSWERED, "limit"),
    ],
)
def test_it_ends_in_every_way(takes, name, status, ended_by):
    result = takes[name].result
    assert (result.status, result.ended_by) == (status, ended_by)


def test_on_an_old_asterisk_too(asterisk_16):
    scenes = {name: SCENES[name] for name in ("several", "caller leaves ringing", "key", "busy")}
    takes, left = asyncio.run(take_all(asterisk_16, scenes))
    assert [one.cause for one in takes["several"].result.attempts] == [26, 16, 17]
    assert takes["several"].heard == ["440 Hz"]
    assert takes["caller leaves ringing"].result.status is Status.CANCELED
    assert takes["key"].result.ended_by == "key"
    assert takes["busy"].result.cause == 17
    assert left == []


@pytest.mark.parametrize(
    ("name", "ended_by", "seconds"),
    [
        ("silence", "silence", 1.5),
        ("key of a set", "#", 2),
        ("full", "full", 1.5),
        ("hang-up", "hangup", 1.5),
    ],
)
def test_the_caller_is_recorded(takes, asterisk, name, ended_by, seconds):
    made = takes[name].result
    assert (made.ended_by, made.duration) == (ended_by, pytest.approx(seconds, abs=0.7))
    (sounds,) = tracks(asterisk, made)
    assert "440 Hz" in kinds(sounds)


def test_who_hangs_up_during_the_beep_has_left_nothing(takes):
    made = takes["hang-up in the beep"].result
    assert (made.ended_by, made.names) == ("hangup", ())


def test_a_whole_call_is_recorded_in_stereo(takes, asterisk):
    made = takes["stereo"].result
    assert made.ended_by == "stopped"
    said, other = tracks(asterisk, made)
    assert ("620 Hz" in kinds(said), "440 Hz" in kinds(said)) == (True, False)
    assert ("620 Hz" in kinds(other), "440 Hz" in kinds(other)) == (False, True)


def test_or_until_it_ends(takes, asterisk):
    made = takes["to the end"].result
    assert made.ended_by == "hangup"
    (sounds,) = tracks(asterisk, made)
    assert "440 Hz" in kinds(sounds)


def tracks(asterisk, made):
    """Return what is heard in each track of a recording."""
    folder = Path(asterisk["RECORDINGS_DIR"])
    return [ears.listen(folder / f"{name}.wav") for name in made.names]


def kinds(sounds):
    return {sound.kind for sound in sounds}
