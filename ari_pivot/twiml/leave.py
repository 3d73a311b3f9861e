"""<Leave>: leave the queue, and go on behind <Enqueue>."""

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.verb import Verb


class Leave(Verb):
    """Only in the document of `waitUrl`; elsewhere passed over. Source: TwiML reference, Leave."""

    async def run(self, call: Call) -> Pivot | None:
        waiter = call.rooms.waiting.get(call.caller.id)
        if waiter is None:
            call.warn(InstructionError("not in a queue", code=Code.UNSUPPORTED, where=self.where))
            return None
        waiter.leave()
        await call.until(lambda: False)  # <Enqueue> goes on, and ends this
        return None
