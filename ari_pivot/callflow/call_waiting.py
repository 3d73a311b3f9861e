"""call_waiting: whether a telephone rings while it is in use."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import switches
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class CallWaiting(Module):
    """Of the telephone that calls, or of its user; on until it is turned off.

    It is the device state `Stasis:cw-ID`. Source: KAZOO, cf_call_waiting.
    """

    action: Literal["activate", "deactivate", "toggle"] = "toggle"
    scope: Literal["device", "user"] = "device"

    async def run(self, call: Call, children: Children) -> Branch:
        id_, party = caller(call, self.scope)
        if party is None:
            await play(call, Prompt("cw-not_available"))
            return None
        await answer(call)
        name = f"cw-{id_}"
        on = self.action == "activate"
        if self.action == "toggle":
            on = await switches.state(call, name) == switches.OFF
        await switches.set_state(call, name, switches.ON if on else switches.OFF)
        await play(call, Prompt("cw-activated" if on else "cw-deactivated"))
        return NEXT
