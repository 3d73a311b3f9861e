"""Recording what the far end says."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.far import Sound
from ari_pivot.simulator.asterisk.listener import Recordable
from ari_pivot.simulator.asterisk.work import Work

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_FORMATS = {"wav", "wav16", "gsm", "ulaw", "alaw", "sln", "sln16", "g722"}
_TERMINATORS = {"none", "any", *"0123456789*#"}
_BEEP = "sound:beep"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording; `began` in the loop's time.

    `spoken` are the stretches in which there is something to be heard, in seconds since then.
    """

    name: str
    began: float
    seconds: float
    spoken: tuple[tuple[float, float], ...] = ()


@dataclass(slots=True, eq=False)
class Recording(Work):
    """A live recording; `limit` and `quiet` in seconds, 0 for none."""

    channel: Recordable
    name: str
    format: str
    limit: float
    quiet: float
    terminator: str
    beep: bool
    state: str = "queued"
    began: float = 0.0
    quiet_since: float = 0.0
    stopped: bool = False
    kept: bool = True
    beeping: Sound | None = None
    spoken: list[tuple[float, float]] = field(default_factory=list)
    speaks_since: float | None = None
    paused_at: float | None = None
    timers: list[asyncio.TimerHandle] = field(default_factory=list)

    def snapshot(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "format": self.format,
            "state": self.state,
            "target_uri": self.channel.uri,
        }

    def begin(self) -> bool:
        if self.channel.bridge:
            self._tell("RecordingFailed", "failed", cause="Cannot record channel while in bridge")
            self._forget()
            return True
        self._tell("RecordingStarted", "recording")
        self.began = self.quiet_since = self._asterisk.time()
        if self.channel.going or self.stopped:
            self._finish()
            return True
        length = self._asterisk.sounds.length(_BEEP) if self.beep else None
        if length:
            self.beeping = self.channel.ear.begin(_BEEP)
            self._later(length, self._record)
        else:
            self._record()
        return False

    def _record(self) -> None:
        self._hush(interrupted=False)
        self.began = self._asterisk.time()
        if self.limit:
            self._later(self.limit, self.stop)
        self.voice()

    def voice(self) -> None:
        if self.beeping:
            return
        self._note_voice(speaking=self.channel.speaking)
        self.quiet_since = inf if self.channel.speaking else self._asterisk.time()
        if self.quiet and not self.channel.speaking:
            self._later(self.quiet, self._quiet, self.quiet_since)

    def _note_voice(self, *, speaking: bool) -> None:
        now = self._asterisk.time() - self.began
        if self.speaks_since is not None:
            self.spoken.append((self.speaks_since, now))
        self.speaks_since = now if speaking else None

    def pause(self, *, paused: bool) -> None:
        """Leave out what comes, or no longer; what was left out does not count."""
        now = self._asterisk.time()
        if self.paused_at is not None:
            self.began += now - self.paused_at
        self.paused_at = now if paused else None

    def _quiet(self, since: float) -> None:
        if self.quiet_since == since:
            self.stop()

    def key(self, digit: str) -> None:
        if self.terminator in {"any", digit}:
            self.stop()

    def stop(self) -> None:
        """End it now, or keep it from going on."""
        self.stopped = True
        if self.channel.turns.current is self:
            self._finish()
            self.channel.turns.done(self)

    def abandon(self) -> None:
        self._finish()

    def _finish(self) -> None:
        for timer in self.timers:
            timer.cancel()
        self._hush(interrupted=True)
        self.pause(paused=False)
        now = self._asterisk.time()
        length = now - self.began
        self._note_voice(speaking=False)
        details = {"duration": int(length)}
        if self.quiet:
            details["silence_duration"] = int(max(0.0, now - self.quiet_since))
            details["talking_duration"] = details["duration"] - details["silence_duration"]
        if self.channel.snapshot()["name"].startswith("Snoop/"):  # nobody says what it hears
            self.spoken = [(0.0, length)]
        if self.kept:
            self._asterisk.recorded.append(
                Recorded(self.name, self.began, length, tuple(self.spoken))
            )
            self._asterisk.sounds.recordings[self.name] = length
        self._tell("RecordingFinished", "done", **details)
        self._forget()

    def _hush(self, *, interrupted: bool) -> None:
        if self.beeping:
            self.channel.ear.end(self.beeping, interrupted=interrupted)
            self.beeping = None

    def _later(self, seconds: float, then: Callable[..., None], *args: Any) -> None:
        self.timers.append(self._asterisk.loop.call_later(seconds, then, *args))

    def _forget(self) -> None:
        self._asterisk.recordings.pop(self.name, None)

    def _tell(self, kind: str, state: str, **details: Any) -> None:
        self.state = state
        self._asterisk.emit(kind, recording=self.snapshot() | details)

    @property
    def _asterisk(self) -> "Asterisk":
        return self.channel.asterisk


def _record(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return record(asterisk, asterisk.ready_channel(params), params)


def record(asterisk: "Asterisk", channel: Recordable, params: Mapping[str, Any]) -> Answer:
    """Record a channel or a bridge."""
    name, terminator = params["name"], params.get("terminateOn") or "none"
    if params["format"] not in _FORMATS:
        raise Refused(422, "specified format is unknown on this system")
    if terminator not in _TERMINATORS:
        raise Refused(400, "terminateOn invalid")
    taken = name in asterisk.recordings or name in asterisk.sounds.recordings
    if name in asterisk.recordings or (taken and params.get("ifExists") != "overwrite"):
        raise Refused(409, f"Recording '{name}' already exists and can not be overwritten")
    recording = Recording(
        channel,
        name,
        params["format"],
        float(params.get("maxDurationSeconds") or 0),
        float(params.get("maxSilenceSeconds") or 0),
        terminator,
        bool(params.get("beep")),
    )
    asterisk.recordings[name] = recording
    answer = recording.snapshot()
    channel.turns.submit(recording)
    return 201, answer


def _stop(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    _live(asterisk, params).stop()
    return None


def _discard(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    recording = _live(asterisk, params)
    recording.kept = False
    recording.stop()
    return None


def _pause(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    _live(asterisk, params).pause(paused=True)
    return None


def _unpause(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    _live(asterisk, params).pause(paused=False)
    return None


def _mute(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    _live(asterisk, params)  # what is said is not known here
    return None


def _get(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return 200, _live(asterisk, params).snapshot()


def _live(asterisk: "Asterisk", params: Mapping[str, Any]) -> Recording:
    recording = asterisk.recordings.get(params["recordingName"])
    if recording is None:
        raise Refused(404, "Recording not found")
    return recording


OPERATIONS = {
    "channels.record": _record,
    "recordings.getLive": _get,
    "recordings.stop": _stop,
    "recordings.cancel": _discard,
    "recordings.pause": _pause,
    "recordings.unpause": _unpause,
    "recordings.mute": _mute,
    "recordings.unmute": _mute,
}
