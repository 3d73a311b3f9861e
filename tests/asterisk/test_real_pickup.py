"""Two callers on a real Asterisk: one takes the other's call, or listens to it."""

import asyncio
from contextlib import suppress

import pytest
from desk import take_all

from ari_pivot.call.answer import answer
from ari_pivot.call.coach import listening
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Status, Target
from ari_pivot.call.pickup import pick_up, ringing, speaking, talking
from ari_pivot.errors import CallEnded

RINGS, TALKS, SPEAKS = (f"Local/{number}@callee/n" for number in
                        ("+15555000081", "+15551000082", "+15551000083"))  # fmt: skip
NOTICED = 20  # seconds in which the other call has come


def calling(endpoint, **options):
    async def work(call):
        return await dial(call, Plan(targets=[Target(endpoint)], **options))

    return work, ("w60",)


def taking(find, endpoint, *script):
    async def work(call):
        await call.until(lambda: False, 1)
        for _ in range(NOTICED * 10):
            if found := find(call, {endpoint}):
                with suppress(CallEnded):
                    return await pick_up(call, found)
                return "left"
            await call.until(lambda: False, 0.1)
        return None

    return work, script


async def listen(call):
    await answer(call)
    for _ in range(NOTICED * 10):
        if leg := speaking(call, {SPEAKS}):
            async with listening(call, leg) as ear:
                return await call.until(lambda: ear.ended)
        await call.until(lambda: False, 0.1)
    return None


SCENES = {
    "rings": calling(RINGS),
    "picks up": taking(ringing, RINGS, "w5", "t620/3", "w1", "h"),
    "talks": calling(TALKS),
    "intercepts": taking(talking, TALKS, "w6", "t620/3", "w1", "h"),
    "speaks": calling(SPEAKS, time_limit=6),
    "listens": (listen, ("w60",)),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, SCENES))


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []


def test_a_ringing_call_is_picked_up(played):
    result = played[0]["rings"].result
    assert (result.status, result.ended_by) == (Status.ANSWERED, "callee")
    assert [one.cause for one in result.attempts] == [26, 16]
    assert "620 Hz" in played[0]["rings"].heard
    assert played[0]["picks up"].result == "left"


def test_a_conversation_is_intercepted(played):
    assert played[0]["talks"].result.ended_by == "callee"
    heard = [kind for kind in played[0]["talks"].heard if kind != "ringing"]
    assert heard == ["440 Hz", "620 Hz"]


def test_a_listener_hears_what_is_spoken_until_it_is_over(played):
    assert played[0]["listens"].result is True
    assert "440 Hz" in played[0]["listens"].heard
    assert played[0]["speaks"].result.ended_by == "limit"
