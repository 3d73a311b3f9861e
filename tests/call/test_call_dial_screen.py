"""Dialling: asking who answers, apart from the caller, before the two are put together."""

import asyncio

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.aside import aside
from ari_pivot.call.collect import collect
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Progress, Status, Target
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import own_leg
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Tone
from ari_pivot.errors import WebError

pytestmark = pytest.mark.virtual

ANN, BOB = "PJSIP/ann", "PJSIP/bob"
NEVER = {"no_answer": True}


def plan(*endpoints, **options):
    return Plan(targets=[Target(one) for one in endpoints], time_limit=10, **options)


def press_one(call):
    """Have a leg accept the call with key 1."""

    async def screen(attempt):
        with aside(call, attempt, Facts(id=attempt.id, sid="CA9", started_at=EPOCH)) as leg:
            await play(leg, Prompt("beep"))
            keys = await collect(leg, max_digits=1, timeout=5, interdigit_timeout=1)
        return keys.digits == "1"

    return screen


async def test_who_presses_the_key_is_put_through():
    box = Box(state="Up")
    dialled = await dial(box.call, plan("PJSIP/presses-1", screen=press_one(box.call)))
    assert dialled.ended_by == "limit"
    at = dialled.winner.at
    assert (at[Progress.ANSWERED], at[Progress.BRIDGED]) == (EPOCH, EPOCH + 1)
    assert box.pressers[0].sounds == ["sound:beep"]
    assert box.heard == [("ringing:", 0, 1)]  # all the while
    await settled(box)


async def test_who_was_put_through_may_hang_up():
    box = Box()
    accepts = press_one(box.call)
    box.later(5, lambda: next(leg for leg in box.asterisk.channels.values() if leg.watched).leave())
    dialled = await dial(box.call, plan("PJSIP/presses-1", screen=accepts))
    assert (dialled.ended_by, dialled.seconds) == ("callee", 4)


async def test_who_presses_another_is_not():
    box = Box()
    dialled = await dial(box.call, plan("PJSIP/presses-2", screen=press_one(box.call)))
    assert (dialled.status, dialled.winner, dialled.seconds) == (Status.ANSWERED, None, 0)
    assert not box.call.caller.up
    assert box.told[-2:] == ["hangup 16", "ringStop"]
    await settled(box)


async def test_the_others_ring_on_until_somebody_accepts():
    box = Box({"bob": NEVER})
    screen = press_one(box.call)
    dialled = await dial(box.call, plan("PJSIP/presses-2", BOB, "PJSIP/presses-1", screen=screen))
    assert dialled.winner.target.endpoint == "PJSIP/presses-1"
    assert [(one.status.value, one.cause) for one in dialled.attempts] == [
        ("answered", 16),
        ("canceled", 26),
        ("answered", 16),
    ]
    await settled(box)


async def test_of_two_who_accept_at_once_one_is_put_through():
    box = Box()
    screen = press_one(box.call)
    dialled = await dial(box.call, plan("PJSIP/presses-1", "PJSIP/presses-1", screen=screen))
    (other,) = [one for one in dialled.attempts if one is not dialled.winner]
    assert (other.at[Progress.ENDED], Progress.BRIDGED in other.at) == (EPOCH + 1, False)
    await settled(box)


async def test_who_leaves_while_being_asked_has_not_accepted():
    box = Box({"ann": {"answer": True, "talk": 1}})
    dialled = await dial(box.call, plan(ANN, screen=press_one(box.call)))
    assert (dialled.status, dialled.winner, dialled.cause) == (Status.ANSWERED, None, 16)
    assert box.seconds() == 1
    assert not box.call.ended
    await settled(box)


async def test_a_caller_who_leaves_meanwhile_ends_it():
    box = Box({"ann": {"answer": True}})
    box.later(2, box.person.hang_up)
    dialled = await dial(box.call, plan(ANN, screen=press_one(box.call)))
    assert (dialled.status, dialled.cause, box.seconds()) == (Status.CANCELED, 16, 2)
    await settled(box)


async def test_what_goes_wrong_in_the_asking_ends_it_for_all():
    async def screen(_):
        await asyncio.sleep(1)
        raise WebError("no answer")

    box = Box({"ann": {"answer": True}, "bob": NEVER})
    with pytest.raises(WebError):
        await dial(box.call, plan(ANN, BOB, screen=screen))
    assert box.seconds() == 1
    await settled(box)


async def test_what_is_heard_aside_stops_when_it_is_not_wanted_any_more():
    async def screen(attempt):
        facts = Facts(id=attempt.id, sid="CA9", started_at=EPOCH)
        with aside(box.call, attempt, facts) as leg:
            if attempt.target.endpoint == ANN:
                await play(leg, Tone("440"))
            await asyncio.sleep(3)
        return True

    box = Box({"ann": {"answer": True}, "bob": {"answer": True}})
    dialled = await dial(box.call, plan(ANN, BOB, screen=screen))
    assert dialled.winner.target.endpoint == BOB
    assert [command for command in box.told if command.startswith(("play", "stop"))] == [
        "playWithId tone:440",
        "stop",
    ]
    await settled(box)


async def test_something_may_be_done_just_before_the_conversation():
    async def bridged(attempt):
        done.append((attempt.target.endpoint, box.call.caller.up))

    box, done = Box({"ann": {"ring": 1, "answer": True}}), []
    await dial(box.call, plan(ANN, bridged=bridged))
    assert done == [(ANN, True)]


async def test_aside_the_leg_is_the_caller_of_a_call_of_its_own():
    async def screen(attempt):
        facts = Facts(id=attempt.id, sid="CA9", started_at=EPOCH)
        with aside(box.call, attempt, facts) as leg:
            seen.append((leg.facts.sid, leg.caller.up, leg.app, leg.notes is box.call.notes))
            leg.join(other)
            try:
                await leg.until(lambda: False)
            finally:
                seen.append((leg.ended, attempt.status))

    box, seen, other = Box({"ann": {"answer": True, "talk": 2}}), [], own_leg()
    dialled = await dial(box.call, plan(ANN, screen=screen))
    assert seen == [("CA9", True, "pivot", True), (True, Status.ANSWERED)]
    assert dialled.attempts[0].at[Progress.ENDED] == EPOCH + 2
    assert box.call.facts.sid == "CA0123"
    assert other.id not in box.lines


async def settled(box):
    """Let the last events come, and hear of nothing new."""
    await asyncio.sleep(1)
    assert box.strays == []
    assert box.left == set()
