"""What a sound is to the one who hears it."""

import re
from collections.abc import Callable
from typing import Literal

from ari_pivot.call.source import Audio, File, Prompt, Recorded, Said, Source, Speech, Tone
from ari_pivot.simulator.asterisk.channel import KEYS, MOH, RINGING

Kind = Literal["say", "play", "digits", "tone", "beep", "silence", "hold", "ringing"]

_WITHOUT_SOURCE: dict[str, Kind] = {KEYS: "digits", MOH: "hold", RINGING: "ringing"}
_NO_TONE = re.compile(r"(!?0/\d+,?)+")


def meaning(media: str, describe: Callable[[str], Source | None]) -> tuple[Kind, str]:
    """Return kind and value of what has a media URI, or is ringing, keys or music on hold."""
    scheme, colon, name = media.partition(":")
    if kind := _WITHOUT_SOURCE.get(scheme + colon):
        return kind, name
    match describe(media):
        case Speech(text) | Said(_, text):
            return "say", text
        case Audio(url):
            return "play", url
        case Recorded(name) | File(name):
            return "play", name.rpartition("/")[2].removesuffix(".wav")
        case Tone(spec):
            return ("silence", "") if _NO_TONE.fullmatch(spec) else ("tone", spec)
        case Prompt("beep"):
            return "beep", "beep"
        case Prompt(name):
            return ("silence", "") if name.startswith("silence/") else ("play", name)
    return "play", media
