"""Call restrictions: which classes of numbers somebody may not call."""

from collections.abc import Iterable

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.directory import Party
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.hangup import hard_stop


def restricted(call: Call) -> list[Party | None]:
    """Return whose restrictions hold: none for a stranger, and not a telephone's for a guest.

    Source: KAZOO, kz_endpoint.
    """
    device, owner = caller(call, "device")[1], caller(call, "user")[1]
    if not (device or owner):
        return []
    return [directory_of(call).account, owner, None if call.facts.guest else device]


async def refused(call: Call, number: str, parties: Iterable[Party | None]) -> bool:
    """Tell the caller, and end the call, if one of these may not call a number."""
    if not any(directory_of(call).denied(number, party) for party in parties):
        return False
    await answer(call)
    await play(call, Prompt("cf-unauthorized_call"))
    await hard_stop(call)
    return True
