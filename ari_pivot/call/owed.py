"""What is owed to somebody's web server, whatever becomes of the call."""

from typing import Any, Literal

import msgspec


class Owed(msgspec.Struct, kw_only=True, frozen=True):
    """A request: delivered with retries, `tries` times at most where that is given.

    `scheme` says how it is signed. `if_missed` holds for what is owed at the end of the call: only
    if nobody has spoken with the caller.
    """

    kind: Literal["callback", "webhook", "email"]
    url: str
    params: dict[str, Any]
    method: Literal["GET", "POST"] = "POST"
    encoding: Literal["form", "json"] = "form"
    scheme: Literal["", "kazoo", "twiml"] = "kazoo"
    tries: int | None = None
    if_missed: bool = False
