"""Which entries of the directory a module's data names."""

from collections.abc import Iterable, Iterator
from typing import Any

from ari_pivot.callflow.module import NEXT

_BY_ID = {
    "callflow": "callflow",
    "cidlistmatch": "list",
    "conference": "conference",
    "device": "device",
    "directory": "directory",
    "do_not_disturb": "user",
    "group": "group",
    "menu": "menu",
    "user": "user",
    "voicemail": "mailbox",
}


def named(name: str, module: Any, children: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and id of what a module's data names, or its children; an empty id is none."""
    if name in _BY_ID:
        yield _BY_ID[name], getattr(module, "id", None) or ""
    if name in {"ring_group", "page_group"}:
        yield from ((one.endpoint_type, one.id) for one in module.endpoints)
    if name == "temporal_route":
        yield "rule_set", module.rule_set or ""
        yield from (("rule", one) for one in [*module.rules, *children] if one != NEXT)
    if name == "lookupcidname":
        yield from (("list", one) for one in module.lists)
    if name == "dynamic_cid" and module.action in {"list", "lists"}:
        yield "list", module.id
    if name in {"missed_call_alert", "notification"}:
        people = (one.id for one in module.recipients if one.type == "user")
        yield from (("user", id_) for ids in people for id_ in ids)
    if name == "receive_fax":
        yield "user", module.owner_id
