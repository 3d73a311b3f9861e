"""tts: speak a text."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Source, Speech
from ari_pivot.callflow.module import (
    ANY_KEY,
    NEXT,
    Boolean,
    Branch,
    Children,
    Maybe,
    Module,
    keep_digits,
    keys,
)


class Tts(Module):
    """`language` is the call's where it is not given. A terminator ends the speaking only."""

    without_effect: ClassVar = {"engine": "no: the configured engine speaks"}

    text: str = Field(min_length=1, max_length=1000)
    voice: str = "female"
    language: str = ""
    engine: Maybe[Literal["flite", "google", "ispeech", "voicefabric"]] = None
    endless_playback: Boolean = False
    terminators: tuple[str, ...] = ANY_KEY

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        speech = self._speech(self.language or call.facts.language)
        loops = ENDLESS if self.endless_playback else 1
        await play(call, speech, loop=loops, stop_on=keys(self.terminators))
        keep_digits(call)
        return NEXT

    def sources(self) -> Iterator[Source]:
        if self.language:
            yield self._speech(self.language)

    def _speech(self, language: str) -> Speech:
        return Speech(self.text, self.voice, language, self.engine or "")
