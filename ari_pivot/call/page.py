"""Paging: the caller speaks to all who answer, at once."""

from collections.abc import Sequence

from ari_pivot.ari.operations import MUTE, RING_STOP
from ari_pivot.call.answer import answer
from ari_pivot.call.bridge import add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Attempt, Plan, Progress, Target


async def page(call: Call, targets: Sequence[Target], *, two_way: bool = False) -> bool:
    """Dial all of them, and speak to each who answers until they or the caller leave.

    They hear the caller, and are not heard unless `two_way`. False if nobody answered. Raises
    AsteriskError, CallEnded.
    """
    await answer(call)
    async with bridge(call) as made:
        speaking = False

        async def join(attempt: Attempt) -> bool:
            """Have somebody listen; that they are not put through keeps the others dialled."""
            nonlocal speaking
            if not speaking:
                speaking = call.facts.bridged = True
                await call.ari.send(RING_STOP, channelId=call.caller.id)
                await add(call, made, call.caller)
            if not two_way:
                await call.ari.send(MUTE, channelId=attempt.id, direction="in")
            if await add(call, made, attempt.leg):
                attempt.step(Progress.BRIDGED)
                await call.until(lambda: attempt.leg.ended or made.ended)
            return False

        dialled = await dial(call, Plan(targets=targets, screen=join))
    return any(one.answered for one in dialled.attempts)
