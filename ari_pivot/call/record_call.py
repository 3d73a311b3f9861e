"""Recording a call beside whatever it does: what is said, what is heard, or both."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from ari_pivot.ari.events import Event
from ari_pivot.ari.operations import (
    HANGUP,
    MUTE_RECORDING,
    RECORD,
    SNOOP,
    UNMUTE_RECORDING,
    Operation,
)
from ari_pivot.call.call import Call
from ari_pivot.call.leg import OWN, OwnLeg
from ari_pivot.call.record import OVER, Recording, begun, over, settings, stop
from ari_pivot.call.recordings import Order, Track
from ari_pivot.errors import AsteriskError, CallEnded, PivotError
from ari_pivot.ids import new_id

_ENTERING = 5.0  # seconds in which a channel that was made comes to us


@dataclass(slots=True)
class Ear(OwnLeg):
    """A channel that listens to another, and records under `name` what it hears."""

    name: str = ""
    on_change: Callable[[], None] = lambda: None

    @property
    def over(self) -> bool:
        return self.ended or self.recording.get(self.name) in OVER

    def receive(self, event: Event) -> None:
        OwnLeg.receive(self, event)  # a class with slots knows no bare super()
        self.on_change()


@dataclass(slots=True, eq=False)
class LiveRecording:
    """A recording that goes on: an ear for each track. They run in step, to 20 ms.

    `began` in seconds since the epoch, None for one that waits to begin; `max_length` in seconds.
    """

    call: Call
    order: Order
    max_length: float
    kind: str = "wav"
    follows: bool = True  # goes on when the call is transferred
    began: float | None = None
    ears: tuple[Ear, ...] = ()
    masked: bool = False
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[Recording] | None" = None

    @property
    def names(self) -> tuple[str, ...]:
        return self.order.names

    def look(self) -> None:
        """Notice that it has come to its end by itself."""
        if all(ear.over for ear in self.ears):
            self.ending.set()

    def follow(self, work: Coroutine[None, None, Recording]) -> None:
        """Have `work` see it to its end."""
        self.work = asyncio.create_task(work, name=f"recording {self.order.id}")
        self.call.live.append(self)


async def start_recording(
    call: Call, order: Order, *, max_length: float, kind: str = "wav", follows: bool = True
) -> LiveRecording:
    """Begin to record the call, until it is stopped, is over or has its length in seconds.

    Two tracks, "in" and "out", are the left and right of stereo. It hears through bridges, holds
    and prompts alike, and through transfers if it `follows`. What is to be done with it, says the
    order. Raises AsteriskError, CallEnded.
    """
    live = LiveRecording(call, order, max_length, kind, follows)
    await _begin(live)
    live.follow(_follow(live))
    return live


def start_when(
    call: Call,
    order: Order,
    when: Callable[[], bool],
    *,
    max_length: float,
    kind: str = "wav",
    follows: bool = True,
) -> LiveRecording:
    """Begin to record the call as soon as a condition holds; the call goes on meanwhile."""
    live = LiveRecording(call, order, max_length, kind, follows)
    live.follow(_await(live, when))
    return live


async def stop_recording(live: LiveRecording) -> Recording:
    """End a recording, if it goes on, and say what came of it; never raises.

    After the end of the call its files are written some milliseconds later.
    """
    assert live.work  # noqa: S101 - one that was started
    live.ending.set()
    live.call.wake()
    return await asyncio.shield(live.work)


def leave_behind(call: Call) -> None:
    """End the recordings that do not follow the transfer of the call; nobody waits for it."""
    for live in call.live:
        if not live.follows:
            live.ending.set()
    call.wake()


async def finish(call: Call) -> None:
    """End what still records a call that is over."""
    for live in list(call.live):
        await stop_recording(live)


async def mask(live: LiveRecording, *, masked: bool) -> None:
    """Record silence instead of what is said, or no longer; what cannot be is noted."""
    live.masked = masked
    await _each(live, MUTE_RECORDING if masked else UNMUTE_RECORDING)


async def _each(live: LiveRecording, operation: Operation) -> None:
    for ear in live.ears:
        try:
            if not ear.over:
                await live.call.ari.send(operation, recordingName=ear.name)
        except AsteriskError as error:
            live.call.warn(error)


async def _await(live: LiveRecording, when: Callable[[], bool]) -> Recording:
    """Wait for its beginning, then for its end."""
    call = live.call
    try:
        await call.until(lambda: live.ending.is_set() or when())
        if not live.ending.is_set():
            await _begin(live)
    except CallEnded:
        pass
    except AsteriskError as error:
        call.warn(error)
    if live.began is None:
        call.live.remove(live)
        return Recording((), call.clock(), 0.0, "stopped")
    return await _follow(live)


async def _begin(live: LiveRecording) -> None:
    call, order = live.call, live.order
    live.ears = tuple(Ear(OWN + new_id(), name=name, on_change=live.look) for name in order.names)
    begun(call, order)
    try:
        for ear, track in zip(live.ears, order.tracks, strict=True):
            await _listen(call, ear, track)
        began = call.clock()
        for ear in live.ears:
            ear.recording[ear.name] = ""
            about = settings(ear.name, live.max_length, kind=live.kind)
            await call.ari.send(RECORD, channelId=ear.id, **about)
        live.began = began
    except PivotError:
        await _let_go(live)
        over(call, order, made=False)
        raise


async def _follow(live: LiveRecording) -> Recording:
    """Wait for its end, by itself or asked for, and hand it over."""
    await live.ending.wait()
    recording = await _end(live)
    live.call.live.remove(live)
    over(live.call, live.order, made=bool(recording.names))
    return recording


async def _end(live: LiveRecording) -> Recording:
    call, began = live.call, live.began or 0.0
    whole = all(ear.over for ear in live.ears)
    duration = min(call.clock() - began, live.max_length)
    for problem in await asyncio.gather(
        *(stop(call, ear, ear.name) for ear in live.ears), return_exceptions=True
    ):
        if isinstance(problem, AsteriskError):
            call.warn(problem)
        elif problem and not isinstance(problem, CallEnded):
            raise problem
    await _let_go(live)
    if any(ear.recording[ear.name] == "failed" for ear in live.ears):
        return Recording((), began, 0.0, "failed")
    ended_by = "hangup" if call.caller.ended else "full" if whole else "stopped"
    return Recording(live.names, began, duration, ended_by)


async def _listen(call: Call, ear: Ear, track: Track) -> None:
    call.join(ear)
    await call.send(SNOOP, snoopId=ear.id, spy=track, app=call.app)
    if not await call.until(lambda: ear.entered or ear.ended, _ENTERING):
        raise AsteriskError("the channel did not come", status=503, where=SNOOP.name)


async def _let_go(live: LiveRecording) -> None:
    call = live.call
    for ear in live.ears:
        try:
            if not (ear.ended or call.caller.ended):  # it ends with whom it listens to
                await call.ari.send(HANGUP, channelId=ear.id)
        except AsteriskError as error:
            if error.status != 404:
                call.warn(error)
        call.leave(ear)
