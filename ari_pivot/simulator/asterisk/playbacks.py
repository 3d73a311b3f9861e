"""Playing sounds and keys to a channel, and stopping that."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.channel import KEYS, RINGING, Channel
from ari_pivot.simulator.asterisk.far import Sound
from ari_pivot.simulator.asterisk.listener import Listener
from ari_pivot.simulator.asterisk.work import Work

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_SCHEMES = {"sound", "recording", "number", "digits", "characters", "tone"}
_BEFORE = 0.1  # seconds before the first key that is sent
_WAITS = {"w": 0.5, "W": 1.0}  # seconds


@dataclass(slots=True, eq=False)
class Playback(Work):
    """One playback of one or several media."""

    channel: Listener
    id: str
    media: list[str]
    language: str
    state: str = "queued"
    place: int = 0
    stopped: bool = False
    skip: float = 3.0  # seconds
    lost: bool = False  # nobody hears it, or of it, and what comes behind it waits
    sound: Sound | None = None
    timer: asyncio.TimerHandle | None = None
    ends: float = 0.0  # on the loop's clock
    length: float = 0.0  # of what plays

    def snapshot(self) -> dict[str, Any]:
        following = self.media[self.place + 1 : self.place + 2]
        return {
            "id": self.id,
            "media_uri": self.media[self.place],
            **({"next_media_uri": following[0]} if following else {}),
            "target_uri": self.channel.uri,
            "language": self.language,
            "state": self.state,
        }

    def begin(self) -> bool:
        if self.lost:
            return False
        if self.stopped:
            return self._finish("done")
        self.channel.ear.stop(RINGING)
        return self._play()

    def _play(self) -> bool:
        """Play what is left; True when that takes no time."""
        while True:
            self._tell("PlaybackStarted", "playing")
            media = self.media[self.place]
            if media.partition(":")[0] not in _SCHEMES:
                self._forget()  # measured: nothing more is ever said of it
                return True
            length = None if self.channel.going else self._asterisk.sounds.length(media)
            if length is not None:
                self.sound = self.channel.ear.begin(media)
                self.length, self.ends = length, self._asterisk.loop.time() + length
                self._await()
                return False
            if self.channel.going or not self._next():
                return self._finish("failed")

    def _await(self) -> None:
        if self.timer:
            self.timer.cancel()
        if not isinf(self.ends):
            self.timer = self._asterisk.loop.call_at(self.ends, self._played)

    def seek(self, *, forward: bool) -> None:
        """Go forward, or back to the beginning at most, in what plays."""
        now = self._asterisk.loop.time()
        self.ends += -self.skip if forward else self.skip
        self.ends = min(max(self.ends, now), now + self.length)
        self._await()

    def _next(self) -> bool:
        if self.place + 1 == len(self.media):
            return False
        self._tell("PlaybackContinuing", "continuing")
        self.place += 1
        return True

    def _played(self) -> None:
        self._hush(interrupted=False)
        if not self._next():
            self._finish("done")
        elif not self._play():
            return
        self.channel.turns.done(self)

    def stop(self) -> None:
        """End it now, or keep it from beginning."""
        self.stopped = True
        self.state = "done"
        if self.sound:
            self._hush(interrupted=True)
            self._finish("done")
            self.channel.turns.done(self)

    def abandon(self) -> None:
        self._hush(interrupted=True)
        self._finish("failed")

    def _hush(self, *, interrupted: bool) -> None:
        if self.timer:
            self.timer.cancel()
        if self.sound:
            self.channel.ear.end(self.sound, interrupted=interrupted)
            self.sound = None

    def _finish(self, state: str) -> bool:
        self._tell("PlaybackFinished", state)
        self._forget()
        return True

    def _forget(self) -> None:
        self._asterisk.playbacks.pop(self.id, None)

    def _tell(self, kind: str, state: str) -> None:
        self.state = state
        self._asterisk.emit(kind, playback=self.snapshot())

    @property
    def _asterisk(self) -> "Asterisk":
        return self.channel.asterisk


@dataclass(slots=True, eq=False)
class Keys(Work):
    """Keys sent to the far end, which hears them for `seconds`; then there is a `pause`."""

    channel: Channel
    digits: str
    seconds: float
    pause: float
    timer: asyncio.TimerHandle | None = None
    sound: Sound | None = None

    def begin(self) -> bool:
        if self.channel.going:
            return True
        self.sound = self.channel.ear.begin(KEYS + self.digits)
        self._later(self.seconds, self._sent)
        return False

    def _sent(self) -> None:
        self._hush(interrupted=False)
        self._later(self.pause, self.channel.turns.done, self)

    def abandon(self) -> None:
        self._hush(interrupted=True)

    def _hush(self, *, interrupted: bool) -> None:
        if self.timer:
            self.timer.cancel()
        if self.sound:
            self.channel.ear.end(self.sound, interrupted=interrupted)
            self.sound = None

    def _later(self, seconds: float, then: Callable[..., None], *args: Any) -> None:
        self.timer = self.channel.asterisk.loop.call_later(seconds, then, *args)


def _play(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    return play(asterisk, channel, params, lost=channel.leaving)


def play(
    asterisk: "Asterisk", listener: Listener, params: Mapping[str, Any], *, lost: bool = False
) -> Answer:
    """Play to a channel or a bridge, when what is played to it before is over."""
    media = params.get("media") or []
    if not media:
        raise Refused(500, "Failed to queue media for playback")
    playback = Playback(
        listener,
        params["playbackId"],
        [media] if isinstance(media, str) else list(media),
        params.get("lang") or listener.language,
        skip=(params.get("skipms") or 3000) / 1000,
        lost=lost,
    )
    asterisk.playbacks[playback.id] = playback
    answer = playback.snapshot()
    listener.turns.submit(playback)
    return 201, answer


def _stop(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    _find(asterisk, params).stop()
    return None


def _control(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    playback = _find(asterisk, params)
    if playback.sound is None:
        raise Refused(409, "Playback not in a state to be controlled")
    playback.seek(forward=params["operation"] == "forward")
    return None


def _get(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return 200, _find(asterisk, params).snapshot()


def _find(asterisk: "Asterisk", params: Mapping[str, Any]) -> Playback:
    playback = asterisk.playbacks.get(params["playbackId"])
    if playback is None:
        raise Refused(404, "Playback not found")
    return playback


def _send_dtmf(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    digits = params.get("dtmf") or ""
    if not digits:
        raise Refused(400, "DTMF is required")
    between = params.get("between", 100) / 1000
    key = params.get("duration", 100) / 1000 + between
    seconds = _BEFORE + params.get("before", 0) / 1000 - between
    seconds += sum(_WAITS.get(digit, key) for digit in digits)
    after = params.get("after", 0) / 1000
    channel.turns.submit(Keys(channel, digits, seconds, between + after))
    return None


OPERATIONS = {
    "channels.playWithId": _play,
    "channels.sendDTMF": _send_dtmf,
    "playbacks.get": _get,
    "playbacks.control": _control,
    "playbacks.stop": _stop,
}
