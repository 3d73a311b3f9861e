"""What a caller hears while something takes long that is not Asterisk's to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ari_pivot.call.call import Call
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.ringback import ring
from ari_pivot.call.source import Source
from ari_pivot.errors import CallEnded


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sound, and after how many seconds of silence it begins.

    With `early` a caller who is not answered hears it too, unanswered, as early media.
    """

    sound: Source
    after: float
    early: bool = True


@asynccontextmanager
async def entertained(call: Call, waiting: Waiting | None) -> AsyncIterator[None]:
    """Have a caller hear the sound, again and again, until this is left.

    Who is not answered hears ringing before and after it, or nothing but ringing.
    """
    if waiting is None or not (call.caller.up or waiting.early):
        yield
        return
    playing = asyncio.create_task(_play(call, waiting))
    try:
        yield
    finally:
        playing.cancel()
        (ended,) = await asyncio.gather(playing, return_exceptions=True)
        if isinstance(ended, Exception):
            raise ended


async def _play(call: Call, waiting: Waiting) -> None:
    call.media.prepare(waiting.sound)
    with suppress(CallEnded):
        await call.until(lambda: False, waiting.after)
        unanswered = not call.caller.up
        try:
            await play(call, waiting.sound, loop=ENDLESS)
        finally:
            if unanswered:  # a telephone that was sent a sound no longer rings by itself
                await ring(call)
