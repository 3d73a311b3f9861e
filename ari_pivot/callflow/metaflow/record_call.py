"""record_call: begin to record the conversation, stop that, or hide what is said."""

from typing import Literal

from ari_pivot.callflow.metaflow.command import Command, Pressed
from ari_pivot.callflow.recordings import Recorded, hide, stop


class RecordCall(Command, Recorded):
    """`mask` records silence until `unmask`. The rest is as in the module `record_call`."""

    action: Literal["mask", "unmask", "start", "stop", "toggle"] = "toggle"

    async def run(self, pressed: Pressed) -> None:
        call = pressed.talk.call
        match self.action:
            case "mask" | "unmask":
                await hide(call, masked=self.action == "mask")
            case "stop":
                await stop(call)
            case "toggle" if call.live:
                await stop(call)
            case _:
                await self.start(call)
