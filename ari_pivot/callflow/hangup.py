"""hangup: end the call, whatever flow it came from."""

from ari_pivot.call.answer import NORMAL, hangup
from ari_pivot.call.call import Call
from ari_pivot.callflow.module import Branch, Children, Module


class Hangup(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        await hard_stop(call)
        return None


async def hard_stop(call: Call, cause: int = NORMAL) -> None:
    """End the call with a Q.850 cause; no flow is gone on with."""
    call.outer.clear()
    await hangup(call, cause)
