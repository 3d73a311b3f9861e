"""branch_bnumber: branch by what the dialled number's pattern has captured, else by the number."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import look_up
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Module
from ari_pivot.callflow.patterns import allowed


class BranchBnumber(Module):
    """The child is that number; with `hunt` the callflow that takes it runs, and then `_`.

    Source: KAZOO, cf_branch_bnumber.
    """

    hunt: Boolean = False
    hunt_allow: str = ""
    hunt_deny: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        number = call.facts.capture or call.facts.dialled
        if not self.hunt:
            return number
        if not allowed(number, self.hunt_allow, self.hunt_deny):
            return NEXT
        found = await look_up(call, number)
        return found.enter(call) if found else NEXT
