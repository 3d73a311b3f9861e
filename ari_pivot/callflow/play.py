"""play: play a sound."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Source
from ari_pivot.callflow import media
from ari_pivot.callflow.module import (
    ANY_KEY,
    NEXT,
    Boolean,
    Branch,
    Children,
    Integer,
    Module,
    keep_digits,
    keys,
)
from ari_pivot.errors import Code, MediaError

_SETTLING = 0.1  # seconds between the answer and the first sound. Source: KAZOO, cf_play


class Play(Module):
    """`id` is a media id; without one nothing is played. A terminator ends the playing only."""

    id: str = ""
    answer: Boolean = True
    endless_playback: Boolean = False
    loop_count: Annotated[Integer, Field(ge=1)] = 1
    terminators: tuple[str, ...] = ANY_KEY

    async def run(self, call: Call, children: Children) -> Branch:
        if self.answer and not call.caller.up:
            await answer(call)
            await call.until(lambda: False, _SETTLING)
        for source in self.sources():
            loops = ENDLESS if self.endless_playback else self.loop_count
            await play(call, source, loop=loops, stop_on=keys(self.terminators))
            keep_digits(call)
            return NEXT
        if self.id:
            call.warn(MediaError("not a media id we can play", code=Code.MEDIA_UNPLAYABLE,
                                 where=self.id))  # fmt: skip
        return NEXT

    def sources(self) -> Iterator[Source]:
        if self.id and (source := media.source(self.id)):
            yield source
