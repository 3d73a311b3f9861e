"""<Say>: speak a text."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.play import FOREVER, play
from ari_pivot.call.source import Source, Speech
from ari_pivot.twiml.verb import Keys, Verb


class Say(Verb):
    """`loop` 0 is until the caller hangs up, 1000 times at most.

    `terminators`, which only KAZOO has, are keys that end it. `text` is what is said in plain
    words, `markup` the same in SSML where the document has any.
    """

    codes: ClassVar = {"loop": 13510, "text": 13520}

    voice: str = ""
    language: str = ""
    loop: int = Field(default=1, ge=0)
    text: str = Field(default="", max_length=4096)
    terminators: Keys = ""
    markup: str = Field(default="", exclude=True)

    async def run(self, call: Call) -> Pivot | None:
        await answer(call)
        await self.prompt(call, self.terminators)
        return None

    async def prompt(self, call: Call, stop_on: str = "") -> None:
        """Speak it; a key of `stop_on` ends it."""
        for source in self.sources():
            await play(call, source, loop=self.loop or FOREVER, stop_on=stop_on)

    def sources(self) -> Iterator[Source]:
        if self.text:
            yield Speech(self.text, self.voice, self.language, markup=self.markup)

    def doubts(self) -> Iterator[tuple[str, int]]:
        if not self.text:
            yield "has no text", 13520
