"""Documents of KAZOO's that are copied into the configuration, with all that stands in them."""

import re
from collections.abc import Container
from typing import Any

#: What KAZOO's database and its user interfaces put into all documents.
_KEPT = re.compile(r"id|_id|_rev|pvt_\w+|flags|ui_\w+")


def understood(value: Any, fields: Container[str], elsewhere: str) -> Any:
    """Return a document without the keys that have no meaning here: those, and a database's own."""
    if not isinstance(value, dict):
        return value
    passed = elsewhere.split()
    return {
        key: one
        for key, one in value.items()
        if key in fields or not (key in passed or _KEPT.fullmatch(str(key)))
    }


def in_turn(endpoints: Any) -> Any:
    """Return a group's members as a list where they came as in KAZOO, by id and weight."""
    if not isinstance(endpoints, dict):
        return endpoints
    found = [
        {"id": id_, **{"endpoint_type" if key == "type" else key: x for key, x in one.items()}}
        for id_, one in endpoints.items()
        if isinstance(one, dict)
    ]
    return sorted(found, key=lambda one: one.get("weight") or 101)
