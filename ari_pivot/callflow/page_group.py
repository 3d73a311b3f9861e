"""page_group: speak to several telephones at once, which answer by themselves."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.page import page
from ari_pivot.callflow.endpoints import Member, Wish, endpoints
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Integer, Module

#: What makes telephones answer by themselves; which of the two is theirs to choose.
_CALL_INFO, _ALERT = "<sip:page>;answer-after=0", "<http://page>;info=alert-autoanswer;delay=0"
_TIMEOUT = 5  # seconds


class PageGroup(Module):
    """Times in seconds. They ring for `timeout`, and hear the caller; `two-way`, each other, too.

    Source: KAZOO, cf_page_group.
    """

    without_effect: ClassVar = {"barge_calls": "a telephone's own settings say it"}

    audio: Literal["one-way", "two-way"]
    barge_calls: Boolean = False
    endpoints: Annotated[list[Member], Field(min_length=1)]
    timeout: Integer = _TIMEOUT

    async def run(self, call: Call, children: Children) -> Branch:
        timeout = self.timeout if self.timeout > 0 else _TIMEOUT
        found = await endpoints(call)
        for one in self.endpoints:
            wish = Wish(
                timeout=min(one.timeout or timeout, timeout),
                delay=one.delay,
                headers={"Call-Info": _CALL_INFO},
                alert_info=_ALERT,
                direct=False,
            )
            await found.add(one.endpoint_type, one.id, wish)
        targets = [way.target for way in found.ways if not way.keypress]
        if not targets or not await page(call, targets, two_way=self.audio == "two-way"):
            return NEXT
        return None
