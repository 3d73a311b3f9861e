"""What a call is told to do, whichever language says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urljoin

from ari_pivot.call.call import Call


class Cookie(NamedTuple):
    """A cookie as a server set it: the URL without its query, the value of Set-Cookie, when."""

    url: str
    header: str
    at: float


class Instructions(Protocol):
    """A whole, valid answer of a web server: a TwiML document or a KAZOO callflow."""

    async def run(self, call: Call) -> "Pivot | None":
        """Do it all; return where to ask next, None when there is nothing more to do."""
        ...


@dataclass(frozen=True, slots=True)
class Action:
    """KAZOO's pivot action: how to ask, and what to do when asking fails.

    `timeout` in seconds, None for the language's own; `otherwise` is the action's `_` child.
    `fallback_url`, which is asked first where it is set, is ours. `headers` go to the origin of
    `voice_url` only. Source: KAZOO, schema callflows.pivot.
    """

    voice_url: str
    method: str = "GET"
    req_format: Literal["kazoo", "twiml"] = "kazoo"
    req_body_format: Literal["form", "json"] = "form"
    timeout: float | None = None
    cdr_url: str = ""
    fallback_url: str = ""
    fallback_method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    debug: bool = False
    otherwise: Instructions | None = None


@dataclass(frozen=True, slots=True)
class Pivot:
    """Ask there what to do next; `url` may be relative to the document that says so.

    `action` is set where a pivot action begins, None while one goes on.
    """

    url: str
    method: str = "POST"
    params: Mapping[str, Any] = field(default_factory=dict)
    action: Action | None = None


class Language(Protocol):
    """What a language's package offers."""

    def parse(self, body: bytes, url: str) -> Instructions:
        """Parse and validate an answer that came from `url`; raises InstructionError."""
        ...

    def params(self, call: Call, account: str) -> dict[str, Any]:
        """Return what each request says of the call."""
        ...


def absolute(base: str, url: str) -> str:
    """Return a URL of a document that came from `base`; RFC 3986 §5.

    What cannot be a URL is left as it is, to be refused when it is asked.
    """
    try:
        return urljoin(base, url)
    except ValueError:
        return url
