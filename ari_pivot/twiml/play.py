"""<Play>: play audio from the web, or send DTMF digits."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field, model_validator

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot, absolute
from ari_pivot.call.play import FOREVER, play, send_dtmf
from ari_pivot.call.source import Audio, Source
from ari_pivot.twiml.verb import Keys, Verb


class Play(Verb):
    """`loop` 0 is until the caller hangs up, 1000 times at most; `w` in digits is half a second.

    `terminators`, which only KAZOO has, are keys that end it.
    """

    codes: ClassVar = {"loop": 13410, "digits": 13420, "text": 13420}

    loop: int = Field(default=1, ge=0)
    digits: str = Field(default="", pattern=r"^[0-9*#wWA-Da-d]*$")
    terminators: Keys = ""
    text: str = ""
    base: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _something(self) -> "Play":
        if not (self.text or self.digits):
            raise ValueError("needs the URL of audio, or `digits`")
        return self

    async def run(self, call: Call) -> Pivot | None:
        await answer(call)
        await self.prompt(call, self.terminators)
        return None

    async def prompt(self, call: Call, stop_on: str = "") -> None:
        """Play it; a key of `stop_on` ends it."""
        if self.digits:
            await send_dtmf(call, self.digits)
        for source in self.sources():
            await play(call, source, loop=self.loop or FOREVER, stop_on=stop_on)

    def sources(self) -> Iterator[Source]:
        if self.text and not self.digits:
            yield Audio(absolute(self.base, self.text))
