"""cidlistmatch: branch by whether the caller is in a list."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.module import Branch, Children, Module


class Cidlistmatch(Module):
    """`id` is a list of the directory; children `match` and `nomatch`."""

    id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        listed = directory_of(call).listed(call.facts.caller_number or "anonymous", [self.id])
        return "nomatch" if listed is None else "match"
