"""What the caller hears while somebody else's telephone rings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ari_pivot.ari.operations import RING, RING_STOP
from ari_pivot.call.call import Call
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Source
from ari_pivot.errors import AsteriskError


@asynccontextmanager
async def ringback(call: Call, sound: Source | None) -> AsyncIterator[None]:
    """Let the caller hear ringing, or a sound again and again.

    Ringing is made by the caller's own telephone, or by Asterisk once the call is answered. A sound
    that cannot be had is noted, and ringing is heard instead; so is ringing that cannot be had.
    Raises CallEnded.
    """
    playing = asyncio.create_task(_play(call, sound)) if sound else None
    try:
        if playing is None:
            await ring(call)
        yield
    finally:
        await _hush(call, playing)


async def _play(call: Call, sound: Source) -> None:
    await play(call, sound, loop=ENDLESS)  # comes back only when it cannot be played
    await ring(call)


async def ring(call: Call) -> None:
    """Let the caller hear ringing; where it cannot be had, that is noted. Raises CallEnded."""
    try:
        await call.send(RING)
    except AsteriskError as error:
        call.warn(error)


async def _hush(call: Call, playing: "asyncio.Task[None] | None") -> None:
    if playing:
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
    try:
        if not call.caller.ended:
            await call.ari.send(RING_STOP, channelId=call.caller.id)
    except AsteriskError as error:
        if error.status not in {404, 409}:  # the caller has just left
            call.warn(error)
