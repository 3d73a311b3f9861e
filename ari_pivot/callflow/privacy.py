"""privacy: hide the caller from those who are dialled later."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of, look_up, redirect
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class Privacy(Module):
    """A number that the dialled one's pattern has captured is called now, with the caller hidden.

    A captured number that no callflow takes ends the flow. Source: KAZOO, cf_privacy.
    """

    mode: Literal["full", "name", "number", "yes"] = "full"
    endpoint_strategy: Literal["overwrite", "merge"] = "overwrite"

    async def run(self, call: Call, children: Children) -> Branch:
        facts = call.facts
        number = directory_of(call).normal(facts.capture)
        found = await look_up(call, number)
        if number and found is None:
            return None
        facts.onward.hide_name = self.mode != "number"
        facts.onward.hide_number = self.mode != "name"
        facts.onward.endpoint_privacy = self.endpoint_strategy == "merge"
        if found is None:
            return NEXT
        redirect(call, number)
        return found.enter(call)
