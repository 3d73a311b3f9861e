"""Conferences: where each member is, and what is left when things go wrong."""

import asyncio

import pytest
from line_box import Box

from ari_pivot.call.attend import attend
from ari_pivot.call.attendance import Change, Left, Plan
from ari_pivot.call.conference import Member
from ari_pivot.call.waiter import Waited, Waiter
from ari_pivot.errors import AsteriskError, CallEnded, PivotError

pytestmark = pytest.mark.virtual


class Alone(Box):
    """One caller; a conference of one starts at once."""

    def __init__(self, **options):
        super().__init__(**options)
        self.changes = []

    def plan(self, **more):
        return Plan(conference="x", watch=self.watch, **{"quorum": 1} | more)

    def watch(self, happening):
        self.changes.append(happening.change)

    @property
    def conference(self):
        return self.call.rooms.conferences["x"]


ALL = [Change.JOIN, Change.START, Change.LEAVE, Change.END]


async def test_the_bridge_is_there_as_long_as_somebody_is():
    box = Alone()
    box.later(5, box.person.hang_up)
    attended = await attend(box.call, box.plan())
    assert attended.left is Left.CALLER
    assert (box.changes, box.left, box.call.rooms.conferences) == (ALL, set(), {})


@pytest.mark.parametrize("at", [0.5, 2])
async def test_a_bridge_that_is_taken_away_ends_it(at):
    box = Alone()
    box.later(at, lambda: box.asterisk.bridges.pop(box.conference.bridge.id).destroy())
    attended = await attend(box.call, box.plan())
    assert attended.left is Left.ASTERISK
    assert box.left == set()
    assert not box.call.ended


@pytest.mark.parametrize("command", ["createWithId", "addChannel", "mute"])
async def test_an_asterisk_that_refuses_leaves_nobody_inside(command):
    box = Alone()
    box.refuse = {command: 500}
    box.later(60, box.person.hang_up)
    with pytest.raises(AsteriskError):
        await attend(box.call, box.plan(muted=True))
    assert (box.changes[-2:], box.left, box.call.rooms.conferences) == (ALL[2:], set(), {})


async def test_a_call_that_is_interrupted_is_out_of_the_bridge():
    box = Alone()

    async def then(call):
        pass

    box.later(3, lambda: box.call.interrupt(then))
    with pytest.raises(CallEnded):
        await attend(box.call, box.plan(muted=True))
    assert (box.left, box.changes) == (set(), ALL)
    assert box.channel.bridge is None
    assert box.channel.muted == set()


@pytest.mark.parametrize("back", [2.5, 10])
async def test_a_lost_connection_changes_nothing(back):
    box = Alone()
    box.later(1, lambda: box.lose(1.5))
    box.later(back, box.person.hang_up)
    attended = await attend(box.call, box.plan())
    assert (attended.left, box.changes) == (Left.CALLER, ALL)
    assert box.left == set()


async def test_a_member_is_muted_held_and_removed_while_inside():
    box = Alone()
    wanted = []

    async def change():
        await asyncio.sleep(1)
        conference = box.conference
        (member,) = conference.members
        conference.mute(member, muted=True)
        await asyncio.sleep(1)
        wanted.append(set(box.channel.muted))
        conference.hold(member, held=True)
        await asyncio.sleep(1)
        wanted.append((box.channel.bridge, [one.media for one in box.person.sounds]))
        conference.hold(member, held=False)
        await asyncio.sleep(1)
        wanted.append((set(box.channel.muted), box.channel.bridge is not None))
        member.removed = True
        box.call.wake()

    changing = asyncio.create_task(change())
    attended = await attend(box.call, box.plan())
    await changing
    assert attended.left is Left.REMOVED
    assert wanted == [{"in"}, (None, ["moh:default"]), ({"in"}, True)]
    assert box.changes == [
        Change.JOIN, Change.START, Change.MUTE, Change.HOLD, Change.UNHOLD, Change.LEAVE, Change.END,
    ]  # fmt: skip
    assert (box.channel.muted, box.call.ended) == (set(), False)


async def test_who_is_deaf_hears_nobody():
    box = Alone()
    box.later(2, box.person.hang_up)
    box.later(1, lambda: box.told.append(f"muted {sorted(box.channel.muted)}"))
    await attend(box.call, box.plan(deaf=True, muted=True))
    assert "muted ['in', 'out']" in box.told


async def test_what_there_is_to_wait_with_may_fail():
    box = Alone()

    async def wait(call):
        await asyncio.sleep(2)
        raise PivotError("nothing to be heard")

    attended = await attend(box.call, box.plan(quorum=2, wait=wait))
    assert (attended.left, attended.error.message) == (Left.FAILED, "nothing to be heard")
    assert box.seconds() == 2


async def test_a_fault_of_ours_in_what_there_is_to_wait_with_is_no_result():
    box = Alone()

    async def wait(call):
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await attend(box.call, box.plan(quorum=2, wait=wait))
    assert (box.left, box.call.rooms.conferences) == (set(), {})


async def test_a_member_whose_number_is_full_is_refused():
    box = Alone()
    box.later(9, box.person.hang_up)
    first = asyncio.create_task(attend(box.call, box.plan(label="x")))
    await asyncio.sleep(1)
    assert box.conference.refuses(box.plan(most=1)) is Left.FULL
    assert box.conference.refuses(box.plan(label="x")) is Left.LABEL
    assert box.conference.refuses(box.plan(coaches="y")) is Left.COACHED
    assert box.conference.refuses(box.plan(coaches="x")) is None
    assert isinstance(box.conference.member("CA0123"), Member)
    await first


async def test_who_waits_may_wait_on_after_a_timeout():
    box = Alone(state="Up")
    waiter = Waiter(box.call, box.call.clock())
    assert await waiter.wait(None, 3) is Waited.TIMEOUT
    assert not waiter.gone
    box.later(2, waiter.leave)
    assert await waiter.wait(None, 9) is Waited.LEFT
    assert (waiter.gone, box.seconds()) == (True, 5)
