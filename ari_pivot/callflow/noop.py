"""noop: do nothing."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class Noop(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        return NEXT
