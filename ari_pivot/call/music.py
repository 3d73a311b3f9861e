"""What a caller hears who waits: Asterisk's music on hold, or something of one's own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from ari_pivot.ari.operations import START_MOH, STOP_MOH
from ari_pivot.call.call import Call
from ari_pivot.errors import AsteriskError, CallEnded, PivotError

#: Whatever is to be heard, for as long as it takes: it is cancelled when the wait is over.
Waiting = Callable[[Call], Awaitable[None]]


@asynccontextmanager
async def music(call: Call, kind: str = "") -> AsyncIterator[None]:
    """Let the caller hear music on hold, of a class of Asterisk's or the channel's own.

    Music that cannot be had is noted. Raises CallEnded.
    """
    try:
        await call.send(START_MOH, mohClass=kind or None)
    except AsteriskError as error:
        call.warn(error)
    try:
        yield
    finally:
        try:
            if not call.caller.ended:
                await call.ari.send(STOP_MOH, channelId=call.caller.id)
        except AsteriskError as error:
            if error.status not in {404, 409}:  # the caller has just left
                call.warn(error)


async def hold(call: Call, kind: str, stop_on: str = "") -> None:
    """Let the caller hear music on hold until a key of `stop_on`, which stays among the digits.

    Raises CallEnded.
    """
    mark = len(call.caller.digits)
    async with music(call, kind):
        await call.until(lambda: any(digit in stop_on for digit in call.caller.digits[mark:]))


@asynccontextmanager
async def waiting(call: Call, sound: Waiting | None) -> AsyncIterator["asyncio.Task[None] | None"]:
    """Let the caller hear a sound, or music on hold for None; yields the sound's task.

    The call is woken when the task is over. Raises CallEnded.
    """
    if sound is None:
        async with music(call):
            yield None
        return
    task = asyncio.ensure_future(_played(call, sound))
    task.add_done_callback(lambda _: call.wake())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _played(call: Call, sound: Waiting) -> None:
    await sound(call)


def failure(sound: "asyncio.Task[None] | None") -> PivotError | None:
    """Return why there is nothing to wait with; that the call has ended is no such reason."""
    if sound is None or not sound.done() or sound.cancelled():
        return None
    match sound.exception():
        case None | CallEnded():
            return None
        case PivotError() as error:
            return error
        case fault:
            raise fault
