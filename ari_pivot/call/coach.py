"""Coaching: hearing what one caller hears and says, and being heard by that one only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ari_pivot.ari.operations import HANGUP, SNOOP
from ari_pivot.call.bridge import add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.leg import own_leg
from ari_pivot.errors import AsteriskError

_ENTERING = 5.0  # seconds in which a channel that was made comes to us


@asynccontextmanager
async def coach(call: Call, other: Call) -> AsyncIterator[None]:
    """Have the caller coach another one; a bridge joins them to a channel that whispers.

    Raises AsteriskError, CallEnded.
    """
    ear = own_leg()
    call.join(ear)
    try:
        async with bridge(call) as between:
            await call.ari.send(
                SNOOP,
                channelId=other.caller.id,
                snoopId=ear.id,
                spy="both",
                whisper="out",
                app=call.app,
            )
            if not await call.until(lambda: ear.entered or ear.ended, _ENTERING):
                raise AsteriskError("the channel did not come", status=503, where=SNOOP.name)
            for leg in (ear, call.caller):
                await add(call, between, leg)
            yield
    finally:
        try:
            if not ear.ended:
                await call.ari.send(HANGUP, channelId=ear.id)
        except AsteriskError as error:
            if error.status != 404:
                call.warn(error)
        call.leave(ear)
