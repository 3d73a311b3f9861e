"""route_to_cid: ring whoever has the dialled number for a caller id."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.directory import CallerId, Party
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Wish, endpoints
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Module


class RouteToCid(Module):
    """Devices and users, as `endpoint_types` says, by their caller ids of `cid_types`.

    `timeout` and `delay` in seconds, 0 is 20. Source: KAZOO, cf_route_to_cid.
    """

    without_effect: ClassVar = {
        "can_text_self": "no: no text messages",
        "static_invite": "no: Asterisk dials the telephone's own contact",
    }

    cid_types: Annotated[list[str], Field(min_length=1)] = Field(
        default_factory=lambda: ["internal"]
    )
    endpoint_types: list[str] = Field(default_factory=list)
    can_call_self: Boolean = False
    can_text_self: Boolean = False
    delay: Integer = 0
    static_invite: str = ""
    suppress_clid: Boolean = False
    timeout: Integer = 0

    async def run(self, call: Call, children: Children) -> Branch:
        timeout = self.timeout if self.timeout > 0 else DEFAULT_TIMEOUT
        wish = Wish(
            timeout=timeout,
            delay=self.delay,
            can_call_self=self.can_call_self,
            suppress_clid=self.suppress_clid,
        )
        everybody, found = directory_of(call), await endpoints(call)
        parties: dict[str, Mapping[str, Party]] = {
            "device": everybody.devices,
            "user": everybody.users,
        }
        for kind in self.endpoint_types:
            for id_ in self._with_number(call, parties.get(kind, {})):
                await found.add(kind, id_, wish)
        return await bridge(call, found, children, Ring(timeout=timeout))

    def _with_number(self, call: Call, parties: Mapping[str, Party]) -> Iterator[str]:
        """Yield the ids of those whom the dialled number is."""
        normal = directory_of(call).normal
        for id_, one in parties.items():
            ids = (getattr(one.caller_id, kind, CallerId()) for kind in self.cid_types)
            if normal(call.facts.dialled) in {
                normal(shown.number) for shown in ids if shown.number
            }:
                yield id_
