"""branch_variable: take the child that the value of a variable names."""

from typing import Any, Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class BranchVariable(Module):
    """The variable is one of the call's, or of the account, user or telephone that calls.

    `merged` is the telephone's, else its user's, else the account's, else the call's. Source:
    KAZOO, cf_branch_variable.
    """

    variable: str = ""
    scope: Literal["account", "custom_channel_vars", "device", "merged", "user"] = (
        "custom_channel_vars"
    )

    async def run(self, call: Call, children: Children) -> Branch:
        name = self.variable.lower().replace("-", "_")
        found = [scope[name] for scope in self._scopes(call) if name in scope]
        return next((_text(value) for value in found if _text(value) in children), NEXT)

    def _scopes(self, call: Call) -> list[dict[str, Any]]:
        owner, user = caller(call, "user")
        id_, device = caller(call, "device")
        known = {
            "account_id": directory_of(call).account_id,
            "owner_id": owner,
            "authorizing_id": id_,
            "authorizing_type": "device" if device else "",
        }
        scopes: dict[str, dict[str, Any]] = {
            "device": device.variables if device else {},
            "user": user.variables if user else {},
            "account": directory_of(call).account.variables,
            "custom_channel_vars": known | call.facts.channel_variables,
        }
        return list(scopes.values()) if self.scope == "merged" else [scopes[self.scope]]


def _text(value: Any) -> str:
    """Return a value as the name of a child."""
    return str(value).lower() if isinstance(value, bool) else str(value)
