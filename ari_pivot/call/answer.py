"""Answering a call, refusing one, ending one, giving one back."""

from ari_pivot.ari.operations import ANSWER, CONTINUE, HANGUP, SET_VARIABLE
from ari_pivot.call.call import Call
from ari_pivot.errors import AsteriskError, CallEnded

_ANSWERING = 5.0  # seconds
_ENDING = 5.0  # seconds
_FAILED = 500  # all that Asterisk says of a caller who is about to go
_GOING = 2.0  # seconds that takes

NORMAL, BUSY, REJECTED, UNALLOCATED, FAILURE = 16, 17, 21, 1, 38  # Q.850 causes


async def answer(call: Call) -> None:
    """Answer, unless the call is answered. Raises CallEnded, AsteriskError."""
    if call.caller.up:
        return
    try:
        await call.send(ANSWER)
    except AsteriskError as error:
        if error.status == _FAILED:
            await call.until(lambda: False, _GOING)
        raise
    await call.until(lambda: call.caller.up, _ANSWERING)


async def hangup(call: Call, cause: int = NORMAL, *, by: str = "pivot") -> None:
    """End the call with a Q.850 cause; an unanswered caller gets the SIP status that belongs to it.

    `by` is whose doing that is. Does nothing on a call that has ended. A consultation ends without
    its caller.
    """
    if call.ended:
        return
    if call.heir:
        call.interrupt(nothing)
        return
    facts = call.facts
    before = facts.ended_by, facts.cause
    # known before it is done: the end may come before the answer, and stop whoever waits for that
    facts.ended_by, facts.cause = by, cause
    try:
        await call.send(HANGUP, reason_code=str(cause))
        await call.until(lambda: call.ended, _ENDING)
    except CallEnded:
        facts.ended_by, facts.cause = before
    except AsteriskError:
        facts.ended_by, facts.cause = before
        raise


async def nothing(_: Call) -> None:
    """Do nothing instead of what was interrupted."""


async def give_back(call: Call, reason: str) -> None:
    """Hand the call back to the dialplan, which finds the reason in `PIVOT_REASON`.

    It goes on behind its `Stasis` line.
    """
    await call.send(SET_VARIABLE, variable="PIVOT_REASON", value=reason)
    await call.send(CONTINUE)
    call.facts.ended_by, call.facts.given_back = "pivot", reason
    await call.until(lambda: call.ended, _ENDING)
