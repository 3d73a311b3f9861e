"""Audio on somebody's web server, asked for no more often than HTTP's freshness rules demand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
import structlog

from ari_pivot.errors import Code, MediaError, WebError
from ari_pivot.web.freshness import directives, fresh_until, merged, validators

log = structlog.get_logger()

_STALE_FOR = 30.0
"""Seconds an old file is played without asking again, after its server could not be reached."""

_RAW_TYPES = {
    "audio/gsm": "gsm",
    "audio/x-gsm": "gsm",
    "audio/basic": "mulaw",
    "audio/pcmu": "mulaw",
    "audio/ulaw": "mulaw",
    "audio/x-ulaw": "mulaw",
    "audio/alaw": "alaw",
    "audio/pcma": "alaw",
    "audio/x-alaw": "alaw",
}
_RAW_ENDINGS = {
    ".gsm": "gsm",
    ".ul": "mulaw",
    ".ulaw": "mulaw",
    ".pcmu": "mulaw",
    ".al": "alaw",
    ".alaw": "alaw",
    ".pcma": "alaw",
}
_UNTYPED = ("", "application/octet-stream", "binary/octet-stream")
_TYPES = frozenset(
    f"audio/{name}"
    for kind in ("aac", "aiff", "flac", "m4a", "mp3", "mpeg", "wav")
    for name in (kind, f"x-{kind}")
) | {
    "application/ogg",
    "audio/aifc",
    "audio/mp4",
    "audio/ogg",
    "audio/opus",
    "audio/vnd.wave",
    "audio/wave",
    "audio/webm",
    "audio/x-aifc",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a web server answered; looking `headers` up ignores case, `url` is the one arrived at.

    Header fields that were repeated are one, joined by commas.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Fetch(Protocol):
    """Sends one GET, redirects followed, addresses and size checked."""

    async def __call__(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """Return the answer of any status; raises WebError where there is none."""
        ...


class Validity(msgspec.Struct, frozen=True):
    """What is kept beside a fetched file: its key, and how long and how it stays valid."""

    key: str
    headers: dict[str, str]
    fresh_until: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Headers and freshness of an audio; without a `body` what is kept already still holds.

    `storable` is false where the web server forbids to keep it (`no-store`).
    """

    headers: dict[str, str]
    fresh_until: float
    storable: bool = True
    body: bytes | None = None
    raw: str = ""


async def ask(
    fetch: Fetch, url: str, known: Validity | None, *, max_bytes: int, now: Callable[[], float]
) -> Answer:
    """Fetch an audio, or learn that the one we have is still good; raises MediaError."""
    headers = {"Accept": "audio/*, */*;q=0.5", **(validators(known.headers) if known else {})}
    try:
        fetched = await fetch(url, headers)
    except WebError as error:
        answer = _stale(url, known, error.message, now())
        if answer is None:
            raise MediaError(error.message, code=error.code) from error
        return answer
    if fetched.status >= 500 and (answer := _stale(url, known, f"{fetched.status}", now())):
        return answer
    if fetched.status == 304 and known:
        kept = merged(known.headers, fetched.headers)
        return Answer(kept, fresh_until(kept, now()))
    return _answer(fetched, max_bytes, now())


def _stale(url: str, known: Validity | None, reason: str, now: float) -> Answer | None:
    """Return the old audio where its server allows that in its absence (RFC 5861 §4)."""
    if known is None or "must-revalidate" in directives(known.headers):
        return None
    log.warning("media.stale", url=shown(url), reason=reason)
    return Answer(known.headers, now + _STALE_FOR)


def _answer(fetched: Fetched, max_bytes: int, now: float) -> Answer:
    if not 200 <= fetched.status < 300:
        raise MediaError(f"answered {fetched.status}", code=Code.HTTP_STATUS)
    if len(fetched.body) > max_bytes:
        raise MediaError(f"larger than {max_bytes} bytes", code=Code.TOO_LARGE)
    raw = raw_format(fetched)
    headers = merged({}, fetched.headers)
    storable = "no-store" not in directives(headers)
    return Answer(headers, fresh_until(headers, now), storable, fetched.body, raw)


def raw_format(fetched: Fetched) -> str:
    """Return the format of audio without a header, by type or ending, or "" if it tells itself.

    Raises MediaError for a type that is not audio. Types: the TwiML reference, <Play>, and other
    names of the same formats.
    """
    media_type = fetched.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    path = urlsplit(fetched.url).path.lower()
    ending = next((raw for end, raw in _RAW_ENDINGS.items() if path.endswith(end)), "")
    if media_type in _RAW_TYPES:
        return _RAW_TYPES[media_type]
    if media_type in _UNTYPED:
        return ending
    if media_type in _TYPES:
        return ""
    raise MediaError(f"{media_type} is not a type of audio", code=Code.MEDIA_TYPE)


def shown(url: str) -> str:
    """Return a URL as logs may show it: without user, password, query and fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an invalid URL"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + ("?…" if parts.query else "")
