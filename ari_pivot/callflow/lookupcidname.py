"""lookupcidname: the caller's name from lists of numbers."""

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class Lookupcidname(Module):
    """`lists` of the directory; the caller of no list keeps their name."""

    lists: list[str] = Field(default_factory=list)

    async def run(self, call: Call, children: Children) -> Branch:
        name = directory_of(call).listed(call.facts.caller_number or "anonymous", self.lists)
        if name:
            call.facts.caller_name = name
        return NEXT
