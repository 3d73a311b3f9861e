"""manual_presence: set a lamp."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.callflow import switches
from ari_pivot.callflow.module import NEXT, Branch, Children, Module

_STATES = {"idle": switches.OFF, "ringing": "RINGING", "busy": switches.ON}


class ManualPresence(Module):
    """Of the device `Stasis:presence-ID`, which a hint can show; of `foo@host` the ID is `foo`."""

    presence_id: str
    status: Literal["idle", "ringing", "busy"] = "idle"

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        name = self.presence_id.partition("@")[0]
        await switches.set_state(call, f"presence-{name}", _STATES[self.status])
        return NEXT
