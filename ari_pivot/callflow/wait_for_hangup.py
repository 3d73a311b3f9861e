"""wait_for_hangup: leave the caller as they are until they hang up."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import Branch, Children, Module


class WaitForHangup(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        await call.until(lambda: False)
        return None
