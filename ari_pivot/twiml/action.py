"""What comes after a verb that has an `action`, once, whatever became of it."""

from typing import Any, Literal, cast

from ari_pivot.call.call import Call
from ari_pivot.call.ending import settle
from ari_pivot.call.instructions import Pivot, absolute
from ari_pivot.call.owed import Owed
from ari_pivot.errors import CallEnded
from ari_pivot.twiml.params import params


async def after(
    call: Call, action: str | None, method: str, told: dict[str, Any], base: str
) -> Pivot | None:
    """Return where to ask, None for the next verb.

    An action of a caller who has left is told all the same, and what it answers is not done any
    more: then it raises CallEnded.
    """
    if action is None:
        call.check()
        return None
    if not call.caller.ended:
        return Pivot(action, method, told)
    settle(call)
    owed = Owed(
        kind="callback",
        url=absolute(base, action),
        params=params(call, call.customer.account) | told,
        method=cast("Literal['GET', 'POST']", method),
        scheme="twiml",
    )
    await call.reports.send(call, owed)
    raise CallEnded("the caller has left")
