"""<Queue>: take who is first in a queue, and speak with them."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from ari_pivot.call import queue
from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import absolute
from ari_pivot.call.ringback import ringback
from ari_pivot.call.waiter import Waiter, fetch
from ari_pivot.errors import CallEnded
from ari_pivot.twiml.enqueue import sid
from ari_pivot.twiml.meeting import Meeting, follow
from ari_pivot.twiml.verb import Method

if TYPE_CHECKING:
    from ari_pivot.twiml.dial import Dial

_BEFORE = ("Play", "Say", "Pause", "Redirect")  # the verbs of its `url`


class Queue(Meeting):
    """`url` is a document that the queued caller hears before the two are put through.

    An empty queue is waited for as long as <Dial> says; one that nobody was ever in has failed.
    Source: TwiML reference, Queue.
    """

    codes: ClassVar = {"url": 14212, "method": 14213, "text": 14214}
    unsupported: ClassVar = dict.fromkeys(
        ("reservationSid", "postWorkActivitySid"), "no task router"
    )

    url: str = ""
    method: Method = "POST"
    reservation_sid: str = ""
    post_work_activity_sid: str = ""
    text: str = Field(default="", min_length=1, max_length=64)
    base: str = Field(default="", exclude=True)

    async def meet(self, call: Call, dial: "Dial") -> dict[str, Any]:
        if not dial.answer_on_bridge:
            await answer(call)
        found = call.rooms.queues.get(self.text)
        if found is None:
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        deadline = call.clock() + dial.timeout
        told: dict[str, Any] = {"DialCallStatus": "no-answer", "DialBridged": "false"}
        while (left := deadline - call.clock()) > 0:
            waiter = await _taken(call, found, left)
            if waiter is None:
                break
            if await self._spoken(call, dial, found, waiter):
                return told | _told(call, found, waiter)
        return told

    async def _spoken(self, call: Call, dial: "Dial", taken: queue.Queue, waiter: Waiter) -> bool:
        """Speak with somebody; False where they have left before, or were put back."""
        told = {"QueueSid": sid(taken), "QueueTime": str(round(waiter.seconds)),
                "DequeingCallSid": call.facts.sid}  # fmt: skip
        url = self.url and absolute(self.base, self.url)
        before = partial(follow, url=url, method=self.method, only=_BEFORE, params=told)
        try:
            return await fetch(
                call,
                waiter,
                before=before if url else None,
                hangup_on="*" if dial.hangup_on_star else "",
                time_limit=dial.time_limit,
            )
        except CallEnded:
            if waiter.together and call.caller.ended:
                return True
            raise
        finally:
            taken.put_back(waiter)


async def _taken(call: Call, found: queue.Queue, timeout: float) -> Waiter | None:
    """Take who is first, with ringing for as long as there is nobody."""
    if found.waiters:
        return await found.take(call, timeout)
    async with ringback(call, None):
        return await found.take(call, timeout)


def _told(call: Call, taken: queue.Queue, waiter: Waiter) -> dict[str, Any]:
    return {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallSid": waiter.call.facts.sid,
        "DialCallDuration": str(round(waiter.spoken)),
        "QueueSid": sid(taken),
        "QueueTime": str(round(waiter.seconds)),
        "DequeingCallSid": call.facts.sid,
    }
