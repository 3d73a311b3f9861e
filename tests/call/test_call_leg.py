"""A leg: what Asterisk's events make of it."""

from ari_pivot.ari import events
from ari_pivot.call.leg import OwnLeg


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


def test_it_has_ended_when_it_is_taken_from_us():
    leg = OwnLeg("leg-1")
    leg.receive(events.StasisEnd(events.Channel("leg-1")))
    assert leg.ended
