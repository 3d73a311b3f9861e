"""audio_macro: several sounds as one."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.play import Played, play
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.macros import AnyMacro, Around
from ari_pivot.callflow.module import ANY_KEY, NEXT, Branch, Children, Module, keep_digits, keys


class AudioMacro(Module):
    """A terminator ends all that is left of it. The call is not answered for it.

    Source: KAZOO, cf_audio_macro.
    """

    macros: Annotated[list[AnyMacro], Field(min_length=1)] = Field(default_factory=list)
    language: str = ""
    terminators: tuple[str, ...] = ANY_KEY

    async def run(self, call: Call, children: Children) -> Branch:
        zone = ZoneInfo(directory_of(call).timezone)
        around = Around(
            self.language,
            self.language or call.facts.language,
            datetime.fromtimestamp(call.clock(), zone),
        )
        await self._play(call, around)
        keep_digits(call)
        return NEXT

    async def _play(self, call: Call, around: Around) -> None:
        for macro in self.macros:
            enders = keys(self.terminators if macro.terminators is None else macro.terminators)
            for source in macro.sources(around):
                if await play(call, source, loop=macro.loop, stop_on=enders) is Played.KEY:
                    return
