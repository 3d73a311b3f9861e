"""What an answered caller hears while something takes long that is not Asterisk's to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from ari_pivot.call.call import Call
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Source
from ari_pivot.errors import CallEnded


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sound, and after how many seconds of silence it begins."""

    sound: Source
    after: float


@asynccontextmanager
async def entertained(call: Call, waiting: Waiting | None) -> AsyncIterator[None]:
    """Have an answered caller hear the sound, again and again, until this is left.

    One who is not answered hears ringing.
    """
    if waiting is None or not call.caller.up:
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
        await play(call, waiting.sound, loop=ENDLESS)
