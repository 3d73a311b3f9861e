"""Who is logged in at which telephone, as device states say it: `hotdesk-bob@desk`."""

from collections.abc import Iterator, Mapping

from ari_pivot.call.call import Call
from ari_pivot.call.directory import Directory
from ari_pivot.callflow import switches

LOGIN = "hotdesk-"


def logins(everybody: Directory, states: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the ids of users, each with the telephone where they are logged in."""
    users = {switches.safe(id_): id_ for id_ in everybody.users}
    devices = {switches.safe(id_): id_ for id_ in everybody.devices}
    for name, state in states.items():
        user, _, device = name.removeprefix(LOGIN).rpartition("@")
        known = user in users and device in devices
        if known and name.startswith(LOGIN) and state == switches.ON:
            yield users[user], devices[device]


async def greet(call: Call, everybody: Directory) -> None:
    """Have a call be that of the user who is logged in at the telephone, not of its owner.

    It is asked once a call, where users have `hotdesk`. Source: KAZOO, kz_endpoint.
    """
    facts = call.facts
    device = everybody.device_of(facts.endpoint) if facts.endpoint else ""
    if facts.guest is not None or not device:
        return
    facts.guest = ""
    if any("hotdesk" in one.model_fields_set for one in everybody.users.values()):
        there = logins(everybody, await switches.states(call))
        facts.guest = next((user for user, where in there if where == device), "")
