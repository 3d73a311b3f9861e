"""flush_dtmf: forget a collection of digits."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module, keep_digits


class FlushDtmf(Module):
    collection_name: str = "default"

    async def run(self, call: Call, children: Children) -> Branch:
        keep_digits(call)
        call.facts.digits.pop(self.collection_name or "default", None)
        return NEXT
