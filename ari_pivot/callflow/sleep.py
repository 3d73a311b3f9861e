"""sleep: wait."""

from typing import Annotated, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.collect import pause
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Module

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST = 86_400.0  # seconds


class Sleep(Module):
    """`duration` in `unit`s, a day at most. The call is not answered for it."""

    duration: Annotated[Integer, Field(ge=0, le=86_400_000)] = 0
    unit: Literal["ms", "s", "m", "h"] = "s"

    async def run(self, call: Call, children: Children) -> Branch:
        await pause(call, min(self.duration * _SECONDS[self.unit], _LONGEST))
        return NEXT
