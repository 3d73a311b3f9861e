"""Playing anything to the caller."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import structlog

from ari_pivot.ari.operations import CONTROL_PLAYBACK, PLAY, SEND_DTMF, STOP_PLAYBACK
from ari_pivot.call.call import Call
from ari_pivot.call.source import Prompt, Source, Tone
from ari_pivot.call.watch import note
from ari_pivot.errors import AsteriskError, CallEnded, Code, MediaError

log = structlog.get_logger()

ALL_KEYS = "0123456789*#"
FOREVER = 1000  # rounds: what TwiML cuts "until the caller hangs up" to
ENDLESS = 10**9  # rounds

_KEY, _GAP = 0.1, 0.1  # seconds of a key that is sent, and between two
_GOING = 2.0  # seconds in which the end of a channel follows
_WAITS = {"w": 0.5, "W": 1.0}  # seconds


class Played(StrEnum):
    """Why a playback ended."""

    DONE = "done"
    KEY = "key"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Seek:
    """Keys that go forward or back in what is played, by so many seconds."""

    seconds: float
    keys: Mapping[str, Literal["forward", "reverse"]]


async def play(
    call: Call, source: Source, *, loop: int = 1, stop_on: str = "", seek: Seek | None = None
) -> Played:
    """Play a source `loop` times, or until a key of `stop_on`, which stays among the digits.

    Keys of `seek` do not. A source that cannot be had or played is noted and passed over. Raises
    CallEnded.
    """
    note(call, "plays", source=source)
    if seek:
        stop_on = "".join(key for key in stop_on if key not in seek.keys)
    played = await _play(call, source, loop, stop_on, seek)
    note(call, "played", how=played.value)
    return played


async def _play(call: Call, source: Source, loop: int, stop_on: str, seek: Seek | None) -> Played:
    mark = len(call.caller.digits)

    def pressed() -> bool:
        return any(digit in stop_on for digit in call.caller.digits[mark:])

    language = call.facts.language.lower() if call.facts.language_set else ""
    if isinstance(source, Prompt):
        language = source.language or language
        source = call.media.meant(Prompt(source.name, language))
    try:
        media = await call.during(call.media.get(source))
    except MediaError as error:
        call.warn(error)
        return Played.FAILED
    limit = source.seconds if isinstance(source, Tone) else None
    for _ in range(loop):
        playing = _Playing(call, media, language, pressed, seek)
        if not pressed() and not await playing.last(limit):
            return Played.FAILED
        if pressed():
            return Played.KEY
    return Played.DONE


@dataclass(slots=True)
class _Playing:
    """One playback of one media URI, in a language of the call's or "" for the channel's own."""

    call: Call
    media: str
    language: str
    pressed: Callable[[], bool]
    seek: Seek | None

    async def last(self, limit: float | None) -> bool:
        """Play it to its end, a key or `limit` seconds; False when it did not play."""
        call, media = self.call, self.media
        playback = call.caller.next_playback()
        playing = call.caller.playing
        playing[playback] = ""
        log.debug("call.plays", media=media)
        try:
            await self._play(playback)
            await self._wait(playback, limit)
            if not playing[playback]:
                await stop_playback(call, playback)
            failed = playing[playback] == "failed"
            log.debug("call.played", media=media, state=playing[playback] or "stopped")
        except (CallEnded, asyncio.CancelledError):
            if not call.caller.ended:
                await stop_playback(call, playback)
            raise
        finally:
            del playing[playback]
        if failed and call.caller.going:  # it fails what it plays to a channel that goes
            await call.until(lambda: False, _GOING)
        if failed:
            call.warn(
                MediaError("Asterisk cannot play it", code=Code.MEDIA_UNPLAYABLE, where=media)
            )
        return not failed

    async def _play(self, playback: str) -> None:
        skip = round(self.seek.seconds * 1000) if self.seek else None
        lang = _folder(self.language)
        await self.call.send(PLAY, playbackId=playback, media=self.media, lang=lang, skipms=skip)

    async def _wait(self, playback: str, limit: float | None) -> None:
        playing, digits = self.call.caller.playing, self.call.caller.digits
        keys = self.seek.keys if self.seek else {}

        def over() -> bool:
            return bool(playing[playback]) or self.pressed()

        while True:
            await self.call.until(lambda: over() or any(digit in keys for digit in digits), limit)
            key = next((digit for digit in digits if digit in keys), None)
            if over() or key is None:
                return
            digits.remove(key)
            await _control(self.call, playback, keys[key])


async def _control(call: Call, playback: str, operation: str) -> None:
    try:
        await call.ari.send(CONTROL_PLAYBACK, playbackId=playback, operation=operation)
    except AsteriskError as error:
        if error.status not in {404, 409}:  # it has come to its end, or not begun
            raise


def _folder(language: str) -> str | None:
    """Return a language as Asterisk names folders of sounds, None for the channel's own.

    Asterisk itself falls back from `fr_CA` to `fr`, and to what has no language.
    """
    name, _, country = language.partition("-")
    return f"{name.lower()}_{country.upper()}" if country else name.lower() or None


async def stop_playback(call: Call, playback: str) -> None:
    """End what plays; what has come to its end by itself stays so. Raises AsteriskError."""
    try:
        await call.ari.send(STOP_PLAYBACK, playbackId=playback)
    except AsteriskError as error:
        if error.status != 404:
            raise


async def send_dtmf(call: Call, digits: str, seconds_each: float = _KEY) -> None:
    """Send keys to the caller; `w` waits half a second, `W` a whole one."""
    milliseconds = {"duration": round(seconds_each * 1000), "between": round(_GAP * 1000)}
    await call.send(SEND_DTMF, dtmf=digits, **milliseconds)
    seconds = sum(_WAITS.get(key, seconds_each + _GAP) for key in digits)
    await call.until(lambda: False, seconds)
