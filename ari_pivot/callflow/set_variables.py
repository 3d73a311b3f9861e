"""set_variables: set custom application variables, sent with every later request and the CDR."""

from typing import Any

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Module


class SetVariables(Module):
    """`export` also gives them to the legs that are dialled later."""

    custom_application_vars: dict[str, Any] = Field(default_factory=dict)
    export: Boolean = False

    async def run(self, call: Call, children: Children) -> Branch:
        call.facts.variables.update(self.custom_application_vars)
        if self.export:
            call.facts.exported.update(self.custom_application_vars)
        return NEXT
