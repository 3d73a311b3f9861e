"""branch_bnumber: branch by what the pattern of the dialled number has captured."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of, look_up
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Module
from ari_pivot.callflow.patterns import allowed


class BranchBnumber(Module):
    """The child is the captured number; with `hunt` the callflow that takes it runs, and then `_`.

    Source: KAZOO, cf_branch_bnumber.
    """

    hunt: Boolean = False
    hunt_allow: str = ""
    hunt_deny: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        number = directory_of(call).normal(call.facts.capture)
        if not self.hunt:
            return number or NEXT
        if not allowed(number, self.hunt_allow, self.hunt_deny):
            return NEXT
        found = await look_up(call, number)
        return found.enter(call) if found else NEXT
