"""Listening to somebody's call; a coach is also heard, by that one only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from ari_pivot.ari.operations import HANGUP, SNOOP
from ari_pivot.call.bridge import add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.leg import Leg, own_leg
from ari_pivot.errors import AsteriskError

_ENTERING = 5.0  # seconds in which a channel that was made comes to us


@asynccontextmanager
async def coach(call: Call, other: Call) -> AsyncIterator[None]:
    """Have the caller coach another one; a bridge joins them to a channel that whispers.

    Raises AsteriskError, CallEnded.
    """
    async with listening(call, other.caller, "out"):
        yield


@asynccontextmanager
async def listening(
    call: Call, other: Leg, whisper: Literal["none", "out"] = "none"
) -> AsyncIterator[Leg]:
    """Have the caller hear what another leg hears and says; yields the leg that listens.

    It ends with the other. Raises AsteriskError, CallEnded.
    """
    ear = own_leg()
    call.join(ear)
    try:
        async with bridge(call) as between:
            await call.ari.send(
                SNOOP,
                channelId=other.id,
                snoopId=ear.id,
                spy="both",
                whisper=whisper,
                app=call.app,
            )
            if not await call.until(lambda: ear.entered or ear.ended, _ENTERING):
                raise AsteriskError("the channel did not come", status=503, where=SNOOP.name)
            for leg in (ear, call.caller):
                await add(call, between, leg)
            yield ear
    finally:
        try:
            if not ear.ended:
                await call.ari.send(HANGUP, channelId=ear.id)
        except AsteriskError as error:
            if error.status != 404:
                call.warn(error)
        call.leave(ear)
