"""Conferences and queues on a real Asterisk: who hears whom, and what is left."""

import asyncio
from pathlib import Path

import ears
import pytest
from desk import opened

from ari_pivot.call.answer import answer
from ari_pivot.call.attend import attend
from ari_pivot.call.attendance import Left, Plan
from ari_pivot.call.dialled import Target
from ari_pivot.call.page import page
from ari_pivot.call.play import play
from ari_pivot.call.queue import named
from ari_pivot.call.recordings import Order
from ari_pivot.call.rooms import Rooms
from ari_pivot.call.source import Prompt
from ari_pivot.call.waiter import Waited, fetch
from ari_pivot.callflow.park import Park
from ari_pivot.errors import CallEnded

BEEP = Prompt("beep")  # 697 Hz as the lab's ears have it
PUPIL = "pupil"


class Records:
    """Has a conference recorded."""

    def order_for(self, call, conference):
        self.made = Order(call=call.facts.id)
        return self.made

    async def recording(self, call, order):
        self.begun = order is self.made


class Meeting:
    """A desk whose calls meet: `at` seconds later somebody calls, and `work` is done with them."""

    def __init__(self, desk):
        self.desk = desk
        self.rooms = Rooms()
        self.changes = []

    async def at(self, seconds, work, script):
        async def done(call):
            call.rooms = self.rooms
            return await work(call)

        await asyncio.sleep(seconds)
        return await self.desk.take(done, script)

    def member(self, **plan):
        sounds = {"enter_sound": BEEP, "exit_sound": BEEP}

        async def work(call):
            return await attend(call, Plan(conference="x", watch=self.watch, **sounds | plan))

        return work

    def watch(self, happening):
        self.changes.append(happening.change.value)


@pytest.fixture(scope="module")
def conference(asterisk):
    """Have four callers meet: one who is muted, and one who coaches the first."""

    async def play():
        async with opened(asterisk) as desk:
            meeting, records = Meeting(desk), Records()
            takes = await asyncio.gather(
                meeting.at(
                    0,
                    meeting.member(label=PUPIL, recorder=records, tells_speech=True),
                    ["w7", "t440/1", "w6", "h"],
                ),
                meeting.at(2, meeting.member(hangup_on="*"), ["w7", "t620/1", "w3", "d*", "w60"]),
                meeting.at(3, meeting.member(muted=True), ["w5", "t350/1", "w7", "h"]),
                meeting.at(4, meeting.member(coaches=PUPIL), ["w7", "t1000/1", "w9", "h"]),
            )
            return takes, meeting.changes, await desk.left(), meeting.rooms, records

    return asyncio.run(play())


def test_everybody_hears_the_others_but_not_who_is_muted(conference):
    first, second, muted, _ = (take.heard for take in conference[0])
    assert "620 Hz" in first
    assert "440 Hz" in second
    assert {"440 Hz", "620 Hz"} <= {*muted}
    assert not any("350 Hz" in take.heard for take in conference[0])


def test_who_comes_first_hears_music(conference):
    assert conference[0][0].heard[0] == "voice"
    assert "voice" not in conference[0][1].heard


def test_only_the_pupil_hears_the_coach_who_hears_all(conference):
    first, second, muted, coach = (take.heard for take in conference[0])
    assert "1000 Hz" in first
    assert "1000 Hz" not in second + muted
    assert {"440 Hz", "620 Hz"} <= {*coach}


def test_all_changes_are_told_and_nothing_is_left(conference):
    takes, changes, left, rooms, _ = conference
    assert [take.result.left for take in takes] == [Left.CALLER, Left.KEY, Left.CALLER, Left.CALLER]
    assert changes.count("join") == changes.count("leave") == 4
    assert (changes.count("start"), changes[-1]) == (1, "end")
    assert changes.count("speech") >= changes.count("silence") > 0
    assert (left, rooms.conferences) == ([], {})


def test_it_is_recorded_but_not_the_music_before(conference, asterisk):
    records = conference[4]
    (name,) = records.made.names
    sounds = [one.kind for one in ears.listen(Path(asterisk["RECORDINGS_DIR"]) / f"{name}.wav")]
    assert records.begun
    assert {"440 Hz", "620 Hz"} <= {*sounds}
    assert not {"350 Hz", "1000 Hz"} & {*sounds}  # who is muted, and who whispers


@pytest.fixture(scope="module")
def queue(asterisk):
    """Have one wait, and another take them; both go on afterwards."""

    async def waits(call):
        await answer(call)
        waiter = named(call.rooms.queues, "q").enter(call)
        how = await waiter.wait(None)
        await play(call, BEEP)
        return how, waiter.spoken

    async def whisper(call):
        await play(call, BEEP)

    async def takes(call):
        waiter = await named(call.rooms.queues, "q").take(call, 5)
        spoken = await fetch(call, waiter, before=whisper, hangup_on="*")
        await play(call, BEEP)
        return spoken

    async def gives_up(call):
        waiter = await named(call.rooms.queues, "q").take(call, 5)
        return await fetch(call, waiter)

    async def run():
        async with opened(asterisk) as desk:
            meeting = Meeting(desk)
            takes_ = await asyncio.gather(
                meeting.at(0, waits, ["w4", "t440/1", "w20"]),
                meeting.at(2, takes, ["w4", "t620/1", "w1", "d*", "w20"]),
            )
            leaves = await asyncio.gather(
                meeting.at(0, waits, ["w60"]),
                meeting.at(1, gives_up, ["w2", "h"]),
                return_exceptions=True,
            )
            return takes_, leaves, await desk.left()

    return asyncio.run(run())


def test_who_waits_hears_music_and_then_who_has_taken_them(queue):
    waited, took = queue[0]
    assert waited.heard[0] == "voice"
    assert "620 Hz" in waited.heard
    assert "440 Hz" in took.heard
    assert (waited.heard[-1], took.heard[-1]) == ("697 Hz", "697 Hz")  # both calls go on


def test_the_conversation_ends_with_a_key_and_nothing_is_left(queue):
    waited, took = queue[0]
    assert (waited.result[0], took.result) == (Waited.FETCHED, True)
    assert waited.result[1] > 2
    assert queue[2] == []


def test_who_was_taken_goes_on_when_the_other_hangs_up(queue):
    waited, gone = queue[1]
    assert waited.result[0] is Waited.FETCHED
    assert isinstance(gone, CallEnded)


ECHOES, SPEAKS, NEVER = "+15552010600", "+15551000400", "+15555000000"


@pytest.fixture(scope="module")
def pages(asterisk):
    """Page one way and two ways; and park somebody whom somebody else fetches."""

    def paging(number, **options):
        targets = [Target(f"Local/{one}@callee/n", timeout=3) for one in (number, NEVER)]

        async def work(call):
            return await page(call, targets, **options)

        return work

    async def run():
        async with opened(asterisk) as desk:
            meeting = Meeting(desk)
            takes = await asyncio.gather(
                meeting.at(0, paging(SPEAKS), ["w60"]),
                meeting.at(0, paging(ECHOES, two_way=True), ["w3", "t1000/1", "w60"]),
                meeting.at(0, paging(NEVER), ["w60"]),
                meeting.at(0, parks("5"), ["w60"]),
                meeting.at(2, fetches("5"), ["w1", "t620/1", "w1", "h"]),
                return_exceptions=True,
            )
            return takes, await desk.left(), meeting.rooms

    return asyncio.run(run())


def parks(slot):
    return lambda call: Park(action="direct_park", slot=slot).run(call, {})


def fetches(slot):
    return lambda call: Park(action="retrieve", slot=slot).run(call, {})


def test_who_is_paged_is_not_heard_but_with_two_ways(pages):
    one_way, two_way, nobody = pages[0][:3]
    assert (one_way.result, two_way.result, nobody.result) == (True, True, False)
    assert "440 Hz" not in one_way.heard
    assert "1000 Hz" in two_way.heard  # what is said comes back


def test_who_is_parked_hears_music_and_then_who_has_fetched_them(pages):
    parked = pages[0][3]
    assert (parked.heard[0], "620 Hz" in parked.heard) == ("voice", True)
    assert (pages[1], pages[2].parked) == ([], {})
