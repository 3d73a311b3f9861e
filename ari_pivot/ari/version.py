"""Which Asterisks have all that we use, and not the deadlocks that were mended in them."""

import re

import structlog

from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import INFO

log = structlog.get_logger()

FLOORS = {20: (20, 20, 1), 22: (22, 10, 1), 23: (23, 4, 1)}


def shortcoming(version: str) -> str:
    """Return what is to be said against a version, nothing for one that has it all."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers and numbers >= FLOORS.get(numbers[0], max(FLOORS.values())):
        return ""
    wanted = ", ".join(".".join(map(str, one)) for one in FLOORS.values())
    return f"full function, and fixes of deadlocks, need one of {wanted} or newer"


async def look_at(ari: Ari) -> None:
    """Say so where Asterisk is too old; raises AsteriskError."""
    info = await ari.send(INFO, only="system")
    version = str(info.get("system", {}).get("version", "unknown"))
    if hint := shortcoming(version):
        log.warning("asterisk.old", version=version, hint=hint)
