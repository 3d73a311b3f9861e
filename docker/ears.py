"""What a caller heard, from the recording of it: voices, tones and the silences between."""

import math
import operator
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

RATE = 8000  # samples a second
FRAME = 320  # samples: 40 ms, in which two tones 40 Hz apart can just be told from each other
SECONDS = FRAME / RATE

_HEADER = 44  # bytes of a WAV before its samples
_GAPS = (0.25, 0.6)  # seconds of silence that a tone, and that a voice, may have within
_QUIET = 100  # of 32,768: below is silence
_LOST = 40  # samples of zero, 5 ms, that are no tone's own
_PURE = 0.75  # the share of a frame's power that makes it a tone

_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477)
_KEYS = {(row, column): "123456789*0#"[3 * i + j]
         for i, row in enumerate(_ROWS) for j, column in enumerate(_COLUMNS)}  # fmt: skip
_SIGNALS = {(440, 480): "ringing", (480, 620): "busy tone", (350, 440): "dial tone"}
_TONES = (350, 440, 480, 620, 660, 1000, *_ROWS, *_COLUMNS)

SILENCE, VOICE = "silence", "voice"


@dataclass(frozen=True, slots=True)
class Sound:
    """A stretch of one kind: "voice", "1000 Hz", "ringing", "key 5"; times in seconds."""

    kind: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


class Ears:
    """Listens to 16-bit samples as they come."""

    def __init__(self) -> None:
        self._frames: list[str] = []
        self._rest = b""

    @property
    def seconds(self) -> float:
        return len(self._frames) * SECONDS

    def hear(self, pcm: bytes) -> None:
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % (2 * FRAME)
        self._rest = pcm[whole:]
        for start in range(0, whole, 2 * FRAME):
            self._frames.append(kind(struct.unpack_from(f"<{FRAME}h", pcm, start)))

    def sounds(self) -> list[Sound]:
        """Return what was heard so far; the last may go on.

        A voice goes on over pauses of half a second, a tone over a quarter: a busy machine drops
        frames. What is shorter than two frames is no sound of its own, nor is the edge of a tone.
        """
        heard: list[Sound] = []
        for each in self._runs():
            while len(heard) > 1 and _broken(heard[-2], heard[-1], each):
                heard.pop()
            last = heard[-1] if heard else None
            if (
                last
                and last.kind == each.kind
                and each.start - last.end < _GAPS[each.kind == VOICE]
            ):
                heard[-1] = Sound(last.kind, last.start, each.end)
            elif last and last.kind == VOICE and each.seconds < 0.1 and each.start - last.end < 0.1:
                heard[-1] = Sound(VOICE, last.start, each.end)  # a vowel, sung
            elif each.seconds > 1.5 * SECONDS:
                heard.append(each)
        return heard

    def _runs(self) -> Iterator[Sound]:
        at = 0
        for name, frames in groupby(mended(self._frames)):
            length = len(list(frames))
            if name != SILENCE:
                yield Sound(name, at * SECONDS, (at + length) * SECONDS)
            at += length


def listen(path: Path) -> list[Sound]:
    """Return what is heard in a WAV of the lab: mono, 16 bits, 8 kHz."""
    ears = Ears()
    ears.hear(path.read_bytes()[_HEADER:])
    return ears.sounds()


def follow(path: Path) -> Iterator[bytes]:
    """Yield what a recording has grown by each time it is asked; empty while there is none."""
    read = 0
    while True:
        pcm = b""
        if path.exists():
            with path.open("rb") as file:
                file.seek(_HEADER + read)
                pcm = file.read()
        read += len(pcm)
        yield pcm


def kind(samples: tuple[int, ...]) -> str:
    """Return what a frame of samples sounds like."""
    energy = sum(map(operator.mul, samples, samples))
    if energy < _QUIET * _QUIET * FRAME:
        return SILENCE
    energy *= 1 - lost(samples) / FRAME
    shares = sorted(((power(samples, tone) / energy, tone) for tone in _TONES), reverse=True)
    (first, one), (second, other), *_ = shares
    if first > _PURE:
        return f"{one} Hz"
    pair = (min(one, other), max(one, other))
    if first + second > _PURE and min(first, second) > 0.2:
        if pair in _KEYS:
            return f"key {_KEYS[pair]}"
        return _SIGNALS.get(pair, VOICE)
    return VOICE


def lost(samples: tuple[int, ...]) -> int:
    """Return how many samples were lost: stretches of zeros, which are nothing against a tone."""
    if samples.count(0) < _LOST:
        return 0
    stretches = (len(list(stretch)) for zero, stretch in groupby(samples, operator.not_) if zero)
    return sum(length for length in stretches if length >= _LOST)


def mended(frames: list[str]) -> list[str]:
    """Return the frames with those made whole that lost packets have torn out of a tone.

    They sound like a voice. It is none where half of what is around them, a quarter of a second,
    is one and the same tone: no voice holds one.
    """
    whole = list(frames)
    for at, name in enumerate(frames):
        if name == VOICE:
            around = [one for one in frames[max(0, at - 3) : at + 4] if one != SILENCE]
            tones = Counter(one for one in around if one != VOICE)
            for tone, times in tones.most_common(1):
                if 2 * times >= len(around) - 1:
                    whole[at] = tone
    return whole


def power(samples: tuple[int, ...], frequency: float) -> float:
    """Return the energy at one frequency (Hz), as Goertzel's filter does; in the samples' units."""
    cosine, sine = _waves(frequency, len(samples))
    real = sum(map(operator.mul, samples, cosine))
    imaginary = sum(map(operator.mul, samples, sine))
    return (real * real + imaginary * imaginary) * 2 / len(samples)


@cache
def _waves(frequency: float, length: int) -> tuple[list[float], list[float]]:
    turn = 2 * math.pi * frequency / RATE
    return [math.cos(turn * n) for n in range(length)], [math.sin(turn * n) for n in range(length)]


def _broken(before: Sound, between: Sound, after: Sound) -> bool:
    """Tell whether a sound is but the dropped frames of a tone before and after it."""
    return before.kind == after.kind != VOICE and after.start - before.end < _GAPS[0]
