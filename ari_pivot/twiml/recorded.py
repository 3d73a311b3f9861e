"""What all elements that record have: the recording's status callback, and its order."""

from collections.abc import Iterator
from typing import Annotated, Literal, cast

import msgspec
from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import absolute
from ari_pivot.call.owed import Owed
from ari_pivot.call.record_call import LiveRecording, start_recording
from ari_pivot.call.recordings import Notice, Order, Track
from ari_pivot.errors import AsteriskError
from ari_pivot.twiml.params import API_VERSION, moment
from ari_pivot.twiml.verb import Element, Method, words

_LONGEST = 86_400.0  # seconds: as long as the call
_EVENTS = words("in-progress", "completed", "absent")
_SILENT = "16102"  # its error code. Source: TwiML's error dictionary
_TRACKS: dict[tuple[Track, ...], str] = {("in",): "inbound", ("out",): "outbound"}

Trim = Literal["trim-silence", "do-not-trim"]
#: Which side is recorded: what the caller says is inbound.
Side = Literal["inbound", "outbound", "both"]


def tracks(side: Side, *, dual: bool) -> tuple[Track, ...]:
    """Return the tracks of a recording: of one side there is but one."""
    if side != "both":
        return ("in",) if side == "inbound" else ("out",)
    return ("in", "out") if dual else ("both",)


class Recorded(Element):
    """Without `recordingStatusCallbackEvent` only `completed` is told.

    Source: TwiML reference, recordingStatusCallback.
    """

    recording_status_callback: str = ""
    recording_status_callback_method: Method = "POST"
    recording_status_callback_event: Annotated[tuple[str, ...], _EVENTS] = ("completed",)
    recording_configuration_id: str = ""
    base: str = Field(default="", exclude=True)

    def order(
        self, call: Call, source: str, made_of: tuple[Track, ...], *, trim: bool, name: str = ""
    ) -> Order:
        """Return what is wanted of a recording; `source` is TwiML's name for who makes it."""
        plain = Order(call=call.facts.id, tracks=made_of, trim=trim, name=name)
        notices = tuple(self._notices(call, plain, source))
        return msgspec.structs.replace(plain, notices=notices)

    async def begin(self, call: Call, order: Order, source: str) -> LiveRecording | None:
        """Record the call beside what follows; None where Asterisk refuses: it goes on without."""
        try:
            live = await start_recording(call, order, max_length=_LONGEST)
        except AsteriskError as error:
            call.warn(error)
            return None
        await self.begun(call, order, source)
        return live

    async def begun(self, call: Call, order: Order, source: str) -> None:
        """Owe the callback that says that it goes on, where that is wanted."""
        if self.recording_status_callback and "in-progress" in self.recording_status_callback_event:
            await call.reports.send(call, self._owed(call, order, source, "in-progress"))

    def _notices(self, call: Call, order: Order, source: str) -> Iterator[Notice]:
        wanted = self.recording_status_callback_event if self.recording_status_callback else ()
        if "completed" in wanted:
            owed = self._owed(call, order, source, "completed")
            yield Notice(at="kept", owed=owed, seconds="RecordingDuration")
        if "absent" in wanted:
            owed = self._owed(call, order, source, "absent")
            yield Notice(at="absent", owed=owed, seconds="RecordingDuration")

    def _owed(self, call: Call, order: Order, source: str, status: str) -> Owed:
        return Owed(
            kind="callback",
            url=absolute(self.base, self.recording_status_callback),
            params={
                "AccountSid": f"AC{call.customer.account}",
                "CallSid": call.facts.sid,
                "RecordingSid": order.sid,
                "RecordingUrl": call.recordings.url(order),
                "RecordingStatus": status,
                "RecordingChannels": str(len(order.tracks)),
                "RecordingStartTime": moment(call.clock()),
                "RecordingSource": source,
                "RecordingTrack": _TRACKS.get(order.tracks, "both"),
                "ErrorCode": _SILENT if status == "absent" else "0",
                "ApiVersion": API_VERSION,
            },
            method=cast("Literal['GET', 'POST']", self.recording_status_callback_method),
            scheme="twiml",
        )
