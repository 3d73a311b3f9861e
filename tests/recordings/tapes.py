"""Recordings for tests: WAV files of tones and silence, a box of them, and what is heard in one."""

import shutil
import wave
from array import array
from math import cos, sin, tau

import av

from ari_pivot.errors import AsteriskError

RATE = 8000


def write(path, *parts, rate=RATE):
    """Write a WAV file of parts: hertz (0 is silence) and seconds."""
    samples = array("h")
    for hertz, seconds in parts:
        count = round(seconds * rate)
        samples.extend(round(9000 * sin(tau * hertz * at / rate)) for at in range(count))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def channels(path):
    """Return the samples of each channel of any audio file, and the rate."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        resampler = av.AudioResampler("s16p", stream.layout, stream.rate)
        found = [array("h") for _ in range(stream.channels)]
        for frame in file.decode(stream):
            for piece in resampler.resample(frame):
                for samples, plane in zip(found, piece.planes, strict=True):
                    samples.frombytes(bytes(plane)[: piece.samples * 2])
        return found, stream.rate


def strength(samples, hertz, rate=RATE):
    """Return how much of a frequency there is, 1 for a pure tone of full loudness (Goertzel)."""
    turn = 2 * cos(tau * hertz / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample / 32768 + turn * last - before
    power = last * last + before * before - turn * last * before
    return 2 * power**0.5 / max(1, len(samples))


class Shelved:
    """A box whose recordings are files in a folder; `fail` is how often it does not work."""

    def __init__(self, folder):
        self.folder = folder
        self.fail = 0
        self.asked = []
        self.removed = []

    async def fetch(self, name, target):
        self.asked.append(name)
        if self.fail:
            self.fail -= 1
            raise AsteriskError("not now", status=503)
        path = self.folder / f"{name}.wav"
        if not path.exists():
            return False
        shutil.copyfile(path, target)
        return True

    async def has(self, name):
        return (self.folder / f"{name}.wav").exists()

    async def remove(self, names):
        self.removed += names

    async def close(self):
        pass
