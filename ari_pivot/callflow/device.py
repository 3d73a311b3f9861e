"""device: ring a telephone."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Wish, endpoints
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Module


class Device(Module):
    """`id` of the directory; `timeout` and `delay` in seconds, 0 is 20. Source: KAZOO, cf_device.

    Children are causes, `USER_BUSY`, or SIP statuses, `sip:486`.
    """

    without_effect: ClassVar = {
        "can_text_self": "no: no text messages",
        "dial_strategy": "no: a telephone is one endpoint of Asterisk's",
        "static_invite": "no: Asterisk dials the telephone's own contact",
    }

    id: str = ""
    can_call_self: Boolean = False
    can_text_self: Boolean = False
    custom_sip_headers: dict[str, Any] = Field(default_factory=dict)
    delay: Integer = 0
    dial_strategy: Literal["simultaneous", "single"] = "simultaneous"
    static_invite: str = ""
    suppress_clid: Boolean = False
    timeout: Integer = 0

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
        await found.add("device", self.id, wish)
        return await bridge(call, found, children, Ring(timeout=timeout))
