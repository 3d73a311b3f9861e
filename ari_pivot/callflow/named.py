"""Which entries of the directory a module's data names."""

from collections.abc import Iterator
from typing import Any

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


def named(name: str, module: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and id of what a module's data names; an empty id is none."""
    if name in _BY_ID:
        yield _BY_ID[name], getattr(module, "id", None) or ""
    if name in {"ring_group", "page_group"}:
        yield from ((one.endpoint_type, one.id) for one in module.endpoints)
    if name == "temporal_route":
        yield "rule_set", module.rule_set or ""
        yield from (("rule", one) for one in module.rules)
    if name == "receive_fax":
        yield "user", module.owner_id
