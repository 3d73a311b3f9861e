"""call_waiting: whether a telephone rings while it is in use."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.directory import Subscriber
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import switches
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.features import features
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class CallWaiting(Module):
    """Of the telephone that calls, or of its user; on unless the directory says otherwise.

    It is the device state `Stasis:cw-ID`. Source: KAZOO, cf_call_waiting.
    """

    action: Literal["activate", "deactivate", "toggle"] = "toggle"
    scope: Literal["device", "user"] = "device"

    async def run(self, call: Call, children: Children) -> Branch:
        id_, party = caller(call, self.scope)
        if not isinstance(party, Subscriber):
            await play(call, Prompt("cw-not_available"))
            return None
        await answer(call)
        on = self.action == "activate"
        if self.action == "toggle":
            on = not (await features(call)).waits(id_, party)
        await switches.set_state(call, f"cw-{id_}", switches.ON if on else switches.OFF)
        await play(call, Prompt("cw-activated" if on else "cw-deactivated"))
        return NEXT
