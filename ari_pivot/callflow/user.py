"""user: ring a user's telephones."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Wish, endpoints
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Module


class User(Module):
    """All those that the user owns or is logged in at; times in seconds. Source: KAZOO, cf_user.

    `single` rings one after the other, each for `timeout`.
    """

    without_effect: ClassVar = {
        "can_text_self": "no: no text messages",
        "static_invite": "no: Asterisk dials the telephone's own contact",
    }

    id: str = ""
    can_call_self: Boolean = False
    can_text_self: Boolean = False
    custom_sip_headers: dict[str, Any] = Field(default_factory=dict)
    delay: Integer = 0
    fail_on_single_reject: Boolean = False
    static_invite: str = ""
    strategy: Literal["simultaneous", "single"] = "simultaneous"
    suppress_clid: Boolean = False
    timeout: Integer = DEFAULT_TIMEOUT

    async def run(self, call: Call, children: Children) -> Branch:
        timeout = self.timeout if self.timeout > 0 else DEFAULT_TIMEOUT
        found = await endpoints(call)
        wish = Wish(
            timeout=timeout,
            delay=self.delay,
            headers=self.custom_sip_headers,
            can_call_self=self.can_call_self,
            suppress_clid=self.suppress_clid,
        )
        await found.add("user", self.id, wish)
        single = self.strategy == "single"
        ring = Ring(
            timeout=timeout,
            sequential=single,
            early_media=single,
            one_refusal_ends=self.fail_on_single_reject,
        )
        return await bridge(call, found, children, ring)
