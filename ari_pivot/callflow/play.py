"""play: play a sound."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.music import hold
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Source, Speech
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

_STREAM = "local_stream://"
_SETTLING = 0.1  # seconds between the answer and the first sound. Source: KAZOO, cf_play


class Play(Module):
    """`id` is a media id; without one nothing is done. A terminator ends the playing only.

    `local_stream://CLASS` is music on hold, which has no end. Source: KAZOO, cf_play.
    """

    id: str = ""
    answer: Boolean = True
    endless_playback: Boolean = False
    loop_count: Annotated[Integer, Field(ge=1)] = 1
    terminators: tuple[str, ...] = ANY_KEY

    async def run(self, call: Call, children: Children) -> Branch:
        if not self.id:
            return NEXT
        if self.answer and not call.caller.up:
            await answer(call)
            await call.until(lambda: False, _SETTLING)
        if self.id.startswith(_STREAM):
            await hold(call, self.id.removeprefix(_STREAM), keys(self.terminators))
        elif source := media.source(self.id, call.facts.language):
            loops = ENDLESS if self.endless_playback else self.loop_count
            await play(call, source, loop=loops, stop_on=keys(self.terminators))
        else:
            problem = "not a media id we can play"
            call.warn(MediaError(problem, code=Code.MEDIA_UNPLAYABLE, where=self.id))
        keep_digits(call)
        return NEXT

    def sources(self) -> Iterator[Source]:
        source = media.source(self.id)
        if source and not isinstance(source, Speech):  # which is in the language of then
            yield source
