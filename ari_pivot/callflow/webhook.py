"""webhook: tell a web server of the call, and go on at once."""

from typing import Any, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.owed import Owed
from ari_pivot.callflow.facts import about
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module
from ari_pivot.errors import Code, InstructionError

_TRIES = 3
_MOST_TRIES = 5


class Webhook(Module):
    """`custom_data` joins what is said of the call; `retries` are tries in all, 5 at most.

    Source: KAZOO, webhooks_util.
    """

    uri: str = ""
    http_verb: Maybe[Literal["post", "get"]] = None
    retries: Maybe[Integer] = None
    custom_data: dict[str, Any] = Field(default_factory=dict)

    async def run(self, call: Call, children: Children) -> Branch:
        if not self.uri:
            raise InstructionError("has no uri", code=Code.INVALID_URL, where="webhook")
        tries = _TRIES if self.retries is None else min(max(self.retries, 1), _MOST_TRIES)
        owed = Owed(
            kind="webhook",
            url=self.uri,
            params=about(call) | self.custom_data,
            method="POST" if self.http_verb == "post" else "GET",
            tries=tries,
        )
        await call.reports.send(call, owed)
        return NEXT
