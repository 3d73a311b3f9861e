"""From Asterisk's WAV files, one a track, to one WAV, mono or stereo, and MP3."""

import struct
import wave
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import av

from ari_pivot.errors import Code, MediaError

_LOUD = 400  # of 32767: what is nowhere above is silence; G.711's own noise is below 100
_BLOCK = 0.02  # seconds that are looked at together
_MARGIN = 0.1  # seconds of silence left before the first sound and behind the last
_MP3_BITS = 4  # a sample: 32 kbit/s a track at 8000 samples a second
_WIDTH = 2  # bytes of a sample


@dataclass(frozen=True, slots=True)
class _Track:
    """The samples of an open WAV file; `frames` by the file's size, not by what it says.

    Asterisk writes the length into the file at its end, which a power failure may prevent.
    """

    file: BinaryIO
    rate: int
    begin: int
    frames: int

    def read(self, first: int, count: int) -> "array[int]":
        """Return samples, silence where there are none any more."""
        self.file.seek(self.begin + first * _WIDTH)
        data = self.file.read(max(0, min(count, self.frames - first)) * _WIDTH)
        return array("h", data.ljust(count * _WIDTH, b"\0"))


def convert(tracks: Sequence[Path], targets: Mapping[str, Path], *, trim: bool) -> float:
    """Write the tracks together as `wav` and, where it is among the targets, as `mp3`.

    Two are left and right; `trim` leaves out silence at both ends. Returns the length in seconds,
    0 for nothing but silence. Blocks. Raises MediaError for what is no WAV file, OSError.
    """
    files = [path.open("rb") for path in tracks]
    try:
        opened = [_open(file) for file in files]
        rate, frames = opened[0].rate, max(track.frames for track in opened)
        first, last = _sounding(opened, frames) if trim else (0, frames)
        _write_wav(targets["wav"], opened, first, last)
    finally:
        for file in files:
            file.close()
    if "mp3" in targets and last > first:
        _write_mp3(targets["wav"], targets["mp3"], len(tracks))
    return (last - first) / rate


def _open(file: BinaryIO) -> _Track:
    """Find the samples; Asterisk writes 16 bits, mono."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise _unreadable("not a WAV file")
    rate = 0
    while len(part := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", part)
        if name == b"data":
            break
        content = file.read(size + size % 2)
        if name == b"fmt " and len(content) >= 16:
            kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", content[:16])
            if (kind, channels, bits) != (1, 1, 16):
                raise _unreadable("not 16 bits, mono")
    if not rate:
        raise _unreadable("it has no format")
    begin = file.tell()
    return _Track(file, rate, begin, (file.seek(0, 2) - begin) // _WIDTH)


def _sounding(tracks: Sequence[_Track], frames: int) -> tuple[int, int]:
    """Return where the first sound begins and the last one ends."""
    rate = tracks[0].rate
    block, margin = int(rate * _BLOCK), int(rate * _MARGIN)
    starts = range(0, frames, block)

    def loud(start: int) -> bool:
        for track in tracks:
            samples = track.read(start, block)
            if max(samples) > _LOUD or min(samples) < -_LOUD:
                return True
        return False

    first = next(filter(loud, starts), None)
    if first is None:
        return 0, 0
    last = next(filter(loud, reversed(starts))) + block
    return max(0, first - margin), min(frames, last + margin)


def _write_wav(path: Path, tracks: Sequence[_Track], first: int, last: int) -> None:
    rate = tracks[0].rate
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(tracks))
        out.setsampwidth(_WIDTH)
        out.setframerate(rate)
        for start in range(first, last, rate):
            count = min(rate, last - start)
            samples = array("h", bytes(count * len(tracks) * _WIDTH))
            for number, track in enumerate(tracks):
                samples[number :: len(tracks)] = track.read(start, count)
            out.writeframesraw(samples.tobytes())


def _write_mp3(source: Path, path: Path, channels: int) -> None:
    layout = "stereo" if channels == 2 else "mono"
    with av.open(str(path), "w", format="mp3") as out, wave.open(str(source)) as sound:
        rate = sound.getframerate()
        stream = out.add_stream("libmp3lame", rate=rate)
        stream.layout = layout
        stream.bit_rate = rate * _MP3_BITS * channels
        resampler = av.AudioResampler("s16p", layout, rate)
        for frame in chain(_frames(sound, layout), (None,)):
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def _frames(sound: wave.Wave_read, layout: str) -> Iterator[av.AudioFrame]:
    rate, at = sound.getframerate(), 0
    while data := sound.readframes(rate):
        count = len(data) // _WIDTH // sound.getnchannels()
        frame = av.AudioFrame(format="s16", layout=layout, samples=count)
        frame.sample_rate, frame.pts = rate, at
        frame.planes[0].update(data)
        at += count
        yield frame


def _unreadable(reason: str) -> MediaError:
    return MediaError(f"a recording cannot be read: {reason}", code=Code.RECORDING)
