"""Bridges: whoever is in one hears the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ari_pivot.ari.events import BridgeDestroyed, Event
from ari_pivot.ari.operations import ADD_CHANNEL, CREATE_BRIDGE, DESTROY_BRIDGE
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.leg import Leg
from ari_pivot.errors import AsteriskError

#: Two channels by themselves would be joined so closely that their keys are not told.
_TYPE = "mixing,dtmf_events"
_GOING = 2.0  # seconds in which the end of a channel follows the first refused command


@dataclass(slots=True)
class Bridge:
    """A bridge of Asterisk's, as its events have left it."""

    id: str
    made: bool = False
    ended: bool = False

    def receive(self, event: Event) -> None:
        self.ended = self.ended or type(event) is BridgeDestroyed


@asynccontextmanager
async def bridge(call: Call) -> AsyncIterator[Bridge]:
    """Have a bridge for as long as it is needed; whoever is in it then is let go, not hung up.

    Raises AsteriskError where there is none to be had.
    """
    made = Bridge(new_id())
    call.join(made)
    try:
        await call.ari.send(CREATE_BRIDGE, bridgeId=made.id, type=_TYPE, name=call.app)
        made.made = True
        yield made
    finally:
        call.leave(made)
        await _destroy(call, made)


async def add(call: Call, made: Bridge, leg: Leg) -> bool:
    """Put a leg into a bridge, once what is played to it is over; False when the leg is gone.

    Raises CallEnded, and AsteriskError for a refusal without such a reason.
    """
    try:
        await call.ari.send(ADD_CHANNEL, bridgeId=made.id, channel=leg.id)
    except AsteriskError as error:
        if error.status == 503 or not await call.until(lambda: leg.ended, _GOING):
            raise
    return not leg.ended


async def _destroy(call: Call, made: Bridge) -> None:
    try:
        if not made.ended:
            await call.ari.send(DESTROY_BRIDGE, bridgeId=made.id)
    except AsteriskError as error:
        if error.status != 404:  # gone by itself, or never made
            call.warn(error)
