"""Callers who wait until another caller fetches them: in a queue, or parked."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum

from ari_pivot.call.answer import answer
from ari_pivot.call.bridge import Bridge, add, bridge, take_out
from ari_pivot.call.call import Call
from ari_pivot.call.music import Waiting, failure, waiting
from ari_pivot.call.ringback import ringback
from ari_pivot.errors import AsteriskError


class Waited(StrEnum):
    """How a wait has ended."""

    FETCHED = "fetched"  # and spoken with
    LEFT = "left"  # told to
    TIMEOUT = "timeout"
    FAILED = "failed"  # Asterisk could not put them together


@dataclass(slots=True, eq=False)
class Waiter:
    """Somebody who waits; `since` in seconds since the epoch, `fetched` when that was over.

    `before` is what they hear once they are fetched and before they are put through; `spoken` is
    how long the conversation was, in seconds.
    """

    call: Call
    since: float
    taker: Call | None = None
    before: Waiting | None = None
    fetched: float | None = None
    ready: bool = False  # to be put through
    together: bool = False
    spoken: float = 0.0
    outcome: Waited | None = None
    gone: bool = False

    @property
    def seconds(self) -> float:
        """How long they have waited."""
        return (self.fetched or self.call.clock()) - self.since

    def leave(self) -> None:
        """Wait no longer; the call goes on."""
        self.outcome = self.outcome or Waited.LEFT
        self.call.wake()

    def depart(self) -> None:
        """Be gone for whoever would fetch them."""
        self.gone = True
        self.wake()

    def wake(self) -> None:
        self.call.wake()
        if self.taker:
            self.taker.wake()

    async def wait(self, sound: Waiting | None, timeout: float | None = None) -> Waited:
        """Hear something, or music on hold, until it is over, one way or the other.

        After a timeout, which is in seconds, they may wait on. Raises CallEnded, and the PivotError
        of what was to be heard.
        """
        call, mark = self.call, len(self.call.caller.digits)
        over = True
        try:
            while self.outcome is None:
                async with waiting(call, sound) as task:
                    in_time = await call.until(
                        lambda: self.taker or self.outcome or failure(task), timeout
                    )
                    if (error := failure(task)) and not self.taker:
                        raise error
                if self.taker:
                    await self._put_through()
                    del call.caller.digits[mark:]
                elif not in_time:
                    over = False
                    return Waited.TIMEOUT
            return self.outcome
        finally:
            if over:
                self.depart()

    async def _put_through(self) -> None:
        """Hear what comes before the conversation, and leave the rest to who has fetched them."""
        call = self.call
        if self.before:
            async with waiting(call, self.before) as task:
                await call.until(lambda: (task and task.done()) or self.taker is None)
                if error := failure(task):
                    call.warn(error)
        self.ready = True
        self.wake()
        await call.until(lambda: self.outcome or self.taker is None)


async def fetch(
    call: Call,
    waiter: Waiter,
    *,
    before: Waiting | None = None,
    hangup_on: str = "",
    time_limit: float | None = None,
) -> bool:
    """Speak with somebody who waits, until one of the two leaves; False if they were gone.

    Whoever is fetched and not put through waits on. Raises CallEnded, also where the caller has
    left the conversation, and AsteriskError.
    """
    waiter.taker, waiter.before, waiter.fetched = call, before, call.clock()
    waiter.wake()
    try:
        async with AsyncExitStack() as stack:
            if before:
                await stack.enter_async_context(ringback(call, None))
            await call.until(lambda: waiter.ready or waiter.gone)
        if waiter.gone:
            return False
        await answer(call)
        try:
            async with bridge(call) as made:
                if await _join(call, waiter, made):
                    waiter.together = True
                    await _talk(call, waiter, made, hangup_on, time_limit)
        finally:
            if waiter.together:  # and the bridge is no more
                waiter.outcome = Waited.FETCHED
        return waiter.together
    except AsteriskError:
        waiter.outcome = waiter.outcome or Waited.FAILED
        raise
    finally:
        if waiter.outcome is None:
            waiter.fetched, waiter.ready = None, False
        waiter.taker = None
        waiter.wake()


async def _join(call: Call, waiter: Waiter, made: Bridge) -> bool:
    for leg in (waiter.call.caller, call.caller):
        if not await add(call, made, leg):
            return False
    return True


async def _talk(
    call: Call, waiter: Waiter, made: Bridge, hangup_on: str, time_limit: float | None
) -> None:
    other = waiter.call
    for one, with_whom in ((call, other), (other, call)):
        one.facts.bridged = True
        one.facts.other_leg = with_whom.facts.id
    call.tell("CHANNEL_BRIDGE", other_leg_call_id=other.facts.id)
    keys, began = call.caller.digits, call.clock()
    mark = len(keys)
    try:
        await call.until(
            lambda: waiter.gone or made.ended or any(key in hangup_on for key in keys[mark:]),
            time_limit,
        )
    finally:
        waiter.spoken = call.clock() - began
        del keys[mark:]
        await take_out(call, made, other.caller)
