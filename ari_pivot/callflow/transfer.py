"""transfer: let the call be one to another number."""

from typing import Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.after import moved
from ari_pivot.callflow.module import Branch, Children, Maybe, Module
from ari_pivot.errors import Code, InstructionError

_NO_MATCH = "no_match"


class Transfer(Module):
    """To `target`, else the first of `captures`, else what the number's pattern has captured.

    Its callflow runs instead of all that the call has come through. The caller speaks with nobody
    here, so a transfer of the other leg leads to `_`. Source: KAZOO, cf_transfer.
    """

    captures: list[str] = Field(default_factory=lambda: [_NO_MATCH])
    leg: Maybe[Literal["self", "bleg"]] = None
    target: str = ""
    transfer_type: Literal["attended", "blind"] = "blind"

    async def run(self, call: Call, children: Children) -> Branch:
        if self.leg == "bleg":
            raise InstructionError("there is no other leg", code=Code.UNSUPPORTED, where="leg")
        captured = next((one for one in self.captures if one != _NO_MATCH), call.facts.capture)
        return await moved(call, self.target or captured)
