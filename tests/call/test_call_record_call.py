"""Recording a call beside whatever it does. Times are seconds."""

import asyncio

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.aside import aside
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Target
from ari_pivot.call.facts import Facts
from ari_pivot.call.play import play
from ari_pivot.call.record_call import finish, start_recording, stop_recording
from ari_pivot.call.recordings import Order, Unkept
from ari_pivot.call.source import Prompt
from ari_pivot.errors import AsteriskError, Code

pytestmark = pytest.mark.virtual

STEREO = ("in", "out")


def recorded(box):
    return {one.name: one.seconds for one in box.asterisk.recorded}


class Handed(Unkept):
    """Notes what a recording's keeper is told."""

    def __init__(self):
        self.told = []

    def begin(self, order):
        self.told.append(("begin", order.id))

    def end(self, order, *, made=True):
        self.told.append(("end", order.id, made))


def order(*tracks):
    return Order(call="caller", tracks=tracks or ("both",))


async def test_it_goes_on_through_prompts_and_bridges_until_it_is_stopped():
    box = Box({"ann": {"ring": 2, "answer": True, "talk": 5}}, state="Up")
    live = await start_recording(box.call, order(), max_length=3600)
    await dial(box.call, Plan(targets=[Target("PJSIP/ann")]))
    await play(box.call, Prompt("hello"))
    made = await stop_recording(live)
    assert (made.ended_by, made.duration, made.began) == ("stopped", 8, EPOCH)
    assert recorded(box) == {made.names[0]: 8}
    await asyncio.sleep(1)
    assert box.left == set()
    assert "snoopChannelWithId both" in box.told


async def test_stereo_is_two_tracks_that_begin_together():
    box = Box(state="Up")
    live = await start_recording(box.call, order(*STEREO), max_length=3600)
    await asyncio.sleep(3)
    made = await stop_recording(live)
    assert made.names == live.names
    assert recorded(box) == dict.fromkeys(made.names, 3)
    assert [line for line in box.told if line.startswith(("snoop", "record"))] == [
        "snoopChannelWithId in",
        "snoopChannelWithId out",
        "record",
        "record",
    ]
    await asyncio.sleep(1)
    assert box.left == set()


@pytest.mark.parametrize("events_first", [False, True])
async def test_it_ends_with_the_call(events_first):
    box = Box(state="Up", events_first=events_first)
    live = await start_recording(box.call, order(*STEREO), max_length=3600)
    box.later(5, box.person.hang_up)
    await box.call.until(lambda: box.call.ended)
    made = await stop_recording(live)
    assert (made.ended_by, made.names, made.duration) == ("hangup", live.names, 5)
    assert "hangup" not in box.told
    assert box.call.notes == []
    await asyncio.sleep(1)
    assert recorded(box) == dict.fromkeys(made.names, 5)
    assert box.left == set()


async def test_it_ends_by_itself_when_it_is_long_enough():
    box = Box(state="Up")
    live = await start_recording(box.call, order(), max_length=10)
    await asyncio.sleep(30)
    made = await stop_recording(live)
    assert (made.ended_by, made.duration) == ("full", 10)
    assert "stop" not in box.told
    assert recorded(box) == {live.names[0]: 10}


async def test_that_of_a_dialled_leg_goes_on_when_it_is_put_through():
    async def screen(attempt):
        facts = Facts(id=attempt.id, sid="CA9", started_at=0)
        with aside(box.call, attempt, facts) as leg:
            await start_recording(leg, order(), max_length=60)
        return True

    box = Box({"ann": {"ring": 2, "answer": True, "talk": 5}}, state="Up")
    await dial(box.call, Plan(targets=[Target("PJSIP/ann")], screen=screen))
    began = box.seconds()
    await finish(box.call)
    assert box.seconds() == began
    assert [round(one.seconds) for one in box.asterisk.recorded] == [5]
    await asyncio.sleep(1)
    assert (box.left, box.call.live) == (set(), [])


async def test_one_that_is_stopped_twice_is_handed_over_once():
    box = Box(state="Up")
    box.call.recordings = keeper = Handed()
    live = await start_recording(box.call, order(), max_length=60)
    await asyncio.sleep(2)
    first, second = await asyncio.gather(stop_recording(live), stop_recording(live))
    await finish(box.call)
    assert first == second == await stop_recording(live)
    assert keeper.told == [("begin", live.order.id), ("end", live.order.id, True)]


@pytest.mark.parametrize("command", ["snoopChannelWithId", "record"])
async def test_one_that_cannot_begin_leaves_nothing(command):
    box = Box(state="Up")
    box.refuse[command] = 500
    with pytest.raises(AsteriskError):
        await start_recording(box.call, order(*STEREO), max_length=60)
    await asyncio.sleep(1)
    assert box.left == set()
    assert not box.call.ended


async def test_one_that_failed_has_no_tracks():
    box = Box(state="Up")
    live = await start_recording(box.call, order(*STEREO), max_length=60)
    await asyncio.sleep(1)
    one = box.asterisk.recordings[live.names[1]]
    one._tell("RecordingFailed", "failed", cause="No space left on device")
    made = await stop_recording(live)
    assert (made.ended_by, made.names, made.duration) == ("failed", (), 0)


async def test_a_refused_stop_is_noted():
    box = Box(state="Up")
    live = await start_recording(box.call, order(), max_length=60)
    await asyncio.sleep(1)
    box.refuse["stop"] = 500
    made = await stop_recording(live)
    assert made.names == live.names
    assert [note.code for note in box.call.notes] == [Code.ASTERISK_REFUSED]


async def test_an_ear_that_is_gone_already_is_no_problem():
    box = Box(state="Up")
    live = await start_recording(box.call, order(), max_length=60)
    box.refuse["hangup"] = 404
    await stop_recording(live)
    assert box.call.notes == []
