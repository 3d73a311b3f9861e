"""hangup: end the call, whatever flow it came from."""

from ari_pivot.call.answer import hangup
from ari_pivot.call.call import Call
from ari_pivot.callflow.module import Branch, Children, Module


class Hangup(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        await hangup(call)
        return None
