"""Who is shown to be calling those whom a callflow dials. Source: KAZOO, kz_attributes."""

from collections.abc import Sequence

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity
from ari_pivot.call.directory import Account, CallerId, Party, User
from ari_pivot.callflow.directory import caller, directory_of


def shown(call: Call, kind: str, *, hidden: bool = False) -> Identity | None:
    """Return who is shown, None where that is the caller as the call came in.

    `kind` is internal, external or emergency: which of the caller ids of the telephone that calls.
    A stranger has none; a number that came withheld stays so.
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


def caller_id(
    account: Account, device: Party | None, users: Sequence[Party | None], kind: str
) -> CallerId:
    """Return a telephone's caller id: name and number each of the first who has one.

    Its user comes before it, both before the account; it comes first for emergencies, and with the
    account's `prefer_device_caller_id`. A user's name is their internal one. Source: KAZOO,
    kz_endpoint:merge_attribute.
    """
    before = kind == "emergency" or account.prefer_device_caller_id
    order = [device, *users] if before else [*users, device]
    ids = [_of(one, kind) for one in (*order, account) if one]
    return CallerId(
        name=next((one.name for one in ids if one.name), ""),
        number=next((one.number for one in ids if one.number), ""),
    )


def _of(party: Party, kind: str) -> CallerId:
    found: CallerId = getattr(party.caller_id, kind, CallerId())
    if kind == "internal" and isinstance(party, User) and not found.name:
        name = f"{party.first_name} {party.last_name}".strip()
        return CallerId(name=name, number=found.number)
    return found


def _theirs(call: Call, kind: str) -> CallerId:
    _, device = caller(call, "device")
    _, user = caller(call, "user")
    if device is None and user is None:
        return CallerId()
    return caller_id(directory_of(call).account, device, [user], kind)
