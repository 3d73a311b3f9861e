"""Asking the caller's own telephone to call somebody else in our place: SIP's REFER."""

from dataclasses import dataclass

from ari_pivot.ari.operations import CONTINUE, SET_VARIABLE, SUBSCRIBE
from ari_pivot.call.answer import answer
from ari_pivot.call.arrival import arguments
from ari_pivot.call.call import Call
from ari_pivot.errors import AsteriskError, CallEnded


@dataclass(frozen=True, slots=True)
class Referred:
    """What came of it: `sip` is the status of the new call, or of the REFER that was refused.

    0 is not known: `done` tells a success from a line that knows no REFER. `left` is a caller who
    was gone before it was told.
    """

    done: bool = False
    sip: int = 0
    left: bool = False


async def refer(call: Call, endpoint: str) -> Referred:
    """Answer, and refer the caller to `PJSIP/<sip:…>`; a caller who leaves meanwhile is a result.

    The call goes through the dialplan's context for it and comes back: ARI's own `redirect` sends
    a REFER as well, but nobody is told what came of it. Raises AsteriskError, and CallEnded where
    the call was interrupted.
    """
    await answer(call)
    caller = call.caller
    # of a caller who leaves while he is in the dialplan nothing else would tell
    await call.ari.send(SUBSCRIBE, applicationName=call.app, eventSource=f"channel:{caller.id}")
    await call.send(SET_VARIABLE, variable="PIVOT_REFER_TO", value=endpoint)
    await call.send(SET_VARIABLE, variable="PIVOT_REFER_APP", value=call.app)
    caller.away = True
    try:
        await call.send(CONTINUE, context=call.directory.refer, extension="s", priority=1)
        await call.until(lambda: not caller.away)
    except AsteriskError:
        caller.away = False
        raise
    except CallEnded:
        if not caller.ended:
            raise
        return Referred(left=True)
    told = arguments(caller.brought)
    sip = told.get("sip", "")
    return Referred(told.get("referred") == "SUCCESS", int(sip) if sip.isdecimal() else 0)
