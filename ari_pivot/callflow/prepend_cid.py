"""prepend_cid: put something before the caller id that is shown to those who are dialled later."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class PrependCid(Module):
    """Prefixes come before those there are, or with `apply_to: original` instead of them."""

    action: Literal["reset", "prepend"] = "prepend"
    apply_to: Literal["original", "current"] = "current"
    caller_id_name_prefix: str = ""
    caller_id_number_prefix: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        onward = call.facts.onward
        if self.action == "reset" or self.apply_to == "original":
            onward.name_prefix = onward.number_prefix = ""
        if self.action == "prepend":
            onward.name_prefix = self.caller_id_name_prefix + onward.name_prefix
            onward.number_prefix = self.caller_id_number_prefix + onward.number_prefix
        return NEXT
