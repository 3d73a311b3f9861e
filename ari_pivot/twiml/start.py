"""<Start>: begin something that goes on beside the verbs that follow."""

from typing import ClassVar

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.twiml.recording import Recording
from ari_pivot.twiml.verb import Method, Verb


class Start(Verb):
    """A recording; the next verb follows at once. Source: TwiML reference, Start."""

    nests: ClassVar = (Recording,)
    without_effect: ClassVar = {
        "action": "what goes on beside has no action",
        "method": "it belongs to `action`",
    }

    action: str = ""
    method: Method = "POST"

    async def run(self, call: Call) -> Pivot | None:
        if self.children:
            await answer(call)
        for noun in self.children:
            await noun.start(call)
        return None
