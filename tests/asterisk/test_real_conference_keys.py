"""Keys of a conference's members on a real Asterisk: who is heard, and who leaves."""

import asyncio

import pytest
from desk import opened

from ari_pivot.call.attend import attend
from ari_pivot.call.attendance import Left, Plan
from ari_pivot.call.rooms import Rooms
from ari_pivot.callflow.conferences import AdHocConference
from ari_pivot.callflow.controls import keys

MEMBER = Plan(conference="x", quorum=1, muted=True, keys=keys(AdHocConference(), moderator=False))
SPEAKS = ("w4", "t440/1", "w1", "d0", "w3", "d3", "w1", "t620/1", "w1", "d#", "w60")


@pytest.fixture(scope="module")
def met(asterisk):
    """Have two meet: one speaks while muted, then unmutes, speaks, and leaves by a key."""

    async def play():
        rooms = Rooms()

        async def meets(call):
            call.rooms = rooms
            attended = await attend(call, MEMBER)
            return attended.left, [note.message for note in call.notes]

        async with opened(asterisk) as desk:
            takes = await asyncio.gather(desk.take(meets, ("w20", "h")), desk.take(meets, SPEAKS))
            return takes, await desk.left()

    return asyncio.run(play())


def test_who_joined_muted_is_heard_once_they_have_pressed_the_key(met):
    (listener, _), left = met
    assert {kind for kind in listener.heard if kind != "ringing"} == {"620 Hz"}
    assert left == []


def test_who_unmutes_is_told_and_may_leave_by_a_key(met):
    (listener, speaker), _ = met
    assert speaker.result == (Left.KEY, [])
    assert listener.result == (Left.CALLER, [])
    assert speaker.heard == ["voice"]
