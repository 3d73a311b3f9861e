"""Who is shown to be calling those whom a callflow dials. Source: KAZOO, kz_attributes."""

from collections.abc import Iterable

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity
from ari_pivot.call.directory import CallerId, Party
from ari_pivot.callflow.directory import caller, directory_of


def shown(call: Call, kind: str, *, hidden: bool = False) -> Identity | None:
    """Return who is shown, None where that is the caller as the call came in.

    `kind` is internal, external or emergency: which of the caller ids of the telephone that calls,
    its user or the account. A stranger has none; a number that came withheld stays so.
    """
    facts, onward = call.facts, call.facts.onward
    theirs = _theirs(call, kind)
    name, number = onward.caller_id(
        theirs.name or facts.caller_name, theirs.number or facts.caller_number
    )
    hide_name, hide_number = hidden or onward.hide_name, hidden or onward.hide_number
    if (name, number) == facts.arrived_as and not (hide_name or hide_number):
        return None
    return Identity(number, name, hide_number=hide_number, hide_name=hide_name)


def first(parties: Iterable[Party | None], kind: str) -> CallerId:
    """Return the first name and the first number that these have."""
    ids = [getattr(one.caller_id, kind, CallerId()) for one in parties if one]
    return CallerId(
        name=next((one.name for one in ids if one.name), ""),
        number=next((one.number for one in ids if one.number), ""),
    )


def _theirs(call: Call, kind: str) -> CallerId:
    _, device = caller(call, "device")
    _, user = caller(call, "user")
    if device is None and user is None:
        return CallerId()
    return first([device, user, directory_of(call).account], kind)
