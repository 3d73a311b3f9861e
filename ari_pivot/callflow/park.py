"""park: leave the caller in a numbered slot, or fetch who is there."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Identity, Plan, Target
from ari_pivot.call.numbers import user
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Said
from ari_pivot.call.waiter import Waited, Waiter, fetch
from ari_pivot.callflow import switches
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Maybe, Module
from ari_pivot.errors import AsteriskError

_FIRST = 101  # slot
_RINGBACK, _CALLBACK = 120_000, 30_000  # milliseconds. Source: KAZOO, cf_park
_LAMPS = {"early": "RINGING", "confirmed": switches.ON, "terminated": switches.OFF}

MAX_SLOT_EXCEEDED = "MAX_SLOT_EXCEEDED"


class Park(Module):
    """The slot is `slot`, else what the number's pattern has caught, else the first free from 101.

    `slots` and `default_…` give `ringback_timeout` and `callback_timeout`, in milliseconds, and
    `presence_type`. Where it is known who has parked the caller (`Referred-By`), they are called
    after the first, for the length of the second; if they do not answer, the child of the slot's
    number follows, or the caller stays parked. Source: KAZOO, cf_park.
    """

    without_effect: ClassVar = {
        "custom_presence_id": "the lamp is the slot's: `Stasis:park-SLOT`",
        "presence_id": "the lamp is the slot's: `Stasis:park-SLOT`",
    }

    action: Literal["direct_park", "park", "retrieve", "auto"] = "park"
    custom_presence_id: Boolean = False
    default_callback_timeout: Maybe[Integer] = None
    default_presence_type: Maybe[Literal["early", "terminated", "confirmed"]] = None
    default_ringback_timeout: Maybe[Integer] = None
    max_slot_number: Maybe[Integer] = None
    presence_id: str = ""
    slot: Maybe[str] = None
    slots: dict[str, Any] = Field(default_factory=dict)

    async def run(self, call: Call, children: Children) -> Branch:
        slot = self.slot or call.facts.capture or _free(call.rooms.parked)
        if self.action in {"retrieve", "auto"}:
            if await _retrieve(call, slot):
                return None
            if self.action == "retrieve":
                await _say(call, "park-no_caller")
                return None
        return await self._park(call, slot, children)

    async def _park(self, call: Call, slot: str, children: Children) -> Branch:
        most = self.max_slot_number
        if most is not None and slot.isdecimal() and int(slot) > int(most):
            return MAX_SLOT_EXCEEDED
        if slot in call.rooms.parked:
            await _say(call, "park-already_in_use")
            return None
        waiter = call.rooms.parked[slot] = Waiter(call, call.clock())
        lamp = self._of(slot, "presence_type", self.default_presence_type or "early")
        try:
            await answer(call)
            if self.action != "direct_park":
                await play(call, Prompt("park-call_placed_in_spot"))
                await play(call, Said("digits", slot))
            call.tell("PARK_PARKED", parking_slot=slot)
            await _show(call, slot, _LAMPS.get(lamp, switches.ON))
            return await self._wait(call, slot, waiter, children)
        finally:
            if waiter.outcome is None and call.caller.ended:
                call.tell("PARK_ABANDONED", parking_slot=slot)
            waiter.depart()
            if call.rooms.parked.get(slot) is waiter:
                del call.rooms.parked[slot]
                await _show(call, slot, switches.OFF)

    async def _wait(self, call: Call, slot: str, waiter: Waiter, children: Children) -> Branch:
        parker = _parker(call)
        ring = self._of(slot, "ringback_timeout", self.default_ringback_timeout or _RINGBACK)
        last = self._of(slot, "callback_timeout", self.default_callback_timeout or _CALLBACK)
        while await waiter.wait(None, ring / 1000 if parker else None) is Waited.TIMEOUT:
            shown = Identity(slot, f"Parking slot {slot}")
            targets = [Target(parker, last / 1000, identity=shown)] if parker else []
            dialled = await dial(call, Plan(targets=targets, early_media=False))
            call.check()
            if dialled.winner:
                call.tell("PARK_RETRIEVED", parking_slot=slot)
                return None
            if slot in children:
                return slot
        return None

    def _of(self, slot: str, key: str, otherwise: Any) -> Any:
        """Return what `slots` has for a slot, or else what holds for all."""
        own = self.slots.get(slot)
        value = own.get(key) if isinstance(own, dict) else None
        return value if isinstance(value, type(otherwise)) else otherwise


async def _retrieve(call: Call, slot: str) -> bool:
    """Speak with who is parked in a slot; False if nobody is."""
    waiter = call.rooms.parked.pop(slot, None)
    if waiter is None:
        return False
    await answer(call)
    call.tell("PARK_RETRIEVED", parking_slot=slot)
    try:
        return await fetch(call, waiter)
    finally:
        if waiter.outcome is None and not waiter.gone:
            call.rooms.parked.setdefault(slot, waiter)
        else:
            await _show(call, slot, switches.OFF)


async def _show(call: Call, slot: str, state: str) -> None:
    """Show by a lamp whether a slot is taken."""
    try:
        await switches.set_state(call, f"park-{slot}", state)
    except AsteriskError as error:
        call.warn(error)


async def _say(call: Call, prompt: str) -> None:
    """Answer, say it, and have the flow stop."""
    await answer(call)
    await play(call, Prompt(prompt))


def _free(parked: dict[str, Waiter]) -> str:
    number = _FIRST
    while str(number) in parked:
        number += 1
    return str(number)


def _parker(call: Call) -> str:
    """Return the endpoint of who has parked the caller, empty if it is not known."""
    facts = call.facts
    said = facts.channel_variables.get("Referred-By") or facts.sip_headers.get("Referred-By", "")
    device = directory_of(call).devices.get(user(said))
    return device.endpoint if device else ""
