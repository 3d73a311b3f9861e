"""One request to a web server and its answer: what everything outbound is made of."""

from collections.abc import Mapping
from math import inf
from typing import Any, Protocol

import msgspec
from multidict import CIMultiDict


class Request(msgspec.Struct, frozen=True):
    """One HTTP request; times in seconds, sizes in bytes.

    `kind` is what it is for: instructions, callback, cdr, webhook, media. `params` is what the
    body or the query says, for people to read. `read_timeout` is for all of it, `silence` for the
    first byte of the answer and between its packets.
    """

    method: str
    url: str
    kind: str
    headers: Mapping[str, str] = {}
    params: Mapping[str, Any] = {}
    body: bytes | None = None
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    limit: int = 65_536
    silence: float = inf


class Reply(msgspec.Struct, frozen=True):
    """What came back: no redirect followed, the body whole and within the limit.

    `document` is the URL that relative URLs in the body resolve against: `url` with its
    credentials and without the parameters that we added.
    """

    status: int
    headers: CIMultiDict[str]
    body: bytes
    url: str
    document: str = ""


class Hop(Protocol):
    """Sends one request."""

    async def __call__(self, request: Request) -> Reply:
        """Return the reply of any status.

        Raises WebError with the code DNS, CONNECTION, TLS, TIMEOUT, PROTOCOL, TOO_LARGE or
        ADDRESS_REFUSED.
        """
        ...
