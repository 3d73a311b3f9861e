"""Playing anything to the caller."""

from collections.abc import Callable

from ari_pivot.ari.operations import PLAY, SEND_DTMF, STOP_PLAYBACK
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.source import Source
from ari_pivot.errors import AsteriskError, Code, MediaError

ALL_KEYS = "0123456789*#"
FOREVER = 1000  # rounds; what "until the caller hangs up" is cut to

_TONE, _GAP = 100, 100  # milliseconds of a sent digit, and between two
_WAITS = {"w": 0.5, "W": 1.0}  # seconds


async def play(call: Call, source: Source, *, loop: int = 1, stop_on: str = "") -> bool:
    """Play a source `loop` times; True when a key of `stop_on` ended it.

    The key stays among the caller's digits. A source that cannot be had is noted and passed over.
    """
    mark = len(call.caller.digits)

    def pressed() -> bool:
        return any(digit in stop_on for digit in call.caller.digits[mark:])

    try:
        media = await call.during(call.media.get(source))
    except MediaError as error:
        call.warn(error)
        return pressed()
    for _ in range(loop):
        if pressed() or not await _once(call, media, pressed):
            break
    return pressed()


async def _once(call: Call, media: str, pressed: Callable[[], bool]) -> bool:
    """Play one media URI to its end or to a key; False when it could not be played."""
    playback = new_id()
    playing = call.caller.playing
    playing[playback] = ""
    try:
        await call.send(PLAY, playbackId=playback, media=media)
        await call.until(lambda: playing[playback] or pressed())
        if not playing[playback]:
            await _stop(call, playback)
        failed = playing[playback] == "failed"
    finally:
        del playing[playback]
    if failed:
        call.warn(MediaError("Asterisk cannot play it", code=Code.MEDIA_UNPLAYABLE, where=media))
    return not failed


async def _stop(call: Call, playback: str) -> None:
    try:
        await call.ari.send(STOP_PLAYBACK, playbackId=playback)
    except AsteriskError as error:
        if error.status != 404:  # it came to its end by itself
            raise


async def send_dtmf(call: Call, digits: str) -> None:
    """Send keys to the caller; `w` waits half a second, `W` a whole one."""
    await call.send(SEND_DTMF, dtmf=digits, duration=_TONE, between=_GAP)
    seconds = sum(_WAITS.get(key, (_TONE + _GAP) / 1000) for key in digits)
    await call.until(lambda: False, seconds)
