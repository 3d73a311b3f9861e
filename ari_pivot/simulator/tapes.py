"""The recordings of an Asterisk in memory, as files: a tone where something is said."""

import wave
from array import array
from collections.abc import Callable, Sequence
from math import sin, tau
from pathlib import Path

from ari_pivot.simulator.asterisk.core import Asterisk
from ari_pivot.simulator.asterisk.recordings import Recorded

_RATE = 8000
_TONE = array("h", (round(8000 * sin(tau * 400 * at / _RATE)) for at in range(_RATE)))  # a second


class Tapes:
    """Where the simulated Asterisk keeps what it has recorded. Takes no time."""

    def __init__(self, asterisk: Callable[[], Asterisk]) -> None:
        self._asterisk = asterisk

    async def fetch(self, name: str, target: Path) -> bool:
        for recorded in self._asterisk().recorded:
            if recorded.name == name and name in self._asterisk().sounds.recordings:
                _write(recorded, target)
                return True
        return False

    async def has(self, name: str) -> bool:
        return name in self._asterisk().sounds.recordings

    async def remove(self, names: Sequence[str]) -> None:
        for name in names:
            self._asterisk().sounds.recordings.pop(name, None)

    async def close(self) -> None:
        pass


def _write(recorded: Recorded, target: Path) -> None:
    samples = array("h", bytes(2 * round(recorded.seconds * _RATE)))
    for begin, end in recorded.spoken:
        first, last = round(begin * _RATE), min(round(end * _RATE), len(samples))
        while first < last:
            part = _TONE[: last - first]
            samples[first : first + len(part)] = part
            first += len(part)
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
