"""after_bridge: what becomes of the caller when somebody who is rung later has left."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Maybe, Module
from ari_pivot.errors import Code, InstructionError


class AfterBridge(Module):
    """`data` is the number to transfer to, or whether it shall be done.

    Source: KAZOO, cf_after_bridge.
    """

    action: Maybe[Literal["park", "transfer", "hangup"]] = None
    data: Boolean | str = False

    async def run(self, call: Call, children: Children) -> Branch:
        onward = call.facts.onward
        if self.action == "transfer":
            if not isinstance(self.data, str) or not self.data:
                raise InstructionError(
                    "needs a number", code=Code.FLOW_SCHEMA, where="after_bridge.data"
                )
            onward.after_bridge, onward.after_bridge_number = "transfer", self.data
        elif self.action:
            wanted = self.data is True or str(self.data).lower() == "true"
            onward.after_bridge = self.action if wanted else ""
        return NEXT
