"""audio_level: make who has pressed the keys louder or less loud, or what they hear."""

from typing import Annotated, Literal

from pydantic import Field

from ari_pivot.ari.operations import SET_VARIABLE
from ari_pivot.call.voice import LOUDEST, factor
from ari_pivot.callflow.metaflow.command import Command, Pressed
from ari_pivot.callflow.module import Integer

_DIRECTIONS = {"read": "RX", "write": "TX"}


class AudioLevel(Command):
    """`read` is what they say, `write` what they hear; steps as in conferences, 0 is as usual."""

    action: Literal["start", "stop"] = "start"
    level: Annotated[Integer, Field(ge=-LOUDEST, le=LOUDEST)] = 0
    mode: Literal["read", "write"] = "read"

    async def run(self, pressed: Pressed) -> None:
        await pressed.talk.call.ari.send(
            SET_VARIABLE,
            channelId=pressed.leg.id,
            variable=f"VOLUME({_DIRECTIONS[self.mode]})",
            value=str(factor(self.level if self.action == "start" else 0)),
        )
