"""dead_air: answer, and be silent until the caller hangs up."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.callflow.module import Branch, Children, Module


class DeadAir(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        await call.until(lambda: False)
        return None
