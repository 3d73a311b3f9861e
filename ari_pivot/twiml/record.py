"""<Record>: record what the caller says."""

from typing import Any, ClassVar, Literal
from urllib.parse import quote

from msgspec import structs
from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot, absolute
from ari_pivot.call.owed import Owed
from ari_pivot.call.record import Recording, record_for
from ari_pivot.call.recordings import Order, Transcript, Upload
from ari_pivot.errors import CallEnded, Code, InstructionError
from ari_pivot.twiml.action import after
from ari_pivot.twiml.params import params
from ari_pivot.twiml.recorded import Recorded, Trim
from ari_pivot.twiml.verb import Flag, Method, Seconds, Verb

_SOURCE = "RecordVerb"
_LONGEST, _TRANSCRIBED = 3600, 120  # seconds, where `maxLength` says none


class Record(Verb, Recorded):
    """So much silence (`timeout`), any key of `finishOnKey`, or its length ends it; seconds.

    `action` is asked always, the document's own URL where none is given; of a caller who has hung
    up it is only told. With `recordingUrl`, which only KAZOO has, it is sent there by
    `recordStoreMethod`, as MP3, instead of being kept. Source: TwiML reference, Record.
    """

    codes: ClassVar = {
        "method": 13610, "timeout": 13611, "maxLength": 13612, "finishOnKey": 13613,
        "transcribe": 13614, "playBeep": 13616, "trim": 13618,
    }  # fmt: skip
    without_effect: ClassVar = {"recordingConfigurationId": "no recording configurations"}

    action: str = ""
    method: Method = "POST"
    timeout: Seconds = 5
    finish_on_key: str = Field(default="1234567890*#", pattern=r"^[0-9*#]*$")
    max_length: int | None = Field(default=None, ge=1, le=86_400)
    play_beep: Flag = True
    trim: Trim = "trim-silence"
    transcribe: Flag = False
    transcribe_callback: str = ""
    recording_url: str = ""
    record_store_method: Literal["PUT", "POST"] = "PUT"

    async def run(self, call: Call) -> Pivot | None:
        order = self.order(call, _SOURCE, ("in",), trim=self.trim == "trim-silence")
        if self.recording_url:
            order = structs.replace(order, upload=self._upload(call), formats=("mp3",))
        if self.transcribe:
            order = self._with_transcript(call, order)
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
            max_length=self.max_length or (_TRANSCRIBED if self.transcribe else _LONGEST),
            silence=self.timeout,
            terminators=self.finish_on_key,
            beep=self.play_beep,
        )

    def _upload(self, call: Call) -> Upload:
        """Return where it is sent. Source: KAZOO, kzt_twiml."""
        name = quote(f"call_recording_{call.facts.sip_call_id or call.facts.id}.mp3", safe="")
        url = f"{absolute(self.base, self.recording_url).rstrip('/')}/{name}"
        return Upload(url=url, method=self.record_store_method)

    def _with_transcript(self, call: Call, order: Order) -> Order:
        """Have what is said written down and told, where anybody can."""
        if not call.recordings.transcribes:
            problem = "there is no server that transcribes"
            where = f"{self.where}/@transcribe"
            call.warn(InstructionError(problem, code=Code.UNSUPPORTED, where=where))
            return order
        if not self.transcribe_callback:
            return order
        owed = Owed(
            kind="callback",
            url=absolute(self.base, self.transcribe_callback),
            params=params(call, call.customer.account)
            | {
                "TranscriptionSid": f"TR{order.id}",
                "RecordingSid": order.sid,
                "RecordingUrl": call.recordings.url(order),
            },
            scheme="twiml",
        )
        wanted = Transcript(owed=owed, text="TranscriptionText", status="TranscriptionStatus")
        return structs.replace(order, transcript=wanted)


def _told(call: Call, order: Order, recording: Recording) -> dict[str, Any]:
    """Return what `action` is told; the length before silence is cut off."""
    pressed = recording.ended_by if len(recording.ended_by) == 1 else ""
    return {
        "RecordingUrl": order.upload.url if order.upload else call.recordings.url(order),
        "RecordingSid": order.sid,
        "RecordingDuration": str(round(recording.duration)),
        "Digits": "hangup" if recording.ended_by == "hangup" else pressed,
    }
