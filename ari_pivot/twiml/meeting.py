"""Where <Dial> puts a caller who dials nobody: <Conference> and <Queue>."""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ari_pivot.call.aside import beside
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Action, Pivot, absolute
from ari_pivot.twiml.verb import Element

if TYPE_CHECKING:
    from ari_pivot.twiml.dial import Dial


class Meeting(Element):
    """A noun that stands alone in its <Dial>."""

    async def meet(self, call: Call, dial: "Dial") -> dict[str, Any]:
        """Be there until it is over; return what the action of <Dial> is told.

        A caller who hangs up is no CallEnded here. Raises AsteriskError.
        """
        raise NotImplementedError


async def follow(
    call: Call, url: str, method: str, only: Collection[str], params: dict[str, Any] | None = None
) -> None:
    """Run a document with the caller while the call's own waits; raises PivotError, CallEnded.

    Only the verbs of these names run.
    """
    action = Action(url, method, req_format="twiml")
    asked = Pivot(url, method, params or {}, action=action)
    await call.customer.follow(beside(call, only), asked)


class Sounds:
    """What a caller hears who waits: a document, run once, and then silence."""

    def __init__(self, base: str, url: str, method: str, only: Collection[str]) -> None:
        self._url, self._method, self._only = url and absolute(base, url), method, only

    async def __call__(self, call: Call) -> None:
        if self._url:
            await follow(call, self._url, self._method, self._only)
        await asyncio.Event().wait()  # until it is cancelled
