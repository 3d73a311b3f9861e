"""Ids for what we make: random, unless whoever runs us has others, so that runs can be repeated."""

from collections.abc import Callable
from contextvars import ContextVar
from secrets import token_hex


def _random() -> str:
    return token_hex(16)


#: What makes an id here: 32 hexadecimal digits, never the same twice.
maker: ContextVar[Callable[[], str]] = ContextVar("maker", default=_random)


def new_id() -> str:
    """Return an id for a playback, recording, bridge, channel or report of ours."""
    return maker.get()()
