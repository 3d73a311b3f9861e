"""check_cid: branch by the caller's number."""

from pydantic import BaseModel, Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Module
from ari_pivot.callflow.patterns import search


class External(BaseModel):
    name: str = ""
    number: str = ""


class CallerId(BaseModel):
    external: External = External()


class CheckCid(Module):
    """Children `match` and `nomatch`; in absolute mode the number itself, as far as it matches.

    Where such a child is taken and all of `caller_id.external` and `user_id` are given, they
    become the caller's. Source: KAZOO, cf_check_cid.
    """

    regex: str = ".*"
    use_absolute_mode: Boolean = False
    caller_id: CallerId = Field(default_factory=CallerId)
    user_id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        facts = call.facts
        number = facts.caller_number or "anonymous"
        if not search(self.regex or ".*", number):
            return "nomatch"
        wanted = number if self.use_absolute_mode else "match"
        external = self.caller_id.external
        if wanted in children and external.name and external.number and self.user_id:
            facts.caller_name, facts.caller_number = external.name, external.number
            facts.owner = self.user_id
        return wanted if wanted in children else NEXT
