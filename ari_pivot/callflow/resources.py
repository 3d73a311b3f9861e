"""resources: call a number outside, through a trunk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Dialled, Identity, Status, Target
from ari_pivot.call.directory import Trunk
from ari_pivot.call.numbers import user
from ari_pivot.callflow import headers
from ari_pivot.callflow.after import afterwards
from ari_pivot.callflow.bridging import Ring, dial_ways, failed
from ari_pivot.callflow.directory import directory_of, unknown
from ari_pivot.callflow.endpoints import Way
from ari_pivot.callflow.identity import shown
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Integer, Maybe, Module
from ari_pivot.callflow.refusals import refuse
from ari_pivot.callflow.restriction import refused, restricted

_TIMEOUT = 60.0  # seconds
_NO_ROUTE, _NORMAL = 3, 16  # Q.850
_TRUNKS = "no: `directory.trunks` say what takes a number"
_FROM = "no: Asterisk's endpoint says it (`from_domain`)"


class Resources(Module):
    """The number is `to_did`, else the dialled one; `timeout` in seconds, 60 without one.

    A trunk that fails leads to the next one that takes the number. Without the child of the cause
    or the SIP status the caller is told, and the call ends: there is no `_`. Source: KAZOO,
    cf_resources.
    """

    without_effect: ClassVar = {
        "dynamic_flags": _TRUNKS,
        "format_from_uri": _FROM,
        "from_uri_realm": _FROM,
        "hunt_account_id": _TRUNKS,
        "outbound_flags": _TRUNKS,
        "resource_type": _TRUNKS,
        "use_local_resources": _TRUNKS,
    }

    bypass_e164: Boolean = False
    caller_id_type: str = "external"
    custom_sip_headers: dict[str, Any] = Field(default_factory=dict)
    do_not_normalize: Boolean = False
    dynamic_flags: list[str] = Field(default_factory=list)
    emit_account_id: Boolean = False
    format_from_uri: Boolean = False
    from_uri_realm: str = ""
    hunt_account_id: str = ""
    ignore_early_media: Boolean = False
    outbound_flags: list[str] = Field(default_factory=list)
    resource_type: str = ""
    ringback: str = ""
    timeout: Maybe[Integer] = None
    to_did: str = ""
    use_local_resources: Boolean = True

    async def run(self, call: Call, children: Children) -> Branch:
        number = self._number(call)
        if await refused(call, number, restricted(call)):
            return None
        dialled, then = await self._dial(call, number)
        if dialled and (dialled.winner or dialled.cause == _NORMAL):
            return then or await afterwards(call)
        cause, sip = (dialled.cause, dialled.sip) if dialled else (_NO_ROUTE, 404)
        branch = failed(children, cause, sip)
        if branch != NEXT:
            return branch
        await refuse(call, cause, sip)
        return None

    def _number(self, call: Call) -> str:
        plain = self.do_not_normalize or self.bypass_e164
        if plain:
            return self.to_did or user(call.facts.request_uri) or call.facts.dialled
        return directory_of(call).normal(self.to_did or call.facts.dialled)

    async def _dial(self, call: Call, number: str) -> tuple[Dialled | None, Branch]:
        """Try the trunks that take a number, until one does more than fail; None without any."""
        dialled: Dialled | None = None
        then: Branch = None
        for trunk in directory_of(call).trunks_to(number):
            way = Way(self._target(call, trunk, number))
            ring = Ring(
                timeout=way.target.timeout,
                early_media=not self.ignore_early_media,
                ringback=self.ringback,
            )
            dialled, then = await dial_ways(call, [way], ring)
            if dialled.status is not Status.FAILED:
                break
        if dialled is None:
            call.warn(unknown("trunk", number))
        return dialled, then

    def _target(self, call: Call, trunk: Trunk, number: str) -> Target:
        identity = shown(call, self.caller_id_type)
        if identity is None and trunk.caller_id.number:
            identity = Identity(trunk.caller_id.number, trunk.caller_id.name)
        sent: Mapping[str, str] = headers.custom(self.custom_sip_headers)
        if self.emit_account_id:
            sent = {**sent, "X-Account-ID": directory_of(call).account_id}
        return Target(
            trunk.endpoint.replace("{number}", number),
            float(self.timeout) if self.timeout and self.timeout > 0 else _TIMEOUT,
            identity=identity,
            variables=headers.variables(call, sent, call.facts.onward.alert_info),
            name=number,
        )
