"""<Stop>: end what <Start> has begun."""

from typing import ClassVar

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.twiml.recording import Recording
from ari_pivot.twiml.verb import Verb


class Stop(Verb):
    """A recording, by the name that it was given. Source: TwiML reference, Stop."""

    nests: ClassVar = (Recording,)

    async def run(self, call: Call) -> Pivot | None:
        for noun in self.children:
            await noun.stop(call)
        return None
