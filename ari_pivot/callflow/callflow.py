"""callflow: run another callflow, then what stands at `_`."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of, unknown
from ari_pivot.callflow.module import Branch, Children, Module


class Callflow(Module):
    """`id` is a callflow of the directory."""

    id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        found = directory_of(call).callflows.get(self.id)
        if found is None:
            raise unknown("callflow", self.id)
        return found.flow
