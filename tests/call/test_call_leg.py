"""A leg: what Asterisk's events make of it."""

import pytest

from ari_pivot.ari import events
from ari_pivot.call.leg import Leg, OwnLeg


def test_the_cause_the_other_side_gave_outlives_what_asterisk_says_at_the_end():
    leg = OwnLeg("leg-1")
    channel = events.Channel("leg-1")
    leg.receive(events.ChannelHangupRequest(channel, cause=17))
    leg.receive(events.StasisEnd(channel))
    leg.receive(events.ChannelDestroyed(channel, cause=16))
    assert (leg.cause, leg.ended) == (17, True)


def test_it_has_ended_when_it_is_said_why():
    leg = OwnLeg("leg-1")
    channel = events.Channel("leg-1")
    leg.receive(events.ChannelHangupRequest(channel, cause=32, soft=True))
    leg.receive(events.StasisEnd(channel))
    assert not leg.ended
    leg.receive(events.ChannelDestroyed(channel, cause=26))
    assert (leg.cause, leg.ended, leg.hung_up) == (26, True, False)


@pytest.mark.parametrize("kind", [Leg, OwnLeg])
def test_it_has_not_ended_while_it_is_in_the_dialplan_from_where_it_comes_back(kind):
    leg = kind("leg-1", state="Up")
    channel = events.Channel("leg-1", state="Up")
    leg.away = True
    leg.receive(events.StasisEnd(channel))
    assert not leg.ended
    leg.receive(events.StasisStart(channel, args=["referred=SUCCESS"]))
    assert (leg.ended, leg.away, leg.brought) == (False, False, ["referred=SUCCESS"])
    leg.receive(events.StasisEnd(channel))
    assert leg.ended


@pytest.mark.parametrize("kind", [Leg, OwnLeg])
def test_it_has_ended_when_the_far_end_leaves_while_it_is_in_the_dialplan(kind):
    leg = kind("leg-1", state="Up")
    leg.away = True
    leg.receive(events.ChannelHangupRequest(events.Channel("leg-1")))
    assert (leg.ended, leg.hung_up) == (True, True)


def test_it_has_ended_when_it_is_taken_from_us():
    leg = OwnLeg("leg-1")
    leg.receive(events.StasisEnd(events.Channel("leg-1")))
    assert leg.ended
