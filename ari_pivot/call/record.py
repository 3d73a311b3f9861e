"""Recording what the caller says."""

import math
from contextlib import suppress
from dataclasses import dataclass

from ari_pivot.ari.operations import RECORD, STOP_RECORDING
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.leg import Leg
from ari_pivot.call.play import play
from ari_pivot.call.recordings import Order
from ari_pivot.call.source import Prompt
from ari_pivot.call.watch import note
from ari_pivot.errors import AsteriskError, CallEnded

_BEEP = Prompt("beep")
_SPARE = 5  # seconds after which Asterisk ends by itself what we should have ended
_OVER_BY_ITSELF = {404, 409}  # what Asterisk answers who would stop one that is over
_STOPPING = 2.0  # seconds
_GOING = 2.0  # seconds in which the end of a channel follows what announces it
OVER = {"done", "failed"}  # states


@dataclass(frozen=True, slots=True)
class Recording:
    """What lies on the Asterisk box as WAV files: `names` there, one a track, none if it failed.

    `duration` in seconds, without the silence that ended it; `began` since the epoch. `ended_by` is
    the key that was pressed, or silence, full, hangup, stopped or failed.
    """

    names: tuple[str, ...]
    began: float
    duration: float
    ended_by: str


async def record(
    call: Call,
    *,
    max_length: float,
    silence: float = 0.0,
    terminators: str = "",
    beep: bool = True,
    name: str = "",
) -> Recording:
    """Record the caller until a key of `terminators`, so much silence (0: never) or its length.

    Times in seconds. Keys pressed meanwhile are taken. A caller who hangs up, and an Asterisk that
    refuses, are results; CallEnded is raised only where the call was interrupted.
    """
    leg, mark, name = call.caller, len(call.caller.digits), name or new_id()
    began, ended_by = call.clock(), "failed"
    leg.recording[name] = ""
    try:
        if beep:
            await play(call, _BEEP)
        began = call.clock()
        await call.send(RECORD, **settings(name, max_length + _SPARE, silence))
        ended_by = await _until_over(call, name, mark, terminators, max_length)
    except CallEnded:
        if not leg.ended:
            with suppress(CallEnded, AsteriskError):
                await stop(call, leg, name)
            raise
        ended_by = "hangup"
    except AsteriskError as error:
        call.warn(error)
    finally:
        names = (name,) if leg.recording.pop(name) in {"recording", "done"} else ()
        del leg.digits[mark:]
    duration = call.clock() - began - (silence if ended_by == "silence" else 0.0)
    note(call, "recorded", names=names, ended_by=ended_by)
    return Recording(names, began, max(0.0, duration) if names else 0.0, ended_by)


async def record_for(
    call: Call,
    order: Order,
    *,
    max_length: float,
    silence: float = 0.0,
    terminators: str = "",
    beep: bool = True,
) -> Recording:
    """Record the caller as `record` does, and have done with it what the order says.

    The order's one track is "in".
    """
    (name,) = order.names
    made = False
    begun(call, order)
    try:
        recording = await record(
            call,
            max_length=max_length,
            silence=silence,
            terminators=terminators,
            beep=beep,
            name=name,
        )
        made = bool(recording.names)
    except CallEnded:
        made = True  # what there is until the interruption
        raise
    finally:
        over(call, order, made=made)
    return recording


def begun(call: Call, order: Order) -> None:
    """Write down that a recording begins, and tell of it."""
    call.recordings.begin(order)
    call.tell("RECORD_START", **_about(call, order))


def over(call: Call, order: Order, *, made: bool) -> None:
    """Hand over a recording that has ended, and tell of it."""
    call.recordings.end(order, made=made)
    call.tell("RECORD_STOP", **_about(call, order))


def _about(call: Call, order: Order) -> dict[str, str]:
    return {
        "recording_id": order.id,
        "recording_url": call.recordings.url(order),
        "media_name": order.name,
        "label": order.label,
        "origin": order.origin,
    }


def settings(
    name: str, max_length: float, silence: float = 0.0, kind: str = "wav"
) -> dict[str, object]:
    """Return what Asterisk is told of a recording; the keys that end it are ours to watch for.

    `kind` is Asterisk's name of the format: `wav` has 8000 samples a second, `wav16` 16000.
    """
    return {
        "name": name,
        "format": kind,
        "maxDurationSeconds": math.ceil(max_length),
        "maxSilenceSeconds": math.ceil(silence),
        "ifExists": "fail",
        "terminateOn": "none",
    }


async def stop(call: Call, leg: Leg, name: str) -> None:
    """Have Asterisk end a recording, and wait until it is written; one that is over stays so."""
    try:
        if leg.recording[name] not in OVER:
            await call.ari.send(STOP_RECORDING, recordingName=name)
    except AsteriskError as error:
        if error.status not in _OVER_BY_ITSELF:
            raise
    await call.until(lambda: leg.recording[name] in OVER, _STOPPING)


async def _until_over(call: Call, name: str, mark: int, terminators: str, max_length: float) -> str:
    """Wait for the first reason to end it, end it, and return the reason."""
    leg = call.caller

    def over() -> bool:
        return leg.recording[name] in OVER

    def key() -> str:
        return next((digit for digit in leg.digits[mark:] if digit in terminators), "")

    in_time = await call.until(lambda: over() or key(), max_length)
    if leg.recording[name] == "failed":
        return "failed"
    if leg.going:
        await call.until(lambda: leg.ended, _GOING)
        return "hangup"
    reason = key() or ("silence" if in_time else "full")
    if not over():
        await stop(call, leg, name)
    return reason
