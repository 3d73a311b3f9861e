"""What every metaflow module is: a class whose fields are the keys of its `data`."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ari_pivot.call.aside import along, beside, known
from ari_pivot.call.call import Call
from ari_pivot.call.conversation import Conversation
from ari_pivot.call.instructions import Instructions
from ari_pivot.call.leg import Leg
from ari_pivot.call.play import play
from ari_pivot.call.source import Source
from ari_pivot.callflow.module import Branch

#: Which of the two: who has pressed the keys, the other, or both.
Legs = Literal["self", "peer", "both"]


@dataclass(slots=True)
class Pressed:
    """Keys that one of two who speak has pressed; `go` says where the caller goes afterwards."""

    talk: Conversation
    by_caller: bool
    capture: str
    go: Callable[[Branch], None]

    @property
    def leg(self) -> Leg:
        return self.talk.call.caller if self.by_caller else self.talk.attempt.leg

    @property
    def peer(self) -> Leg:
        return self.talk.attempt.leg if self.by_caller else self.talk.call.caller

    async def play(self, sources: list[Source], legs: Legs, stop_on: str = "") -> None:
        """Let one of the two, or both, hear something."""
        wanted = {"self": [self.leg], "peer": [self.peer], "both": [self.leg, self.peer]}[legs]
        await asyncio.gather(*(self._play(leg, sources, stop_on) for leg in wanted))

    async def _play(self, leg: Leg, sources: list[Source], stop_on: str) -> None:
        call = self.hearing(leg)
        for source in sources:
            await play(call, source, stop_on=stop_on)

    def hearing(self, leg: Leg) -> Call:
        """Return a call whose caller is one of the two."""
        call, attempt = self.talk.call, self.talk.attempt
        if leg is call.caller:
            return beside(call)
        return along(call, attempt, known(call, attempt))


async def follow(call: Call, instructions: Instructions | None) -> None:
    """Do it all, and what a web server says, on a call that is beside or along another."""
    while instructions:
        if asked := await instructions.run(call):
            await call.customer.follow(call, asked)
            return
        instructions = call.outer.pop() if call.outer else None


class Command(BaseModel):
    """One metaflow module's data. Unknown keys are allowed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    async def run(self, pressed: Pressed) -> None:
        """Do it; a PivotError is noted, and the conversation goes on."""
        raise NotImplementedError
