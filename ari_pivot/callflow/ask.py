"""Asking the caller for digits."""

from ari_pivot.call.call import Call
from ari_pivot.call.collect import collect
from ari_pivot.call.play import ALL_KEYS, play
from ari_pivot.call.source import Source
from ari_pivot.callflow.module import keep_digits

#: Seconds. Source: KAZOO, kapps_call_command.
FIRST, NEXT_DIGIT = 5.0, 2.0


async def ask(
    call: Call,
    prompt: Source,
    max_digits: int,
    timeout: float = FIRST,
    interdigit_timeout: float = NEXT_DIGIT,
) -> str:
    """Play a prompt, which a key ends, and return the digits up to `#`; timeouts in seconds.

    What was pressed before the prompt goes to the collection `default`.
    """
    keep_digits(call)
    await play(call, prompt, stop_on=ALL_KEYS)
    collected = await collect(
        call,
        max_digits=max_digits,
        timeout=timeout,
        interdigit_timeout=interdigit_timeout,
        terminators="#",
    )
    return collected.digits


def seconds(milliseconds: int | None) -> float:
    """Return the time between two digits; None is the usual one."""
    return NEXT_DIGIT if milliseconds is None else milliseconds / 1000
