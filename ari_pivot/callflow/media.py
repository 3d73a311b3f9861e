"""Media ids: what `play`, `response` and prompts may name. Source: KAZOO, kz_media_util."""

import re

from ari_pivot.call.source import Audio, Prompt, Source, Speech, Tone

_TONE = re.compile(r"%\((\d+),(\d+),([\d.,]+)\)")
_LOOPS = re.compile(r"loops=(-?\d+)")


def source(media: str, language: str = "") -> Source | None:
    """Return what a media id names, None for one that names nothing we can play.

    A bare id, and a `/account/id`, is a configured prompt or a sound of the Asterisk box.
    """
    scheme, separator, rest = media.partition("://")
    if not separator:
        return _named(media)
    match scheme.lower():
        case "http" | "https":
            return Audio(media)
        case "prompt":
            return _named(rest.split("/")[1] if "/" in rest else rest)
        case "tts":
            return Speech(rest, language=language)
        case "tone_stream":
            return _tone(rest)
        case "silence_stream":
            milliseconds = rest.partition(",")[0]
            return Tone("0/1000", int(milliseconds) / 1000) if milliseconds.isdigit() else None
        case _:
            return None


def _named(media: str) -> Source | None:
    name = media.strip("/")
    if media.startswith("/"):  # /account/id, /system_media/name
        name = name.rpartition("/")[2]
    return Prompt(name) if name else None


def _tone(spec: str) -> Source | None:
    """Turn `%(on,off,f1,f2)` parts, milliseconds and Hz, into Asterisk's notation."""
    parts, cycle = [], 0
    for on, off, frequencies in _TONE.findall(spec):
        parts.append(f"{'+'.join(frequencies.split(','))}/{on}")
        if int(off):
            parts.append(f"0/{off}")
        cycle += int(on) + int(off)
    if not parts:
        return None
    found = _LOOPS.search(spec)
    loops = int(found[1]) if found else 1
    return Tone(",".join(parts), None if loops < 0 else cycle * loops / 1000)
