"""record_call: record the call from here on, beside what follows; or stop that."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Module
from ari_pivot.callflow.recordings import Recorded, stop


class RecordCall(Module, Recorded):
    """It goes on through what follows until it is stopped, `time_limit` seconds or the call's end.

    Then it is sent to `url`, or without one kept here. Source: KAZOO, cf_record_call.
    """

    without_effect: ClassVar = Recorded.without_effect

    action: Literal["start", "stop"] = "start"
    time_limit: Annotated[Integer, Field(ge=5, le=10_800)] = 3600

    async def run(self, call: Call, children: Children) -> Branch:
        if self.action == "stop":
            await stop(call)
        else:
            await self.start(call)
        return NEXT
