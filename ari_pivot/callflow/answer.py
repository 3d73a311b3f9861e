"""answer: answer the call."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class Answer(Module):
    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        return NEXT
