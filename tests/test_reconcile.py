"""What is compared after a reconnection, beside the callers' own channels."""

import asyncio

import pytest
from line_box import Box

from ari_pivot.ari.operations import CREATE, CREATE_BRIDGE
from ari_pivot.call.bridge import Bridge, bridge
from ari_pivot.call.leg import own_leg
from ari_pivot.reconcile import catch_up, clear, look

pytestmark = pytest.mark.virtual

APP = "pivot"


async def compare(box):
    parts = list(box.call.parts.values())
    found = await look(box.ari, APP)
    await catch_up(box.call, parts, found)
    await clear(box.ari, found, box.lines)
    await asyncio.sleep(1)


async def make(box, leg):
    await box.ari.send(CREATE, channelId=leg.id, endpoint="PJSIP/ann", app=APP)


async def test_a_leg_that_an_earlier_process_left_is_hung_up():
    box = Box({"ann": {"answer": True}})
    await make(box, own_leg())
    await compare(box)
    assert box.left == set()
    assert box.told[-1] == "hangup"


async def test_a_bridge_that_it_left_is_taken_away_and_another_s_is_not():
    box = Box()
    await box.ari.send(CREATE_BRIDGE, bridgeId="left", type="mixing", name=APP)
    await box.ari.send(CREATE_BRIDGE, bridgeId="other", type="mixing", name="queue")
    await compare(box)
    assert box.asterisk.bridges.keys() == {"other"}


async def test_what_a_call_has_is_left_alone():
    box = Box({"ann": {"answer": True}})
    leg = own_leg()
    box.call.join(leg)
    await make(box, leg)
    async with bridge(box.call) as made:
        await compare(box)
        assert not made.ended
    assert not leg.ended


async def test_a_leg_whose_coming_was_missed_has_come():
    box = Box({"ann": {"answer": True}})
    leg = own_leg()
    box.call.join(leg)
    box.asterisk.unwanted.add("StasisStart")
    await make(box, leg)
    assert not leg.entered
    await compare(box)
    assert leg.entered


async def test_a_leg_and_a_bridge_that_are_being_made_are_not_gone():
    box = Box()
    leg, made = own_leg(), Bridge("soon")
    box.call.join(leg)
    box.call.join(made)
    await compare(box)
    assert not leg.ended
    assert not made.ended


async def test_a_bridge_that_is_gone_has_ended():
    box = Box()
    async with bridge(box.call) as made:
        box.asterisk.bridges.clear()
        await compare(box)
        assert made.ended


async def test_a_leg_that_was_taken_from_us_has_ended():
    box = Box({"ann": {"answer": True}})
    leg = own_leg()
    box.call.join(leg)
    await make(box, leg)
    await asyncio.sleep(0)
    box.asterisk.channels[leg.id].in_app = False
    await compare(box)
    assert leg.ended
