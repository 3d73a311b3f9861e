"""The caller and who has answered, together in a bridge."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote

from ari_pivot.ari.operations import HANGUP, MOVE, REMOVE_CHANNEL, TRANSFER_PROGRESS
from ari_pivot.call.bridge import Bridge, add
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Plan, Progress
from ari_pivot.call.instructions import Instructions
from ari_pivot.call.leg import Leg
from ari_pivot.errors import AsteriskError, CallEnded, PivotError

_NORMAL, _ELSEWHERE = 16, 26  # Q.850 causes


@dataclass(slots=True)
class Conversation:
    """It lasts until one of them leaves, or until it has been told to `end`.

    Somebody else may take the place of who has answered, and something may come `between`.
    """

    call: Call
    attempt: Attempt
    bridge: Bridge
    ended_by: str = ""
    between: Callable[[], Awaitable[None]] | None = None

    async def last(self, plan: Plan) -> str:
        """Wait for its end; return who or what ended it, as `Dialled` says it."""
        first = self.attempt
        self._begin()
        task = asyncio.ensure_future(_beside(self, plan)) if plan.beside else None
        keys = self.call.caller.digits
        mark = len(keys)

        def pressed() -> bool:
            return any(key in plan.hangup_on for key in keys[mark:])

        def over() -> bool:
            return bool(self._left()) or pressed()

        try:
            while await self.call.until(
                lambda: over() or self.attempt.taken or self.between, plan.time_limit
            ):
                if over():
                    break
                await (self._pass() if self.between else self._hand_over(self.attempt))
            by = self.call.left_by = self._left() or ("key" if pressed() else "limit")
            if by == "refer":
                await self._accept_refer()
            return by
        finally:
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            if self.attempt is not first:
                await self.let_go(self.attempt)
            elif first.borrowed:
                first.end(_NORMAL)
            del keys[mark:]  # they were for the other side

    async def interlude(self, work: Callable[[], Awaitable[None]]) -> None:
        """Have something come between, which may outlast the caller or who has answered.

        For what runs beside the conversation, and ends with it. Raises CallEnded.
        """
        self.between = work
        self.call.wake()
        await self.call.until(lambda: self.between is None)

    async def _pass(self) -> None:
        try:
            if self.between:
                await self.between()
        except CallEnded:
            raise
        except PivotError as error:
            self.call.warn(error)
        finally:
            self.between = None
            self.call.wake()

    def end(self, by: str) -> None:
        """End it; both stay on their lines."""
        self.ended_by = self.ended_by or by
        self.call.wake()

    def _begin(self) -> None:
        facts = self.call.facts
        self.attempt.talk = self
        self.attempt.step(Progress.BRIDGED)
        facts.bridged, facts.other_leg = True, self.attempt.id
        if facts.at_end or facts.cdr_url:
            self.call.reports.owe(self.call)

    async def _hand_over(self, old: Attempt) -> None:
        """Let somebody take the place of who speaks with the caller, unless they have left."""
        new, old.taken = old.taken, None
        if new is None:
            return
        if not await add(self.call, self.bridge, new.leg):
            new.end(_NORMAL)
            return
        self.attempt = new
        self._begin()
        await self.hang_up(old.leg, _ELSEWHERE)

    async def hang_up(self, leg: Leg, cause: int = _NORMAL) -> None:
        """End a line with a Q.850 cause."""
        try:
            if not leg.ended:
                await self.call.ari.send(HANGUP, channelId=leg.id, reason_code=str(cause))
        except AsteriskError as error:
            if error.status != 404:
                self.call.warn(error)

    async def let_go(self, attempt: Attempt) -> None:
        """Hear no more of somebody, and end their line unless it is that of another call."""
        attempt.end(_NORMAL)
        if not attempt.borrowed:
            await self.hang_up(attempt.leg)
        self.call.leave(attempt)

    async def hang_up_caller(self) -> None:
        """End the call."""
        if self.call.caller.ended:
            return
        facts = self.call.facts  # told first: what runs beside the conversation ends with it
        facts.ended_by, facts.cause = "pivot", _NORMAL
        await self.hang_up(self.call.caller)

    async def give_away(self, number: str, first: Instructions | None = None) -> None:
        """Let who has answered be a caller of their own, to a number. Raises AsteriskError.

        What comes `first`, if anything, comes instead of what the number stands for. The caller is
        left alone.
        """
        call, attempt = self.call, self.attempt
        if first:
            call.rooms.expected[attempt.id] = first
        args = ",".join(f"{name}={quote(number)}" for name in ("to", "extension"))
        call.leave(attempt)  # it comes again, as another call
        try:
            await call.ari.send(MOVE, channelId=attempt.id, app=call.app, appArgs=args)
        except AsteriskError:
            call.rooms.expected.pop(attempt.id, None)
            call.join(attempt)
            raise
        attempt.borrowed = True
        attempt.end(_NORMAL)

    @asynccontextmanager
    async def apart(self, leg: Leg) -> AsyncIterator[None]:
        """Have one of the two out of the conversation; both are together again after it."""
        await self.call.ari.send(REMOVE_CHANNEL, bridgeId=self.bridge.id, channel=leg.id)
        try:
            yield
        finally:
            if not (self._left() or leg.ended):
                await add(self.call, self.bridge, leg)

    async def _accept_refer(self) -> None:
        """Tell who has asked for it that somebody else is there: they may leave."""
        if self.attempt.leg.ended:
            return
        try:
            await self.call.ari.send(
                TRANSFER_PROGRESS, channelId=self.attempt.id, states="channel_answered"
            )
        except AsteriskError as error:
            self.call.warn(error)

    def _left(self) -> str:
        if self.call.ended:
            return "caller"
        if self.ended_by:
            return self.ended_by
        if self.attempt.leg.refer_to:
            return "refer"
        if self.attempt.leg.ended and not self.attempt.taken:
            return "callee"
        return "asterisk" if self.bridge.ended else ""


async def _beside(conversation: Conversation, plan: Plan) -> None:
    with suppress(CallEnded):
        if plan.beside:
            await plan.beside(conversation)
