"""Faxes: Asterisk's own, in the dialplan, with the caller put through to it."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from ari_pivot.ari.events import Event
from ari_pivot.ari.operations import CREATE, DIAL, HANGUP
from ari_pivot.call.answer import NORMAL
from ari_pivot.call.bridge import add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.leg import OWN, OwnLeg
from ari_pivot.errors import AsteriskError, CallEnded
from ari_pivot.ids import new_id

_CONTEXT = "pivot-fax"
_ENTERING = 5.0  # seconds in which a channel that was made comes to us, and in which it answers
_WRITING = 3.0  # seconds for the last page, once the sender has gone
_SPARE = 5.0
_LONGEST = 3600.0  # seconds of a fax


@dataclass(slots=True)
class _Service(OwnLeg):
    """The channel that leads to an extension; `over` also when the call has ended before."""

    over: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, event: Event) -> None:
        OwnLeg.receive(self, event)  # a class with slots knows no bare super()
        if self.ended:
            self.over.set()


async def detect(call: Call, seconds: int) -> bool:
    """Tell whether a fax calls: its calling tone is heard within so many seconds.

    Raises CallEnded, and AsteriskError where Asterisk cannot listen.
    """
    async with AsyncExitStack() as stack:
        leg = await _put_through(call, stack, f"detect-{seconds}")
        began = call.clock()
        await call.until(lambda: leg.ended, seconds + _SPARE)
        # the extension waits to the end for nothing, or is left by what is heard
        return leg.ended and call.clock() - began < seconds


async def receive(call: Call, name: str) -> None:
    """Receive a fax into a file of Asterisk's recordings; a sender who goes has sent it.

    Raises AsteriskError where Asterisk cannot. Whether there is a fax is told by the file.
    """
    async with AsyncExitStack() as stack:
        with suppress(CallEnded):
            leg = await _put_through(call, stack, f"receive-{name}")
            stack.push_async_callback(_written, leg)
            await call.until(lambda: leg.ended, _LONGEST)


async def _written(leg: "_Service") -> None:
    """Give the last page its time, though the call is over."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_WRITING):
            await leg.over.wait()


async def _put_through(call: Call, stack: AsyncExitStack, extension: str) -> _Service:
    """Put the caller together with an extension of the dialplan, for as long as the stack lasts."""
    leg = _Service(OWN + new_id())
    call.join(leg)
    stack.push_async_callback(_let_go, call, leg)
    endpoint = f"Local/{extension}@{_CONTEXT}/n"
    await call.ari.send(CREATE, channelId=leg.id, endpoint=endpoint, app=call.app, formats="ulaw")
    if not await call.until(lambda: leg.entered or leg.ended, _ENTERING):
        raise AsteriskError("the channel did not come", status=503, where=endpoint)
    await call.ari.send(DIAL, channelId=leg.id, timeout=int(_ENTERING))
    await call.until(lambda: leg.up or leg.ended, _ENTERING)
    if not leg.up:
        raise AsteriskError("has no faxes: is its context there?", status=501, where=_CONTEXT)
    made = await stack.enter_async_context(bridge(call))
    for one in (leg, call.caller):
        await add(call, made, one)
    return leg


async def _let_go(call: Call, leg: OwnLeg) -> None:
    try:
        if not leg.ended:
            await call.ari.send(HANGUP, channelId=leg.id, reason_code=str(NORMAL))
    except AsteriskError as error:
        if error.status != 404:
            call.warn(error)
    finally:
        call.leave(leg)
