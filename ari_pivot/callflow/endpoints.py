"""How those whom a callflow names are reached: telephones, users, groups, and forwarded calls.

Source: KAZOO, kz_endpoint and kz_endpoints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

import structlog
from pydantic import BaseModel, Field

from ari_pivot.ari.operations import DEVICE_STATE
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.call.directory import CallForward, Device, Subscriber
from ari_pivot.callflow import headers
from ari_pivot.callflow.directory import caller, directory_of, look_up, unknown
from ari_pivot.callflow.features import Features, features
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.identity import caller_id, shown
from ari_pivot.callflow.metaflow import metaflows
from ari_pivot.callflow.metaflow.metaflows import Metaflows
from ari_pivot.callflow.module import Integer, Maybe
from ari_pivot.errors import AsteriskError

log = structlog.get_logger()

DEFAULT_TIMEOUT = 20  # seconds. Source: KAZOO, kapps_call_command
_IN_USE = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}


class Member(BaseModel):
    """Somebody in a group; `delay` and `timeout` in seconds."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    endpoint_type: Literal["device", "user", "group"]
    delay: Integer = 0
    timeout: Integer = DEFAULT_TIMEOUT
    weight: Maybe[Annotated[Integer, Field(ge=1, le=100)]] = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to somebody; with `keypress` who answers has to press 1.

    `metaflows` are theirs for the conversation.
    """

    target: Target
    keypress: bool = False
    early_media: bool = True
    metaflows: Metaflows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How somebody is to be called; times in seconds. Not `direct` are calls to a group.

    `headers` are SIP headers.
    """

    timeout: float = DEFAULT_TIMEOUT
    delay: float = 0.0
    headers: Mapping[str, Any] = field(default_factory=dict)
    alert_info: str = ""
    can_call_self: bool = False
    suppress_clid: bool = False
    direct: bool = True
    keypress: bool = False


@dataclass(slots=True)
class Endpoints:
    """Collects the ways to all that are named, each telephone once.

    `busy` says that somebody was left out who speaks and takes no second call.
    """

    call: Call
    features: Features
    ways: list[Way] = field(default_factory=list)
    busy: bool = False
    _seen: set[tuple[str, str]] = field(default_factory=set)

    async def add(self, kind: str, id_: str, wish: Wish) -> None:
        """Add the ways to a device, a user or a group; what there is not is noted."""
        if (kind, id_) in self._seen:
            return
        self._seen.add((kind, id_))
        there: Mapping[str, Any] = getattr(directory_of(self.call), f"{kind}s")
        if id_ not in there:
            self.call.warn(unknown(kind, id_))
        elif kind == "device":
            await self._add_device(id_, there[id_], wish)
        elif kind == "user":
            for device in self.features.devices_of(id_):
                await self.add("device", device, wish)
        else:
            for one in there[id_].endpoints:
                inner = replace(wish, timeout=one.timeout or wish.timeout,
                                delay=wish.delay + one.delay)  # fmt: skip
                await self.add(one.endpoint_type, one.id, inner)

    async def _add_device(self, id_: str, device: Device, wish: Wish) -> None:
        chain = list(self.features.of_device(id_))
        reason = self._excluded(id_, device, chain, wish)
        if reason:
            log.debug("call.not_dialled", device=id_, reason=reason)
            return
        if forward := self._forward(chain, wish):
            await self._add_number(forward, chain, wish)
            if forward.substitute:
                return
        onward = self.call.facts.onward
        alone = onward.auto_answer and not onward.barge
        waits = self.features.takes_another(chain) and not alone
        if not waits and await self._speaks(device):
            self.busy = True
            log.debug("call.not_dialled", device=id_, reason="in use, and no call waiting")
            return
        theirs = metaflows.of(self.call, device, [one for _, one in chain[1:]])
        target = self._target(device, chain, wish)
        self.ways.append(Way(target, wish.keypress, metaflows=theirs))

    def _excluded(
        self, id_: str, device: Device, chain: list[tuple[str, Subscriber]], wish: Wish
    ) -> str:
        if not device.enabled:
            return "disabled"
        calling, user = caller(self.call, "device")[0], caller(self.call, "user")[0]
        own = id_ == calling or (user and any(who == user for who, _ in chain[1:]))
        if own and not wish.can_call_self:
            return "calls itself"
        if not all(self.features.disturbs(*one) for one in chain):
            return "do not disturb"
        return ""

    def _forward(self, chain: list[tuple[str, Subscriber]], wish: Wish) -> CallForward | None:
        forwards = (self.features.forward(*one) for one in chain)
        return next(
            (one for one in forwards
             if one.enabled and one.number and (wish.direct or not one.direct_calls_only)), None
        )  # fmt: skip

    async def _add_number(
        self, forward: CallForward, chain: list[tuple[str, Subscriber]], wish: Wish
    ) -> None:
        """Add the way to a number that somebody's calls go to, once for all their telephones."""
        number = directory_of(self.call).normal(forward.number)
        if ("number", number) in self._seen:
            return
        self._seen.add(("number", number))
        found = await look_up(self.call, number)
        if found and found.flow.name in {"device", "user", "group"}:
            await self._know(found.flow)
            id_: str = getattr(found.flow.module, "id", "")
            inner = replace(wish, keypress=forward.require_keypress)
            await self.add(found.flow.name, id_, inner)
            return
        trunk = directory_of(self.call).trunk_to(number)
        if trunk is None:
            self.call.warn(unknown("trunk", number))
            return
        identity = shown(self.call, "external")
        if not forward.keep_caller_id:
            account, device, *users = directory_of(self.call).account, *(one for _, one in chain)
            theirs = caller_id(account, device, users, "external")
            if theirs.number:
                identity = Identity(theirs.number, theirs.name)
        self.ways.append(
            Way(
                Target(
                    trunk.endpoint.replace("{number}", number),
                    wish.timeout,
                    wish.delay,
                    identity,
                    headers.variables(self.call, {}, ""),
                    number,
                ),
                forward.require_keypress,
                not forward.ignore_early_media,
            )
        )

    async def _know(self, flow: Flow) -> None:
        """Have the directory know whom a flow names."""
        call = self.call
        call.directory = await call.directory.needed(call, flow.name, flow.module, ())
        self.features = replace(self.features, directory=directory_of(call))

    async def _speaks(self, device: Device) -> bool:
        try:
            answer = await self.call.ari.send(DEVICE_STATE, deviceName=device.endpoint)
        except AsteriskError as error:
            self.call.warn(error)
            return False
        return str(answer["state"]) in _IN_USE

    def _target(self, device: Device, chain: list[tuple[str, Subscriber]], wish: Wish) -> Target:
        inside = bool(caller(self.call, "device")[0])
        tones = [one.ringtones.internal if inside else one.ringtones.external for _, one in chain]
        alert = [self.call.facts.onward.alert_info, wish.alert_info, *tones]
        sent = device.sip.custom_sip_headers | headers.custom(wish.headers)
        return Target(
            device.endpoint,
            wish.timeout,
            wish.delay,
            shown(self.call, "internal", hidden=wish.suppress_clid),
            headers.variables(self.call, sent, next(filter(None, alert), "")),
            device.endpoint.partition("/")[2],
        )


async def endpoints(call: Call) -> Endpoints:
    """Return a collection of ways, with the switches as they stand now."""
    return Endpoints(call, await features(call))
