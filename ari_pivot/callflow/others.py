"""Whose call a module is about, and who may do it. Source: KAZOO, cf_util."""

from collections.abc import Callable, Collection
from typing import Any

from pydantic import BaseModel

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.pickup import Found, pick_up
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.features import Features, features
from ari_pivot.callflow.module import Module

_GROUPS = {"ring_group", "page_group"}


class Approval(BaseModel):
    """Who may: a telephone, else a user's, else a group's; without all of them see `default`."""

    approved_device_id: str = ""
    approved_group_id: str = ""
    approved_user_id: str = ""

    async def approves(self, call: Call, *, default: bool) -> bool:
        """Tell whether the telephone that calls may."""
        here = caller(call, "device")[0]
        if self.approved_device_id:
            return here == self.approved_device_id
        if self.approved_user_id:
            return bool(here) and here in await devices(call, "user", self.approved_user_id)
        if self.approved_group_id:
            return bool(here) and here in await devices(call, "group", self.approved_group_id)
        return default


class Somebody(BaseModel):
    """The most particular of the three counts."""

    device_id: str = ""
    group_id: str = ""
    user_id: str = ""

    async def endpoints(self, call: Call) -> set[str]:
        """Return the endpoints of Asterisk's that they have, without the caller's own."""
        kind, id_ = next(
            ((kind, id_) for kind, id_ in (("device", self.device_id), ("user", self.user_id),
                                           ("group", self.group_id)) if id_), ("", "")
        )  # fmt: skip
        there = directory_of(call).devices
        found = {there[one].endpoint for one in await devices(call, kind, id_)}
        return found - {call.facts.endpoint}


class PickUp(Somebody, Approval):
    """Take the call of somebody; anybody may, unless it says who."""

    async def take(self, call: Call, find: Callable[[Call, Collection[str]], Found | None]) -> None:
        """Speak with whom `find` names among their telephones' calls, or say why not."""
        if not await self.approves(call, default=True):
            return await say(call, "pickup-not_allowed")
        endpoints = await self.endpoints(call)
        if not endpoints:
            return await say(call, "pickup-no_users")
        found = find(call, endpoints)
        if found is None or not await pick_up(call, found):
            await say(call, "pickup-no_channels")
        return None


async def devices(call: Call, kind: str, id_: str) -> set[str]:
    """Return the ids of the telephones of a device, user or group."""
    return _devices(await features(call), kind, id_, set())


def _devices(now: Features, kind: str, id_: str, seen: set[tuple[str, str]]) -> set[str]:
    if (kind, id_) in seen:
        return set()
    seen.add((kind, id_))
    if kind == "device":
        return {id_} & now.directory.devices.keys()
    if kind == "user":
        return set(now.devices_of(id_))
    group = now.directory.groups.get(id_)
    members = group.endpoints if group else []
    return {d for one in members for d in _devices(now, one.endpoint_type, one.id, seen)}


def meant(call: Call, kind: str) -> dict[str, str] | None:
    """Return the keys of Somebody for what the number's pattern has captured, None for nobody.

    A device by its name in Asterisk or its id, a user or group by its id; an extension is whom its
    callflow rings first.
    """
    number, everybody = call.facts.capture, directory_of(call)
    if kind == "device":
        names = {one.endpoint.partition("/")[2]: id_ for id_, one in everybody.devices.items()}
        id_ = names.get(number, number)
        return {"device_id": id_} if id_ in everybody.devices else None
    if kind != "extension":
        there: Any = everybody.users if kind == "user" else everybody.groups
        return {f"{kind}_id": number} if number in there else None
    found = everybody.find(everybody.normal(number))
    if found is None or found.no_match:
        return None
    return _rung(found.flow.name, found.flow.module)


def _rung(name: str, module: Module) -> dict[str, str] | None:
    if name in {"device", "user", "group"}:
        return {f"{name}_id": getattr(module, "id", "")}
    members = getattr(module, "endpoints", []) if name in _GROUPS else []
    return next(({f"{one.endpoint_type}_id": one.id} for one in members), None)


async def say(call: Call, prompt: str) -> None:
    """Answer, and tell the caller."""
    await answer(call)
    await play(call, Prompt(prompt))
