"""Media ids: what `play`, `response` and prompts may name. Source: KAZOO, kz_media_util."""

import re
from collections.abc import Iterable

from ari_pivot.call.call import Call
from ari_pivot.call.music import Waiting
from ari_pivot.call.play import ENDLESS, play
from ari_pivot.call.source import Audio, Prompt, Source, Speech, Tone

_TONE = re.compile(r"%\((\d+),(\d+),([\d.,]+)\)")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_SAY = "say:"
_LOOPS = re.compile(r"loops=(-?\d+)")


def source(media: str, language: str = "") -> Source | None:
    """Return what a media id names, None for one that names nothing we can play.

    A bare id, and a `/account/id`, is a configured prompt or a sound of the Asterisk box.
    `language` is that of speech.
    """
    scheme, separator, rest = media.partition("://")
    if not separator:
        return _spoken(media, language) if media.startswith(_SAY) else _named(media)
    match scheme.lower():
        case "http" | "https":
            return Audio(media)
        case "prompt":
            account, _, name = rest.partition("/")
            name, _, spoken = name.partition("/")
            return Prompt(name or account, spoken.lower()) if name or account else None
        case "tts":
            return Speech(rest, language=language)
        case "tone_stream":
            return _tone(rest)
        case "silence_stream":
            milliseconds = rest.partition(",")[0]
            return _silence(int(milliseconds)) if _WHOLE.fullmatch(milliseconds) else None
        case _:
            return None


def endless(media: str) -> Waiting | None:
    """Return a media id to wait with, again and again; None for one that names nothing."""
    sound = source(media)
    if sound is None:
        return None

    async def heard(call: Call) -> None:
        await play(call, sound, loop=ENDLESS)

    return heard


def _named(media: str) -> Source | None:
    name = media.strip("/")
    if media.startswith("/"):  # /account/id, /system_media/name
        name = name.rpartition("/")[2]
    return Prompt(name) if name else None


def _spoken(media: str, language: str) -> Source | None:
    """Return `say:TEXT` or `say:ENGINE:VOICE:TEXT`. Source: FreeSWITCH, switch_ivr_play_file."""
    engine, voice, text = ("", "", media.removeprefix(_SAY))
    if text.count(":") > 1:
        engine, voice, text = text.split(":", 2)
    return Speech(text, voice, language, engine) if text.strip() else None


def _silence(milliseconds: int) -> Tone:
    """Return silence; less than none is without an end."""
    return Tone("0/1000", None if milliseconds < 0 else milliseconds / 1000)


def _tone(spec: str) -> Source | None:
    """Turn `%(on,off,f1,f2)` parts, milliseconds and Hz, into Asterisk's notation."""
    found = _LOOPS.search(spec)
    parts = [
        (int(on), int(off), frequencies.split(",")) for on, off, frequencies in _TONE.findall(spec)
    ]
    return tone(parts, int(found[1]) if found else 1) if parts else None


def tone(parts: Iterable[tuple[int, int, Iterable[object]]], loops: int) -> Tone:
    """Return a tone of parts, each milliseconds on and off and frequencies in Hz.

    Fewer than no loops are without an end.
    """
    spec, cycle = [], 0
    for on, off, frequencies in parts:
        spec.append(f"{'+'.join(map(str, frequencies))}/{on}")
        if off:
            spec.append(f"0/{off}")
        cycle += on + off
    return Tone(",".join(spec), None if loops < 0 else cycle * loops / 1000)
