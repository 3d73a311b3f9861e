"""record_caller: record what the caller says."""

from typing import Annotated, Literal

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import ALL_KEYS
from ari_pivot.call.record import record_for
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module
from ari_pivot.callflow.recordings import order_of_caller

_SILENCE = 5  # seconds


class RecordCaller(Module):
    """Any key, five seconds of silence, `time_limit` seconds or the hang-up ends it.

    Then it is sent to `url`, or without one kept here. Source: KAZOO, cf_record_caller.
    """

    format: Maybe[Literal["mp3", "wav"]] = None
    method: Literal["put", "post"] = "put"
    time_limit: Annotated[Integer, Field(ge=5, le=10_800)] = 3600
    url: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        await record_for(
            call,
            order_of_caller(call, self.url, self.method, self.format),
            max_length=self.time_limit,
            silence=_SILENCE,
            terminators=ALL_KEYS,
            beep=False,
        )
        return NEXT
