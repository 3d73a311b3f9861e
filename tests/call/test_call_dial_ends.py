"""Dialling: how it ends when somebody leaves, a limit is reached or Asterisk fails."""

import asyncio

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Progress, Status, Target
from ari_pivot.errors import AsteriskError, CallEnded, Code

pytestmark = pytest.mark.virtual

ANN, BOB = "PJSIP/ann", "PJSIP/bob"
STAYS = {"ring": 2, "answer": True}
NEVER = {"no_answer": True}


def plan(*endpoints, **options):
    return Plan(targets=[Target(one) for one in endpoints], **options)


class TestTheCallerLeaves:
    async def test_before_anybody_is_dialled(self):
        box = Box({"ann": STAYS})
        box.channel.leave()
        box.call.caller.ended = True
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.attempts) == (Status.CANCELED, ())
        assert box.told == []

    @pytest.mark.parametrize("events_first", [False, True])
    @pytest.mark.parametrize("command", ["ring", "create", "dial"])
    async def test_while_a_command_is_under_way(self, command, events_first):
        box = Box({"ann": STAYS, "bob": NEVER}, events_first=events_first)
        box.before[command] = box.person.hang_up
        dialled = await dial(box.call, plan(ANN, BOB))
        assert dialled.status is Status.CANCELED
        assert box.seconds() == 0
        await settled(box)
        assert box.left == set()

    @pytest.mark.parametrize("sequential", [False, True])
    async def test_while_it_rings(self, sequential):
        box, steps = Box({"ann": NEVER, "bob": NEVER}), []
        box.later(3, box.person.hang_up)
        dialled = await dial(
            box.call,
            plan(ANN, BOB, sequential=sequential, on_progress=lambda *step: steps.append(step)),
        )
        assert dialled.status is Status.CANCELED
        assert box.seconds() == 3
        assert {(one.status, one.cause, one.sip) for one in dialled.attempts} == {
            (Status.CANCELED, 16, 487)
        }
        assert [step for _, step in steps].count(Progress.ENDED) == len(dialled.attempts)
        await settled(box)
        assert box.left == set()

    async def test_when_somebody_has_just_answered(self):
        box = Box({"ann": STAYS})
        box.before["answer"] = box.person.hang_up
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.winner) == (Status.CANCELED, None)
        assert dialled.attempts[0].answered
        await settled(box)
        assert box.left == set()

    @pytest.mark.parametrize("command", ["createWithId", "addChannel"])
    async def test_while_the_two_are_put_together(self, command):
        box = Box({"ann": STAYS})
        box.before[command] = box.person.hang_up
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.ended_by, dialled.seconds) == ("caller", 0)
        await settled(box)
        assert box.left == set()

    async def test_in_the_conversation(self):
        box = Box({"ann": STAYS})
        box.later(10, box.person.hang_up)
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.ended_by) == (Status.ANSWERED, "caller")
        assert dialled.seconds == 8
        await settled(box)
        assert box.left == set()
        assert box.party("ann").ended_at == 10


class TestTheOtherSideLeaves:
    @pytest.mark.parametrize(
        ("command", "winner", "ended_by"),
        [("answer", False, ""), ("addChannel", True, "callee")],
    )
    async def test_before_the_two_are_together(self, command, winner, ended_by):
        box = Box({"ann": STAYS})
        box.before[command] = lambda: box.party("ann")._leave()
        dialled = await dial(box.call, plan(ANN))
        assert dialled.status is Status.ANSWERED
        assert (dialled.winner is not None, dialled.ended_by) == (winner, ended_by)
        assert (dialled.seconds, box.call.ended) == (0, False)
        await settled(box)
        assert box.left == set()

    async def test_in_the_moment_of_the_answer(self):
        box = Box()
        dialled = await dial(box.call, plan("PJSIP/flash"))
        assert (dialled.status, dialled.winner) == (Status.ANSWERED, None)
        assert not box.call.caller.up

    async def test_before_the_channel_is_dialled(self):
        box = Box({"ann": STAYS})
        box.before["dial"] = lambda: box.asterisk.channels[box.sent[-1][1]["channelId"]].hang_up(34)
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.cause) == (Status.FAILED, 34)
        assert box.call.notes == []
        assert box.left == set()


class TestTheConversation:
    async def test_lasts_no_longer_than_its_limit(self):
        box = Box({"ann": STAYS})
        dialled = await dial(box.call, plan(ANN, time_limit=60))
        assert (dialled.ended_by, dialled.seconds) == ("limit", 60)
        assert (dialled.cause, dialled.sip) == (16, 0)
        assert box.told[-2:] == ["destroy", "hangup 16"]
        await settled(box)
        assert box.left == set()
        assert not box.call.ended

    async def test_ends_with_a_key_of_the_caller(self):
        box = Box({"ann": STAYS})
        box.later(5, box.person.press, "12*")
        dialled = await dial(box.call, plan(ANN, hangup_on="*"))
        assert (dialled.ended_by, dialled.seconds) == ("key", 3.5)
        assert not box.call.ended

    async def test_its_keys_are_not_for_what_comes_after(self):
        box = Box({"ann": STAYS})
        box.call.caller.digits.append("7")
        box.later(5, box.person.press, "123")
        await dial(box.call, plan(ANN, time_limit=60))
        assert box.call.caller.digits == ["7"]

    async def test_a_key_before_it_does_not_end_it(self):
        box = Box({"ann": STAYS})
        box.later(1, box.person.press, "*")
        dialled = await dial(box.call, plan(ANN, hangup_on="*", time_limit=9))
        assert dialled.ended_by == "limit"

    async def test_ends_when_somebody_takes_the_bridge_away(self):
        box = Box({"ann": STAYS})
        box.later(5, lambda: next(iter(box.asterisk.bridges.values())).destroy())
        dialled = await dial(box.call, plan(ANN))
        assert dialled.ended_by == "asterisk"
        await settled(box)
        assert box.asterisk.channels.keys() == {box.channel.id}


class TestAsteriskFails:
    async def test_without_a_bridge_nobody_is_left_on_the_line(self):
        box = Box({"ann": STAYS})
        box.refuse["createWithId"] = 500
        with pytest.raises(AsteriskError):
            await dial(box.call, plan(ANN))
        await settled(box)
        assert box.left == set()

    async def test_a_refused_hangup_is_noted(self):
        box = Box({"ann": {"answer": True}})
        box.refuse["hangup"] = 500
        dialled = await dial(box.call, plan(ANN, time_limit=5))
        assert dialled.ended_by == "limit"
        assert [note.code for note in box.call.notes] == [Code.ASTERISK_REFUSED]

    async def test_a_channel_that_does_not_come_to_us_has_failed(self):
        box = Box({"ann": STAYS})
        box.asterisk.unwanted.add("StasisStart")
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.cause, box.seconds()) == (Status.FAILED, 41, 5)
        assert "dial 35" not in box.told
        await settled(box)
        assert box.left == set()

    async def test_an_answer_that_came_while_the_connection_was_lost_counts(self):
        box = Box({"ann": STAYS})
        box.later(1, box.lose, 2)
        dialled = await dial(box.call, plan(ANN, time_limit=5))
        assert dialled.winner.at[Progress.ANSWERED] == EPOCH + 3
        assert dialled.seconds == 5

    async def test_so_does_an_end(self):
        box = Box({"ann": {"ring": 2, "busy": True}})
        box.later(1, box.lose, 2)
        dialled = await dial(box.call, plan(ANN))
        assert dialled.status is Status.FAILED  # why it ended is not known any more
        assert box.seconds() == 3
        assert box.left == set()

    async def test_a_channel_that_was_just_being_made_is_dialled_afterwards(self):
        box = Box({"ann": {"ring": 2, "answer": True, "talk": 5}})
        box.before["create"] = lambda: box.lose(1)
        dialled = await dial(box.call, plan(ANN))
        assert dialled.status is Status.ANSWERED
        assert dialled.attempts[0].at[Progress.ANSWERED] == EPOCH + 3

    async def test_without_a_connection_for_long_it_has_failed(self):
        box = Box({"ann": STAYS})
        box.before["create"] = box.lose
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.cause) == (Status.FAILED, 41)
        assert {note.code for note in box.call.notes} == {Code.ASTERISK_LOST}

    async def test_an_asterisk_that_was_restarted_has_nobody_on_the_line(self):
        box = Box({"ann": NEVER, "bob": NEVER})
        box.later(1, box.lose, 2)
        box.later(2, box.asterisk.channels.clear)
        dialled = await dial(box.call, plan(ANN, BOB))
        assert (dialled.status, box.seconds()) == (Status.CANCELED, 3)
        assert box.told[-3:] == ["list", "list", "get"]  # there was nobody to hang up
        assert box.lines.keys() == {box.channel.id}

    async def test_the_caller_s_end_that_was_missed_ends_the_conversation(self):
        box = Box({"ann": STAYS})
        box.later(5, box.lose, 2)
        box.later(6, box.person.hang_up)
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.ended_by, box.seconds()) == ("caller", 7)
        await settled(box)
        assert box.left == set()


async def test_an_interrupted_call_leaves_nobody_and_goes_on_elsewhere():
    box = Box({"ann": NEVER})
    box.later(3, box.call.interrupt, elsewhere)
    with pytest.raises(CallEnded):
        await dial(box.call, plan(ANN))
    await settled(box)
    assert box.left == set()
    assert box.channel.id in box.asterisk.channels


async def elsewhere(call):
    """Do nothing with it."""


async def settled(box):
    """Let the last events come, and hear of nothing new."""
    await asyncio.sleep(1)
    assert box.strays == []
