"""<Enqueue>: wait in a queue until <Dial><Queue> of another call takes the caller."""

import asyncio
from typing import Any, ClassVar

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot, absolute
from ari_pivot.call.queue import MOST, Queue, named
from ari_pivot.call.waiter import Waited, Waiter
from ari_pivot.errors import AsteriskError, CallEnded, Code, InstructionError, PivotError
from ari_pivot.twiml.action import after
from ari_pivot.twiml.meeting import follow
from ari_pivot.twiml.verb import Method, Verb

_WAITS = ("Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather")  # verbs of its waitUrl
_ROUND = 1.0  # seconds that a round of it takes at least: an empty document must not run wild
_RESULTS = {
    Waited.FETCHED: "bridged",
    Waited.LEFT: "leave",
    Waited.FAILED: "error",
}


class Enqueue(Verb):
    """The caller hears music on hold, or the document of `waitUrl` again and again.

    An empty `waitUrl` is silence. The call is answered. Source: TwiML reference, Enqueue.
    """

    codes: ClassVar = {
        "method": 14201, "waitUrl": 14202, "action": 14203, "text": 14204, "waitUrlMethod": 14206,
    }  # fmt: skip
    too_long: ClassVar = {"text": 14205}
    unsupported: ClassVar = {"workflowSid": "no task router"}

    action: str | None = None
    method: Method = "POST"
    wait_url: str | None = None
    wait_url_method: Method = "POST"
    max_queue_size: int = Field(default=MOST, ge=1, le=5000)
    workflow_sid: str = ""
    text: str = Field(default="", min_length=1, max_length=64)
    base: str = Field(default="", exclude=True)

    async def run(self, call: Call) -> Pivot | None:
        told: dict[str, Any] = {"QueueResult": "hangup"}
        try:
            await answer(call)
            queue = named(call.rooms.queues, self.text)
            queue.most = self.max_queue_size
            told = await self._wait(call, queue)
        except CallEnded:
            if not call.caller.ended:
                raise
        except AsteriskError as error:
            call.warn(error)
            told = {"QueueResult": "system-error"}
        return await after(call, self.action, self.method, told, self.base)

    async def _wait(self, call: Call, queue: Queue) -> dict[str, Any]:
        """Wait; return what `action` is told."""
        if queue.full:
            full = f"the queue {queue.name!r} is full"
            call.warn(InstructionError(full, code=Code.ROOM_FULL, where=self.where))
            return {"QueueResult": "queue-full"}
        waiter = queue.enter(call)
        call.rooms.waiting[call.caller.id] = waiter
        try:
            result = await self._result(call, queue, waiter)
        finally:
            del call.rooms.waiting[call.caller.id]
            queue.leave(waiter)
        return {"QueueResult": result} | _times(queue, waiter)

    async def _result(self, call: Call, queue: Queue, waiter: Waiter) -> str:
        async def heard(waiting: Call) -> None:
            while self.wait_url:
                began = waiting.clock()
                url = absolute(self.base, self.wait_url)
                await follow(waiting, url, self.wait_url_method, _WAITS, _told(queue, waiter))
                await asyncio.sleep(max(0.0, began + _ROUND - waiting.clock()))
            await asyncio.Event().wait()  # until it is cancelled

        try:
            return _RESULTS[await waiter.wait(None if self.wait_url is None else heard)]
        except CallEnded:
            if not call.caller.ended:
                raise
            return "bridged" if waiter.together else "hangup"
        except AsteriskError:
            raise
        except PivotError as error:
            call.warn(error, "error")
            return "error"


def sid(queue: Queue) -> str:
    """Return TwiML's QueueSid."""
    return f"QU{queue.id}"


def _times(queue: Queue, waiter: Waiter) -> dict[str, str]:
    return {"QueueSid": sid(queue), "QueueTime": str(round(waiter.seconds))}


def _told(queue: Queue, waiter: Waiter) -> dict[str, str]:
    """Return what waitUrl is told."""
    return _times(queue, waiter) | {
        "QueuePosition": str(queue.position(waiter)),
        "AvgQueueTime": str(round(queue.average)),
        "CurrentQueueSize": str(len(queue.waiters)),
        "MaxQueueSize": str(queue.most),
    }
