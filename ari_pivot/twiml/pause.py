"""<Pause>: wait in silence; as the first verb, wait before answering."""

from typing import ClassVar

from ari_pivot.call.call import Call
from ari_pivot.call.collect import pause
from ari_pivot.call.instructions import Pivot
from ari_pivot.twiml.verb import Seconds, Verb


class Pause(Verb):
    """`length` in seconds."""

    codes: ClassVar = {"length": 13910}

    length: Seconds = 1

    async def run(self, call: Call) -> Pivot | None:
        await self.prompt(call)
        return None

    async def prompt(self, call: Call, stop_on: str = "") -> None:
        """Wait; a key of `stop_on` ends it."""
        await pause(call, self.length, stop_on=stop_on)
