"""set_variable: set a custom channel variable, which branch_variable can read."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module
from ari_pivot.errors import Code, InstructionError

_NAMES = {"call_priority", "group_id"}  # Source: KAZOO, cf_set_variable


class SetVariable(Module):
    """With the channel `both` also for the legs that are dialled later."""

    variable: str = ""
    value: str = ""
    channel: Literal["a", "both"] = "a"

    async def run(self, call: Call, children: Children) -> Branch:
        if self.variable not in _NAMES or not self.value:
            raise InstructionError(
                "only call_priority and group_id can be set, to something",
                code=Code.UNSUPPORTED,
                where=self.variable,
            )
        call.facts.channel_variables[self.variable] = self.value
        if self.channel == "both":
            call.facts.onward.channel_variables[self.variable] = self.value
        return NEXT
