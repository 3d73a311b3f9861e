"""group: ring the members of a group of the directory."""

from typing import ClassVar, Literal

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Wish, endpoints
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Module
from ari_pivot.callflow.ring_group import Ringtones


class Group(Module):
    """The caller is answered first; times in seconds. Source: KAZOO, cf_group.

    `endpoints` are ids of devices, users or groups that are rung instead of the group `id`.
    """

    without_effect: ClassVar = {"ignore_forward": "Asterisk's endpoint says it (`redirect_method`)"}

    id: str = ""
    endpoints: list[str] = Field(default_factory=list)
    fail_on_single_reject: Boolean = False
    ignore_forward: Boolean = True
    repeats: Integer = 1
    ringback: str = ""
    ringtones: Ringtones = Field(default_factory=Ringtones)
    strategy: Literal["single", "simultaneous"] = "simultaneous"
    timeout: Integer = DEFAULT_TIMEOUT

    async def run(self, call: Call, children: Children) -> Branch:
        timeout = self.timeout if self.timeout > 0 else DEFAULT_TIMEOUT
        found = await endpoints(call)
        wish = Wish(timeout=timeout, alert_info=self.ringtones.of(call), direct=False)
        for id_ in self.endpoints or [self.id]:
            await found.add(self._kind(call, id_), id_, wish)
        if found.ways:
            await answer(call)
        ring = Ring(
            timeout=timeout,
            sequential=self.strategy == "single",
            early_media=False,
            one_refusal_ends=self.fail_on_single_reject,
            ringback=self.ringback,
            repeats=max(1, self.repeats),
        )
        return await bridge(call, found, children, ring)

    def _kind(self, call: Call, id_: str) -> str:
        everybody = directory_of(call)
        if self.endpoints and id_ in everybody.devices:
            return "device"
        return "user" if self.endpoints and id_ in everybody.users else "group"
