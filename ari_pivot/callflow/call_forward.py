"""call_forward: let somebody's calls go to another number."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.directory import CallForward as Forward
from ari_pivot.call.directory import Subscriber
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Said
from ari_pivot.callflow.ask import ask
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.features import features, set_forward
from ari_pivot.callflow.module import NEXT, Branch, Children, Maybe, Module

_SHORTEST, _LONGEST = 3, 20  # digits of a number
_FIRST = 8.0  # seconds for its first digit
_TRIES = 3
_TOGGLE, _CHANGE = "1", "2"


class CallForward(Module):
    """Of the user whose telephone calls, else of that telephone.

    The number is what the dialled one's pattern has captured, or is asked for. A hint shows the
    device `Stasis:cf-ID`. Source: KAZOO, cf_call_forward.
    """

    action: Maybe[Literal["activate", "deactivate", "update", "toggle", "menu"]] = None

    async def run(self, call: Call, children: Children) -> Branch:
        who = [caller(call, "user"), caller(call, "device")]
        id_, party = next((one for one in who if one[1]), ("", None))
        if not isinstance(party, Subscriber) or self.action is None:
            await play(call, Prompt("cf-not_available"))
            return NEXT if party else None
        await answer(call)
        now = await features(call)
        forward = await self._do(call, now.forward(id_, party))
        await set_forward(call, id_, now, forward)
        return NEXT

    async def _do(self, call: Call, forward: Forward) -> Forward:
        match self.action:
            case "activate":
                return await _activate(call, forward)
            case "deactivate":
                return await _deactivate(call, forward)
            case "update":
                return await _update(call, forward)
            case "toggle":
                return await _toggle(call, forward)
            case _:
                return await _menu(call, forward)


async def _menu(call: Call, forward: Forward) -> Forward:
    """Ask what to do until the caller chooses nothing."""
    while True:
        prompt = Prompt("cf-enabled_menu" if forward.enabled else "cf-disabled_menu")
        key = await ask(call, prompt, 1, _FIRST)
        if key == _TOGGLE:
            forward = await _toggle(call, forward)
        elif key == _CHANGE:
            forward = await _update(call, forward)
        elif not key:
            return forward


async def _toggle(call: Call, forward: Forward) -> Forward:
    if forward.enabled:
        return await _deactivate(call, forward)
    if forward.number and not call.facts.capture:
        return await _say(call, forward)
    return await _activate(call, forward)


async def _activate(call: Call, forward: Forward) -> Forward:
    changed = await _update(call, forward)
    return await _say(call, changed) if changed.number else forward


async def _say(call: Call, forward: Forward) -> Forward:
    await play(call, Prompt("cf-now_forwarded_to"))
    await play(call, Said("digits", forward.number))
    return forward.model_copy(update={"enabled": True})


async def _deactivate(call: Call, forward: Forward) -> Forward:
    await play(call, Prompt("cf-disabled"))
    return forward.model_copy(update={"enabled": False})


async def _update(call: Call, forward: Forward) -> Forward:
    """Take the captured number, or ask for one; without one there is no change."""
    number = call.facts.capture
    for _ in range(0 if number else _TRIES):
        number = await ask(call, Prompt("cf-enter_number"), _LONGEST, _FIRST)
        if len(number) >= _SHORTEST:
            await play(call, Prompt("vm-msgsaved"))
            break
        number = ""
    return forward.model_copy(update={"number": number}) if number else forward
