"""Recording a <Dial>: from the first ring, or while somebody speaks with the caller."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt
from ari_pivot.call.record import Recording
from ari_pivot.call.record_call import LiveRecording, stop_recording
from ari_pivot.call.recordings import Order
from ari_pivot.twiml.recorded import Recorded, Side, Trim, tracks

_SOURCE = "DialVerb"
_MODES = (
    "do-not-record|record-from-answer|record-from-ringing|record-from-answer-dual"
    "|record-from-ringing-dual"
)
_OLD = {"true": "record-from-answer", "false": "do-not-record"}
_Mode = Annotated[str, BeforeValidator(lambda v: _OLD.get(v, v)), Field(pattern=f"^({_MODES})$")]


class RecordedDial(Recorded):
    """The attributes of <Dial> that are about recording; dual has the caller on the left."""

    record: _Mode = "do-not-record"
    trim: Trim = "do-not-trim"
    recording_track: Side = "both"


@dataclass(slots=True)
class Tape:
    """The recording of one <Dial>; where none is wanted it does nothing."""

    dial: RecordedDial
    call: Call
    order: Order | None = None
    live: LiveRecording | None = None
    made: Recording | None = None

    async def ringing(self) -> None:
        """Begin, if the ringing is wanted."""
        if self.dial.record.startswith("record-from-ringing"):
            await self._begin()

    async def bridged(self, attempt: Attempt) -> None:
        """Begin, if the conversation is wanted."""
        if self.dial.record.startswith("record-from-answer"):
            await self._begin()

    async def end(self) -> None:
        """End it, if it goes on; the call may."""
        if self.live:
            self.made = await stop_recording(self.live)

    @property
    def seconds(self) -> float:
        """Return how long it is, so far while it goes on."""
        if self.made:
            return self.made.duration
        began = self.live and self.live.began
        return self.call.clock() - began if began else 0.0

    @property
    def told(self) -> dict[str, Any]:
        """Return what `action` is told of it, and the status callback of the leg it is of."""
        if self.order is None:
            return {}
        return {
            "RecordingUrl": self.call.recordings.url(self.order),
            "RecordingSid": self.order.sid,
            "RecordingDuration": str(round(self.seconds)),
        }

    async def _begin(self) -> None:
        dial = self.dial
        made_of = tracks(dial.recording_track, dual=dial.record.endswith("-dual"))
        trim = dial.trim == "trim-silence"
        self.order = dial.order(self.call, _SOURCE, made_of, trim=trim)
        self.live = await dial.begin(self.call, self.order, _SOURCE)
