"""Saying numbers, times and names: the `say` of audio_macro. Source: FreeSWITCH, mod_say."""

import re
from datetime import datetime
from typing import Literal

from ari_pivot.call.source import Prompt, Said, Source, Speech

Type = Literal[
    "number", "items", "persons", "messages", "currency", "time_measurement", "current_date",
    "current_time", "current_date_time", "telephone_number", "telephone_extension", "url",
    "ip_address", "e-mail_address", "postal_address", "account_number", "name_spelled",
    "name_phonetic", "short_date_time",
]  # fmt: skip
Method = Literal["none", "pronounced", "iterated", "counted"]

_TIME = re.compile(r"[0-9]{1,11}")
_COUNTED = {"number", "items", "persons", "messages"}
_ITERATED = {"telephone_number", "telephone_extension", "account_number"}
_FORMATS = {
    "current_date": "%A, %B %-d, %Y",
    "current_time": "%-I:%M %p",
    "current_date_time": "%A, %B %-d, %Y, %-I:%M %p",
    "short_date_time": "%B %-d, %-I:%M %p",
}
_WORDS = {".": " dot ", "@": " at ", "/": " slash ", ":": " colon "}


def say(text: str, kind: Type, method: Method, language: str, now: datetime) -> list[Source]:
    """Return what is to be played to say a text.

    Numbers and letters come from the sounds of the box, everything else is spoken. A time is given
    in seconds since 1970; `now` is taken where it is not, and for its timezone.
    """
    digits = "".join(key for key in text if key.isdecimal() or key in "*#")
    if kind in _ITERATED or (kind in _COUNTED and method == "iterated"):
        return [Said("digits", digits)] if digits else []
    if kind in _COUNTED and text.removeprefix("-").isdecimal():
        return [Said("number", text)]
    if kind == "name_spelled":
        return [Said("characters", text)]
    if kind == "name_phonetic":
        letters = (letter for letter in text.lower() if letter.isascii() and letter.isalnum())
        return [_phonetic(letter) for letter in letters]
    return [Speech(_spoken(text, kind, now), language=language)]


def _phonetic(letter: str) -> Prompt:
    return Prompt(f"phonetic/{letter}_p" if letter.isalpha() else f"digits/{letter}")


def _spoken(text: str, kind: str, now: datetime) -> str:
    """Return a text as it is read aloud."""
    if kind in _FORMATS:
        at = datetime.fromtimestamp(int(text), now.tzinfo) if _TIME.fullmatch(text) else now
        return at.strftime(_FORMATS[kind])
    if kind == "currency":
        return f"{text} dollars"
    if kind == "time_measurement":
        return _span(text)
    if kind in {"url", "e-mail_address", "ip_address"}:
        return "".join(_WORDS.get(key, key) for key in text)
    return text


def _span(text: str) -> str:
    """Return seconds, or `hours:minutes:seconds`, in words."""
    parts = [int(part) for part in text.split(":") if part.isdecimal()]
    total = 0
    for part in parts:
        total = total * 60 + part
    counts = {"hours": total // 3600, "minutes": total // 60 % 60, "seconds": total % 60}
    return " ".join(f"{count} {name}" for name, count in counts.items() if count) or "0 seconds"
