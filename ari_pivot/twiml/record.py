"""<Record>: record what the caller says."""

from typing import Any, ClassVar

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.record import Recording, record_for
from ari_pivot.call.recordings import Order
from ari_pivot.errors import CallEnded
from ari_pivot.twiml.action import after
from ari_pivot.twiml.recorded import Recorded, Trim
from ari_pivot.twiml.verb import Flag, Method, Seconds, Verb

_SOURCE = "RecordVerb"


class Record(Verb, Recorded):
    """So much silence (`timeout`), any key of `finishOnKey`, or its length ends it; seconds.

    `action` is asked always, the document's own URL where none is given; of a caller who has hung
    up it is only told. Source: TwiML reference, Record.
    """

    codes: ClassVar = {
        "method": 13610, "timeout": 13611, "maxLength": 13612, "finishOnKey": 13613,
        "transcribe": 13614, "playBeep": 13616, "trim": 13618,
    }  # fmt: skip
    unsupported: ClassVar = {"transcribe": "recordings are not transcribed"}
    without_effect: ClassVar = {
        "transcribeCallback": "it belongs to `transcribe`",
        "recordingConfigurationId": "no recording configurations",
    }

    action: str = ""
    method: Method = "POST"
    timeout: Seconds = 5
    finish_on_key: str = Field(default="1234567890*#", pattern=r"^[0-9*#]*$")
    max_length: int = Field(default=3600, ge=1, le=86_400)
    play_beep: Flag = True
    trim: Trim = "trim-silence"
    transcribe: Flag = False
    transcribe_callback: str = ""

    async def run(self, call: Call) -> Pivot | None:
        order = self.order(call, _SOURCE, ("in",), trim=self.trim == "trim-silence")
        recording = await self._record(call, order)
        told = _told(call, order, recording)
        return await after(call, self.action, self.method, told, self.base)

    async def _record(self, call: Call, order: Order) -> Recording:
        """Record; a caller who leaves is a result."""
        try:
            await answer(call)
            await self.begun(call, order, _SOURCE)
        except CallEnded:
            if not call.caller.ended:
                raise
        return await record_for(
            call,
            order,
            max_length=self.max_length,
            silence=self.timeout,
            terminators=self.finish_on_key,
            beep=self.play_beep,
        )


def _told(call: Call, order: Order, recording: Recording) -> dict[str, Any]:
    """Return what `action` is told; the length before silence is cut off."""
    pressed = recording.ended_by if len(recording.ended_by) == 1 else ""
    return {
        "RecordingUrl": call.recordings.url(order),
        "RecordingSid": order.sid,
        "RecordingDuration": str(round(recording.duration)),
        "Digits": "hangup" if recording.ended_by == "hangup" else pressed,
    }
