"""set_cid: the caller id that is shown to those who are dialled later."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class SetCid(Module):
    """An empty one is the caller's own again."""

    caller_id_name: str = ""
    caller_id_number: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        onward = call.facts.onward
        onward.name, onward.number = self.caller_id_name, self.caller_id_number
        return NEXT
