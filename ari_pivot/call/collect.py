"""Collecting digits."""

from dataclasses import dataclass

from ari_pivot.call.call import Call, Silence

_SILENCES = 200  # kept of one call


@dataclass(frozen=True, slots=True)
class Collected:
    """Digits without their terminator, and what ended them: a key, "full" or "timeout"."""

    digits: str
    ended_by: str

    @property
    def terminator(self) -> str:
        return self.ended_by if len(self.ended_by) == 1 else ""


async def collect(
    call: Call,
    *,
    max_digits: int | None,
    timeout: float,
    interdigit_timeout: float,
    terminators: str = "",
) -> Collected:
    """Take digits, those already pressed first; timeouts in seconds.

    `timeout` is for the first digit, `interdigit_timeout` between two. Raises CallEnded.
    """
    pressed, taken = call.caller.digits, ""
    while max_digits is None or len(taken) < max_digits:
        wait = interdigit_timeout if taken else timeout
        if not await call.until(lambda: pressed, wait):
            return Collected(taken, "timeout")
        digit = pressed.pop(0)
        if digit in terminators:
            return Collected(taken, digit)
        taken += digit
    return Collected(taken, "full")


async def pause(call: Call, seconds: float, *, stop_on: str = "") -> bool:
    """Wait in silence; True when a key of `stop_on` ended it. Raises CallEnded."""
    mark, began = len(call.caller.digits), call.clock()
    whole = False
    try:
        whole = not await call.until(
            lambda: any(digit in stop_on for digit in call.caller.digits[mark:]), seconds
        )
        return not whole
    finally:
        if len(call.silences) < _SILENCES:
            silence = Silence(call.doing, began, call.clock(), interrupted=not whole)
            call.silences.append(silence)
