"""The scripted caller: presses, speaks and hangs up at given times, and hears."""

import asyncio
from collections.abc import Callable
from functools import partial

from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.far import FarEnd, Sound
from ari_pivot.simulator.script import Action

KEY, GAP = 0.1, 0.1  # seconds a key is held, and between two


class Person(FarEnd):
    """The caller; `began` and `ended` are told of every sound. Times are the loop's."""

    def __init__(
        self,
        began: Callable[[Sound], None],
        ended: Callable[[Sound], None] = lambda _: None,
    ) -> None:
        self._began = began
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._timers: list[asyncio.TimerHandle] = []
        self._channel: Channel | None = None
        self._free_at = 0.0  # when the last key is up again
        self.sounds: list[Sound] = []
        self.pressed: list[tuple[float, str]] = []
        self.arrived_at = self._loop.time()
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.hung_up = False
        self.cause = 0
        self.sip = 0
        self.refer: int | None = None
        self.over = asyncio.Event()

    def calls(self, channel: Channel, actions: list[Action]) -> None:
        """Begin the call, and do what the script says when it is time."""
        self._channel = channel
        for action in actions:
            if action.press:
                self._at(action.at, self.press, action.press)
            elif action.speak is not None:
                self._at(action.at, partial(channel.speak, speaking=True))
                self._at(action.at + action.speak, partial(channel.speak, speaking=False))
            else:
                self._at(action.at, self.hang_up)

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        start = max(self._loop.time(), self._free_at)
        for number, key in enumerate(keys.upper()):
            up = start + KEY + number * (KEY + GAP)
            self._timers.append(self._loop.call_at(up, self._release, key))
        self._free_at = start + len(keys) * (KEY + GAP)

    def hang_up(self) -> None:
        """Hang up, or give up before an answer."""
        if self._channel and not self.over.is_set():
            self.hung_up = True
            self._channel.leave()

    def referred(self, to: str) -> int:
        return self.refer or 0

    def answered(self) -> None:
        self.answered_at = self._loop.time()

    def hears(self, sound: Sound) -> None:
        self.sounds.append(sound)
        self._began(sound)

    def heard(self, sound: Sound) -> None:
        if sound.media.startswith("tone:") and sound.interrupted:
            sound.interrupted = self._cut_short(sound)
        self._ended(sound)

    def gone(self, cause: int, sip: int) -> None:
        self.cause, self.sip = cause, sip
        self.ended_at = self._loop.time()
        for timer in self._timers:
            timer.cancel()
        self.over.set()

    def _cut_short(self, sound: Sound) -> bool:
        """Tell a tone that a key or the end of the call has stopped from one that was enough."""
        ended = self._channel is None or self._channel.going
        return ended or any(at >= sound.began for at, _ in self.pressed)

    def _release(self, key: str) -> None:
        if self._channel and not self._channel.going:
            self.pressed.append((self._loop.time(), key))
            self._channel.press(key, KEY)

    def _at(self, seconds: float, action: Callable[..., None], *args: object) -> None:
        when = self.arrived_at + seconds
        self._timers.append(self._loop.call_at(when, action, *args))
