"""record_call: record the call from here on, beside what follows; or stop that."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.record_call import start_recording, start_when
from ari_pivot.callflow.module import (
    NEXT,
    Boolean,
    Branch,
    Children,
    Integer,
    Maybe,
    Module,
)
from ari_pivot.callflow.recordings import order, stop

_WIDEBAND = 16_000  # samples a second


class RecordCall(Module):
    """It goes on through what follows until it is stopped, `time_limit` seconds or the call's end.

    Then it is sent to `url`, or without one kept here. Source: KAZOO, cf_record_call.
    """

    without_effect: ClassVar = {
        "label": "no: told to nobody",
        "media_name": "yes: what webhooks call it",
        "origin": "no: told to nobody",
        "should_follow_transfer": "always: it is the caller who is recorded",
    }

    action: Literal["start", "stop"] = "start"
    format: Maybe[Literal["mp3", "wav"]] = None
    label: str = ""
    media_name: str = ""
    method: Literal["put", "post"] = "put"
    origin: str = ""
    record_min_sec: Maybe[Integer] = None
    record_on_answer: Boolean = False
    record_on_bridge: Boolean = False
    record_sample_rate: Maybe[Integer] = None
    should_follow_transfer: Boolean = True
    time_limit: Annotated[Integer, Field(ge=5, le=10_800)] = 3600
    url: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        if self.action == "stop":
            await stop(call)
            return NEXT
        wanted = order(
            call,
            self.url,
            self.method,
            self.format,
            at_least=self.record_min_sec or 0,
            name=self.media_name,
        )
        kind = "wav16" if (self.record_sample_rate or 0) >= _WIDEBAND else "wav"
        caller = call.caller
        if self.record_on_answer and not caller.up:
            start_when(call, wanted, lambda: caller.up, max_length=self.time_limit, kind=kind)
        elif self.record_on_bridge and not caller.bridged:
            start_when(call, wanted, lambda: caller.bridged, max_length=self.time_limit, kind=kind)
        else:
            await start_recording(call, wanted, max_length=self.time_limit, kind=kind)
        return NEXT
