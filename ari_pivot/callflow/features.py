"""What callers have changed of their telephones: kept by Asterisk, above what the directory says.

Device states are all that is stored, so what is more than a switch stands in a device's name:
`cf-bob@+15550100` is the number to which bob's calls go while `cf-bob` is on, and
`hotdesk-bob@desk` says that bob is logged in at `desk`. Ids that differ only in characters which
devices cannot have share their switches.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ari_pivot.call.call import Call
from ari_pivot.call.directory import CallForward, Subscriber
from ari_pivot.callflow import switches
from ari_pivot.callflow.directory import Directory, directory_of
from ari_pivot.callflow.guests import LOGIN, logins


@dataclass(frozen=True, slots=True)
class Features:
    """The switches as they stand when somebody is dialled."""

    directory: Directory
    states: Mapping[str, str]

    def of_device(self, id_: str) -> Iterator[tuple[str, Subscriber]]:
        """Yield a telephone, and after it its owner, or else those who are logged in there."""
        device = self.directory.devices[id_]
        yield id_, device
        for user in self.guests(id_) or [device.owner]:
            if user in self.directory.users:
                yield user, self.directory.users[user]

    def guests(self, device: str) -> list[str]:
        """Return the ids of the users who are logged in at a telephone."""
        return [user for user, one in self._logged_in() if one == device]

    def devices_of(self, user: str) -> list[str]:
        """Return the ids of the telephones that a user has, or is logged in at."""
        own = [id_ for id_, one in self.directory.devices.items() if one.owner == user]
        guest = [device for who, device in self._logged_in() if who == user]
        return list(dict.fromkeys(own + guest))

    def logged_in_at(self, user: str) -> list[str]:
        """Return the ids of the telephones of others at which a user is."""
        return [device for who, device in self._logged_in() if who == user]

    def _logged_in(self) -> Iterator[tuple[str, str]]:
        return logins(self.directory, self.states)

    def disturbs(self, id_: str, one: Subscriber) -> bool:
        """Tell whether somebody may be disturbed."""
        return not self._on(f"dnd-{id_}", default=one.do_not_disturb.enabled)

    def takes_another(self, chain: Iterable[tuple[str, Subscriber]]) -> bool:
        """Tell whether somebody is called while they speak: the first of these who says so.

        A telephone comes before its user. Source: KAZOO, kz_endpoint:merge_attribute.
        """
        return next(
            (self.waits(id_, one) for id_, one in chain
             if self._set(f"cw-{id_}") or "call_waiting" in one.model_fields_set), True
        )  # fmt: skip

    def waits(self, id_: str, one: Subscriber) -> bool:
        """Tell whether somebody is called while they speak."""
        return self._on(f"cw-{id_}", default=one.call_waiting.enabled)

    def forward(self, id_: str, one: Subscriber) -> CallForward:
        """Return where somebody's calls go."""
        number = next(self.numbers(id_), "") or one.call_forward.number
        enabled = self._on(f"cf-{id_}", default=one.call_forward.enabled)
        return one.call_forward.model_copy(update={"number": number, "enabled": enabled})

    def numbers(self, id_: str) -> Iterator[str]:
        """Yield the number that a caller has set for somebody."""
        start = f"cf-{switches.safe(id_)}@"
        yield from (name.removeprefix(start) for name in self.states if name.startswith(start))

    def _set(self, name: str) -> bool:
        return self.states.get(switches.safe(name), switches.UNSET) != switches.UNSET

    def _on(self, name: str, *, default: bool) -> bool:
        state = self.states.get(switches.safe(name), switches.UNSET)
        return default if state == switches.UNSET else state == switches.ON


async def features(call: Call) -> Features:
    """Ask Asterisk how the switches stand."""
    return Features(directory_of(call), await switches.states(call))


async def set_forward(call: Call, id_: str, features: Features, forward: CallForward) -> None:
    """Have somebody's calls go elsewhere, or not."""
    for number in features.numbers(id_):
        if number != forward.number:
            await switches.set_state(call, f"cf-{id_}@{number}", switches.UNSET)
    if forward.number:
        await switches.set_state(call, f"cf-{id_}@{forward.number}", switches.OFF)
    await switches.set_state(call, f"cf-{id_}", switches.ON if forward.enabled else switches.OFF)


async def set_login(call: Call, user: str, device: str, *, on: bool) -> None:
    """Log a user in at a telephone, or out."""
    state = switches.ON if on else switches.UNSET
    await switches.set_state(call, f"{LOGIN}{user}@{device}", state)
