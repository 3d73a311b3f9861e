"""Any audio in, telephone audio out."""

import io
import re
import wave
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby

import av
from av.container import InputContainer

from ari_pivot.errors import Code, MediaError

VERSION = "1"
"""Part of every cache key: to be raised when the same input begins to sound different."""

# Playlists (hls, concat …) would make the library open what a stranger's file names.
_CONTAINERS = "aac,aiff,alaw,amr,au,caf,flac,gsm,matroska,mov,mp3,mulaw,ogg,w64,wav"
_CODECS = re.compile(
    r"pcm_\w+|adpcm_(ima_wav|ms)|gsm(_ms)?|mp[23](float)?|(lib)?opus|vorbis|flac|aac|alac|amrnb"
)
_OPTIONS = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "", "sample_rate": "8000"}
_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"OggS", b"fLaC", b"FORM", b".snd", b"ID3", b"caff")
_SAMPLE_RATES = range(1_000, 384_001)


def convert(
    body: bytes, suffixes: Iterable[str], *, raw: str = "", max_seconds: float
) -> dict[str, bytes]:
    """Return the contents of one file for each suffix: `ulaw`, `sln16` or `wav`.

    `raw` names the format of audio that has no header: `mulaw`, `alaw` or `gsm`, 8000 Hz mono.
    Blocks for as long as decoding takes. Raises MediaError.
    """
    targets = {suffix: _TARGETS[suffix] for suffix in suffixes}
    headerless = raw if not body.startswith(_MAGIC) else ""
    try:
        frames = _decode(body, headerless, max_seconds)
        pcm = _resample(frames, {rate for rate, _ in targets.values()})
    except (av.FFmpegError, ValueError) as error:
        raise _unplayable("not audio that can be decoded") from error
    if not all(pcm.values()):
        raise _unplayable("no audio in it")
    return {suffix: encode(bytes(pcm[rate])) for suffix, (rate, encode) in targets.items()}


def _unplayable(message: str) -> MediaError:
    return MediaError(message, code=Code.MEDIA_UNPLAYABLE)


def _decode(body: bytes, raw: str, max_seconds: float) -> Iterator[av.AudioFrame]:
    with av.open(io.BytesIO(body), "r", format=raw or None, options=dict(_OPTIONS)) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise _unplayable("no audio in it")
        codec = getattr(stream.codec_context, "name", "unknown")  # no context: no decoder
        if not _CODECS.fullmatch(codec):
            raise _unplayable(f"audio coded as {codec}, which is not accepted")
        seconds = 0.0
        for frame in _frames(container, stream):
            if frame.sample_rate not in _SAMPLE_RATES:
                raise _unplayable(f"a sample rate of {frame.sample_rate} Hz")
            seconds += frame.samples / frame.sample_rate
            if seconds > max_seconds:
                raise _unplayable(f"longer than {max_seconds:g} seconds")
            yield frame


def _frames(container: InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue  # one damaged packet: players go on with the next, so do we
        yield from frames


def _resample(frames: Iterable[av.AudioFrame], rates: Iterable[int]) -> dict[int, bytearray]:
    pcm = {rate: bytearray() for rate in rates}
    for _, alike in groupby(frames, key=_kind):  # files glued together change in the middle
        resamplers = {rate: av.AudioResampler(rate=rate) for rate in pcm}
        for frame in chain(_through(av.AudioResampler("s16", "mono"), alike), (None,)):
            for rate, resampler in resamplers.items():
                for piece in _pieces(resampler, frame):
                    pcm[rate] += memoryview(piece.planes[0])[: piece.samples * 2]
    return pcm


def _kind(frame: av.AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _through(
    resampler: av.AudioResampler, frames: Iterable[av.AudioFrame]
) -> Iterator[av.AudioFrame]:
    for frame in chain(frames, (None,)):
        yield from _pieces(resampler, frame)


def _pieces(resampler: av.AudioResampler, frame: av.AudioFrame | None) -> Iterator[av.AudioFrame]:
    """Yield what comes out for a frame, or at the end for None."""
    for piece in resampler.resample(frame):
        if piece is not None:  # what one that has nothing to do makes of the end
            yield piece


def _ulaw(pcm: bytes) -> bytes:
    encoder = av.AudioCodecContext.create("pcm_mulaw", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 8000, "mono", "s16"
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
    frame.sample_rate = 8000
    frame.planes[0].update(pcm)
    return b"".join(bytes(packet) for part in (frame, None) for packet in encoder.encode(part))


def _wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(pcm)
    return file.getvalue()


_TARGETS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "ulaw": (8000, _ulaw),
    "sln16": (16000, bytes),
    "wav": (8000, _wav),
}
