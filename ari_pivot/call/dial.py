"""Dialling somebody and putting the caller through."""

import asyncio
import math
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

import structlog

from ari_pivot.ari.operations import CREATE, DIAL, HANGUP, PROGRESS
from ari_pivot.call.answer import NORMAL, answer
from ari_pivot.call.bridge import Bridge, add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.conversation import Conversation
from ari_pivot.call.dialled import Attempt, Dialled, Plan, Progress, Status, Target, summary
from ari_pivot.call.leg import Leg
from ari_pivot.call.legs_told import telling
from ari_pivot.call.ringback import ringback
from ari_pivot.call.watch import note
from ari_pivot.errors import AsteriskError, CallEnded

log = structlog.get_logger()

_ENTERING = 5.0  # seconds in which a channel that was made comes to us
_GOING = 2.0  # seconds in which the end of a channel follows the first refused command
_SPARE = 5  # seconds after which Asterisk ends by itself what we should have ended
_CANCELLED = 487  # SIP: what a telephone says whose ringing was ended by the one who dialled

NO_ROUTE, NO_ANSWER, ANSWERED_ELSEWHERE, FAILURE = 3, 19, 26, 41  # Q.850 causes


async def dial(call: Call, plan: Plan) -> Dialled:
    """Dial, put the caller through to the first who answers, come back when either leaves.

    The caller is answered when somebody else is. A caller who leaves is a result, no CallEnded;
    that is raised only where the call was interrupted. No leg and no bridge is left behind.
    """
    dialling = _Dialling(call, plan)
    with suppress(CallEnded):
        async with dialling.stack:
            await dialling.ring()
            await dialling.talk()
    if call.ended and not call.caller.ended:
        raise CallEnded("the call was interrupted")
    return dialling.result()


@dataclass(slots=True)
class _Dialling:
    """What goes on; `stack` undoes it."""

    call: Call
    plan: Plan
    attempts: list[Attempt] = field(default_factory=list)
    winner: Attempt | None = None
    over: bool = False  # nobody else need be dialled
    ended_by: str = ""
    deadline: float = math.inf  # on the loop's clock
    bridge: Bridge | None = None
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    ringing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def ring(self) -> None:
        """Dial them all, until one has won or none can."""
        plan = self.plan
        if plan.timeout is not None:
            self.deadline = _now() + plan.timeout
        async with self.ringing:
            await self.ringing.enter_async_context(ringback(self.call, plan.ringback))
            if plan.sequential:
                for target in plan.targets:
                    await self._try(target, 0.0)
            else:
                tries = (self._try(target, target.delay) for target in plan.targets)
                for problem in await asyncio.gather(*tries, return_exceptions=True):
                    if problem:
                        raise problem

    async def talk(self) -> None:
        """Put the caller and who has won together until one of them leaves."""
        call, plan, winner = self.call, self.plan, self.winner
        if winner is None:
            return
        await answer(call)
        if plan.bridged:
            await plan.bridged(winner)
        made = await self._join(winner)
        if made is None:
            return
        self.ended_by = await Conversation(call, winner, made).last(plan)

    async def _try(self, target: Target, delay: float) -> None:
        """Dial one, until it has won, has failed or is not wanted any more."""
        call = self.call
        if await call.until(self._settled, min(delay, self.deadline - _now())):
            return
        if _now() >= self.deadline:
            return
        attempt = Attempt(target, call.clock, telling(call, self.plan.on_progress))
        self.attempts.append(attempt)
        call.join(attempt)
        over = True  # with an error all others are over, too
        try:
            if await self._reach(attempt) and not self._settled():
                self.winner = attempt.taken or attempt
            over = self.plan.one_refusal_ends and attempt.status is Status.BUSY
        finally:
            self.over = self.over or over
            call.wake()
            for one in filter(None, (attempt, attempt.taken)):
                if self.winner is one:
                    self.stack.push_async_callback(self._release, one)
                else:
                    await self._release(one)
        if target.otherwise and attempt.status in {Status.FAILED, Status.NO_ANSWER}:
            await self._try(target.otherwise, 0.0)

    async def _reach(self, attempt: Attempt) -> bool:
        """Dial one; True when somebody is there who will speak with the caller."""
        try:
            await self._place(attempt)
            return await self._answered(attempt) and await self._accepted(attempt)
        except AsteriskError as error:
            if error.status in {404, 409}:  # it may have gone
                await self.call.until(lambda: attempt.leg.ended, _GOING)
            if attempt.status is None:
                self.call.warn(error)
                attempt.end(FAILURE if error.status == 503 else NO_ROUTE)
            return False

    async def _place(self, attempt: Attempt) -> None:
        """Have Asterisk make the channel and dial it."""
        call, target, leg = self.call, attempt.target, attempt.leg
        identity = target.identity
        attempt.step(Progress.INITIATED)
        note(call, "dials", endpoint=target.endpoint, leg=leg.id)
        await call.ari.send(
            CREATE,
            channelId=leg.id,
            endpoint=target.endpoint,
            app=call.app,
            originator=call.caller.id,
            variables={**target.variables, **(identity.variables() if identity else {})},
        )
        if not await call.until(lambda: leg.entered or leg.ended or self._settled(), _ENTERING):
            raise AsteriskError("the channel did not come", status=503, where=target.endpoint)
        if leg.entered and not self._settled():
            await call.ari.send(
                DIAL,
                channelId=leg.id,
                caller=None if identity else call.caller.id,  # it would show the caller's identity
                timeout=math.ceil(target.timeout) + _SPARE,
            )

    async def _answered(self, attempt: Attempt) -> bool:
        """Wait for an answer; if it is the only one, let the caller hear its early media."""
        call, leg = self.call, attempt.leg
        until = min(self.deadline, _now() + attempt.target.timeout)

        def decided() -> bool:
            return leg.up or leg.ended or attempt.taken is not None or self._settled()

        if self.plan.hears_early_media:
            await call.until(lambda: decided() or leg.early_media, until - _now())
            if leg.early_media and not decided():
                await self._let_hear(attempt)
        await call.until(decided, until - _now())
        if attempt.taken and not self._settled():
            self.attempts.append(attempt.taken)
            return True
        return leg.up and not (leg.going or leg.ended or self._settled())

    async def _let_hear(self, attempt: Attempt) -> None:
        await self.ringing.aclose()
        if not self.call.caller.up:
            try:
                await self.call.send(PROGRESS)
            except AsteriskError as error:  # before 20.16 and 22.6 there is no such command
                log.debug("call.no_early_media", reason=str(error))
        await self._join(attempt)

    async def _accepted(self, attempt: Attempt) -> bool:
        """Ask whoever has answered, if that is wanted; they may leave, or another may be first."""
        screen, call = self.plan.screen, self.call
        if screen is None or attempt.taken:
            return True
        task = asyncio.ensure_future(screen(attempt))
        task.add_done_callback(lambda _: call.wake())
        try:
            await call.until(lambda: task.done() or attempt.leg.ended or self._settled())
            gone = attempt.leg.ended or self._settled()
            return not gone and task.result()
        except CallEnded:  # the leg has left, or else the caller, which the next wait finds
            return False
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _join(self, attempt: Attempt) -> Bridge | None:
        """Put the caller and a leg together, unless they are; None when one of them is gone."""
        legs: list[Leg] = [attempt.leg] if attempt.borrowed else []
        if self.bridge is None:
            self.bridge = await self.stack.enter_async_context(bridge(self.call))
            legs = [attempt.leg, self.call.caller]
        for leg in legs:
            if not await add(self.call, self.bridge, leg):
                return None
        return self.bridge

    async def _release(self, attempt: Attempt) -> None:
        """Hang up a leg, unless it has ended, and hear no more of it."""
        call, leg = self.call, attempt.leg
        if call.heir and call.ended and attempt is self.winner and not leg.ended:
            attempt.inherited = True
            attempt.end(NORMAL)
            call.heir(attempt)
            return
        if call.ended or attempt.answered:
            cause, status = NORMAL, Status.CANCELED
        elif self.winner:
            cause, status = ANSWERED_ELSEWHERE, Status.CANCELED
        else:
            cause, status = NO_ANSWER, Status.NO_ANSWER
        attempt.end(cause, _CANCELLED, status)
        try:
            if not (leg.ended or attempt.borrowed):
                await call.ari.send(HANGUP, channelId=leg.id, reason_code=str(cause))
        except AsteriskError as error:
            if error.status != 404:
                call.warn(error)
        finally:
            call.leave(attempt)

    def result(self) -> Dialled:
        """Say what came of it."""
        bridged = self.winner if self.winner and Progress.BRIDGED in self.winner.at else None
        gone = self.call.caller.ended and bridged is None
        status = Status.CANCELED if gone else summary(self.attempts)
        return Dialled(status, tuple(self.attempts), bridged, self.ended_by)

    def _settled(self) -> bool:
        return self.over or self.winner is not None


def _now() -> float:
    return asyncio.get_running_loop().time()
