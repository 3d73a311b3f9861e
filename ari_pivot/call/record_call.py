"""Recording a call beside whatever it does: what is said, what is heard, or both."""

from dataclasses import dataclass
from typing import Literal

from ari_pivot.ari.operations import HANGUP, RECORD, SNOOP
from ari_pivot.call.call import Call
from ari_pivot.call.leg import OwnLeg, own_leg
from ari_pivot.call.record import Recording, settings, stop
from ari_pivot.errors import AsteriskError, CallEnded, PivotError

_ENTERING = 5.0  # seconds in which a channel that was made comes to us

#: What the caller says, what the caller hears, or both in one.
Track = Literal["in", "out", "both"]


@dataclass(frozen=True, slots=True)
class LiveRecording:
    """A recording that goes on; each of the `ears` is a channel that records one track.

    A track has its ear's id for a name. They run in step, to 20 ms. `began` in seconds since the
    epoch, `max_length` in seconds.
    """

    ears: tuple[OwnLeg, ...]
    began: float
    max_length: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(ear.id for ear in self.ears)


async def start_recording(
    call: Call, *, max_length: float, tracks: tuple[Track, ...] = ("both",)
) -> LiveRecording:
    """Begin to record the call, until it is stopped, is over or has its length in seconds.

    Two tracks, "in" and "out", are the left and right of stereo. It hears through bridges, holds
    and prompts alike. Raises AsteriskError, CallEnded.
    """
    live = LiveRecording(tuple(own_leg() for _ in tracks), call.clock(), max_length)
    try:
        for ear, track in zip(live.ears, tracks, strict=True):
            await _listen(call, ear, track)
        for ear in live.ears:
            ear.recording[ear.id] = ""
            await call.ari.send(RECORD, channelId=ear.id, **settings(ear.id, max_length))
    except PivotError:
        await _let_go(call, live)
        raise
    return live


async def stop_recording(call: Call, live: LiveRecording) -> Recording:
    """End a recording; one that is over by itself says so. Never raises.

    After the end of the call its files are written some milliseconds later.
    """
    over = all(ear.recording[ear.id] == "done" for ear in live.ears)
    ended_by = "hangup" if call.caller.ended else "full" if over else "stopped"
    try:
        for ear in live.ears:
            await stop(call, ear, ear.id)
    except CallEnded:
        ended_by = "hangup"
    except AsteriskError as error:
        call.warn(error)
    await _let_go(call, live)
    failed = any(ear.recording[ear.id] == "failed" for ear in live.ears)
    names = () if failed else live.names
    duration = min(call.clock() - live.began, live.max_length) if names else 0.0
    return Recording(names, live.began, duration, ended_by if names else "failed")


async def _listen(call: Call, ear: OwnLeg, track: Track) -> None:
    call.join(ear)
    await call.send(SNOOP, snoopId=ear.id, spy=track, app=call.app)
    if not await call.until(lambda: ear.entered or ear.ended, _ENTERING):
        raise AsteriskError("the channel did not come", status=503, where=SNOOP.name)


async def _let_go(call: Call, live: LiveRecording) -> None:
    for ear in live.ears:
        try:
            if not ear.ended:
                await call.ari.send(HANGUP, channelId=ear.id)
        except AsteriskError as error:
            if error.status != 404:
                call.warn(error)
        call.leave(ear)
