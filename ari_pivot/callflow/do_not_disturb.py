"""do_not_disturb: let a telephone, or all of a user's, not ring."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import switches
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.features import features
from ari_pivot.callflow.module import NEXT, Branch, Children, Maybe, Module


class DoNotDisturb(Module):
    """Of `id`, a user or device of the directory, else of the user or telephone that calls.

    It is the device state `Stasis:dnd-ID`. Source: KAZOO, cf_do_not_disturb.
    """

    action: Maybe[Literal["activate", "deactivate", "toggle"]] = None
    id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        everybody = directory_of(call)
        ids = [self.id, caller(call, "user")[0], caller(call, "device")[0]]
        known = {**everybody.devices, **everybody.users}
        id_ = next((one for one in ids if one in known), "")
        if not id_:
            await play(call, Prompt("dnd-not_available"))
            return None
        await answer(call)
        if self.action is None:
            await play(call, Prompt("dnd-not_available"))
            return NEXT
        on = self.action == "activate"
        if self.action == "toggle":
            on = (await features(call)).disturbs(id_, known[id_])
        await switches.set_state(call, f"dnd-{id_}", switches.ON if on else switches.OFF)
        await play(call, Prompt("dnd-activated" if on else "dnd-deactivated"))
        return NEXT
