"""Bridges: made when they are needed, gone whatever happens."""

import asyncio

import pytest
from line_box import Box

from ari_pivot.ari.operations import DESTROY_BRIDGE
from ari_pivot.call.bridge import add, bridge, play_to
from ari_pivot.call.source import Tone
from ari_pivot.errors import AsteriskError, CallEnded, Code

pytestmark = pytest.mark.virtual


async def test_a_bridge_lasts_as_long_as_it_is_needed():
    box = Box()
    async with bridge(box.call) as made:
        (there,) = box.asterisk.bridges.values()
        assert (there.id, there.name) == (made.id, box.call.app)
        assert there.dtmf_events
        assert made.id in box.lines
    assert box.left == set()
    assert box.told == ["createWithId", "destroy"]


async def test_who_was_in_it_is_let_go_and_not_hung_up():
    box = Box(state="Up")
    async with bridge(box.call) as made:
        assert await add(box.call, made, box.call.caller)
        assert box.channel.bridge.id == made.id
    assert box.channel.bridge is None
    assert not box.call.ended


async def test_who_was_in_it_is_out_before_it_is_gone():
    """What is played to a channel that leaves a destroyed bridge by itself may never end."""
    box = Box(state="Up")
    async with bridge(box.call) as made:
        await add(box.call, made, box.call.caller)
    assert box.told == ["createWithId", "addChannel", "removeChannel", "destroy"]


async def test_it_is_gone_after_an_error_too():
    async def work():
        async with bridge(box.call):
            box.person.hang_up()
            await box.call.until(lambda: False)

    box = Box()
    with pytest.raises(CallEnded):
        await work()
    assert box.left == set()


async def test_and_after_a_cancellation():
    async def work():
        async with bridge(box.call):
            await asyncio.sleep(60)

    box = Box()
    task = asyncio.create_task(work())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert box.left == set()


async def test_one_that_somebody_has_taken_away_is_known_to_have_ended():
    box = Box()
    async with bridge(box.call) as made:
        await box.asterisk.request(*destroy(made))
        await box.call.until(lambda: made.ended, 1)
        assert made.ended
    assert box.told == ["createWithId"]
    assert box.call.notes == []


async def test_one_that_cannot_be_had_is_an_error():
    box = Box()
    box.refuse["createWithId"] = 500
    with pytest.raises(AsteriskError):
        async with bridge(box.call):
            pytest.fail("there is none")
    assert box.left == set()
    assert box.call.notes == []


async def test_one_that_cannot_be_taken_away_is_noted():
    box = Box()
    async with bridge(box.call):
        box.lose()
    assert [note.code for note in box.call.notes] == [Code.ASTERISK_LOST]
    assert box.lines.keys() == {box.channel.id}


async def test_a_channel_that_is_gone_is_not_put_in():
    box = Box(state="Up")
    async with bridge(box.call) as made:
        box.person.hang_up()
        await asyncio.sleep(1)
        assert not await add(box.call, made, box.call.caller)


async def test_a_refusal_for_another_reason_is_an_error():
    box = Box(state="Up")
    box.refuse["addChannel"] = 422
    async with bridge(box.call) as made:
        with pytest.raises(AsteriskError):
            await add(box.call, made, box.call.caller)
    assert not box.call.ended


async def test_a_sound_for_all_that_ends_as_it_is_to_end_is_no_fault():
    box = Box(state="Up")
    box.refuse["stop"] = 404
    async with bridge(box.call) as made:
        await add(box.call, made, box.call.caller)
        await play_to(box.call, made, Tone("440", 0.3))
    assert "stop" in box.told
    assert box.call.notes == []


def destroy(made):
    """Return the command with which another program takes it away."""
    return DESTROY_BRIDGE, {"bridgeId": made.id}
