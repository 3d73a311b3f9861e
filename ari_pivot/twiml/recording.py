"""<Recording>: what <Start> begins and <Stop> ends."""

from typing import ClassVar, Literal

from ari_pivot.call.call import Call
from ari_pivot.call.record_call import stop_recording
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.recorded import Recorded, Side, Trim, tracks

_SOURCE = "StartCallRecordingTwiML"


class Recording(Recorded):
    """`name` is what <Stop> knows it by; dual is the caller left, what the caller hears right.

    Source: TwiML reference, Recording.
    """

    without_effect: ClassVar = {"recordingConfigurationId": "no recording configurations"}

    name: str = ""
    track: Side = "both"
    channels: Literal["mono", "dual"] = "dual"
    trim: Trim = "trim-silence"

    async def start(self, call: Call) -> None:
        """Record the call, until it is stopped or the call ends."""
        if self.name and any(live.order.name == self.name for live in call.live):
            call.warn(self._odd(f"there is one named {self.name!r} already"))
            return
        made_of = tracks(self.track, dual=self.channels == "dual")
        trim = self.trim == "trim-silence"
        order = self.order(call, _SOURCE, made_of, trim=trim, name=self.name)
        await self.begin(call, order, _SOURCE)

    async def stop(self, call: Call) -> None:
        """End the recording of this name; without one, all that go on."""
        named = [live for live in call.live if self.name in {"", live.order.name}]
        if not named:
            call.warn(self._odd(f"there is none {f'named {self.name!r}' if self.name else ''}"))
        for live in named:
            await stop_recording(live)

    def _odd(self, message: str) -> InstructionError:
        return InstructionError(message.strip(), code=Code.SCHEMA, where=self.where)
