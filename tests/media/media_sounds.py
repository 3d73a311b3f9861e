"""Sounds made to measure, and an ear that tells what is in a sound."""

import io
import math
from array import array
from pathlib import Path

import av

SAMPLES = Path(__file__).parent / "samples"
HZ = (300, 440, 700, 1000, 1900)


def pcm(hz=440, seconds=1.0, rate=8000, level=0.5):
    step = 2 * math.pi * hz / rate
    count = round(seconds * rate)
    return array("h", (int(32767 * level * math.sin(step * n)) for n in range(count))).tobytes()


def interleaved(*channels):
    """Return one sound of several channels, 16 bit each."""
    samples = zip(*(array("h", channel) for channel in channels), strict=True)
    return array("h", (sample for together in samples for sample in together)).tobytes()


def encoded(container, codec, samples=None, *, rate=8000, layout="mono", options=None):
    """Return a file of a tone, by default a second of 440 Hz."""
    samples = samples or pcm(rate=rate)
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout, options=options or {})
        for frame in _frames(samples, rate, layout, stream):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def _frames(samples, rate, layout, stream):
    frame = av.AudioFrame(format="s16", layout=layout, samples=len(samples) // 2 // len_of(layout))
    frame.sample_rate, frame.pts = rate, 0
    frame.planes[0].update(samples)
    wanted = stream.codec_context
    resampler = av.AudioResampler(wanted.format, wanted.layout, wanted.rate, wanted.frame_size)
    yield from resampler.resample(frame)
    yield from (piece for piece in resampler.resample(None) if piece)


def len_of(layout):
    return av.AudioLayout(layout).nb_channels


def samples_of(content, suffix):
    """Return the 16-bit samples of a file made for Asterisk, and their rate."""
    if suffix == "sln16":
        return array("h", content), 16000
    if suffix == "ulaw":
        opened = av.open(io.BytesIO(content), format="mulaw", options={"sample_rate": "8000"})
    else:
        opened = av.open(io.BytesIO(content), format="wav")
    with opened as container:
        assert container.streams.audio[0].codec_context.layout.nb_channels == 1
        rate = container.streams.audio[0].codec_context.sample_rate
        frames = (
            bytes(frame.planes[0])[: frame.samples * 2] for frame in container.decode(audio=0)
        )
        return array("h", b"".join(frames)), rate


def power(samples, rate, hz):
    """Tell how strong one frequency is (Goertzel's algorithm), as a part of the whole: 0 to 1."""
    coefficient = 2 * math.cos(2 * math.pi * hz / rate)
    one = two = 0.0
    for sample in samples:
        one, two = sample + coefficient * one - two, one
    energy = sum(sample * sample for sample in samples) or 1
    return 2 * (one * one + two * two - coefficient * one * two) / (len(samples) * energy)


def heard(content, suffix):
    """Return seconds, and the frequency of a pure tone (0 if there is none)."""
    samples, rate = samples_of(content, suffix)
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    strongest = max(HZ, key=lambda hz: power(middle, rate, hz))
    return len(samples) / rate, strongest if power(middle, rate, strongest) > 0.8 else 0
