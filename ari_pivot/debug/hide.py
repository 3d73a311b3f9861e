"""Leaving out of documents what nobody is to read: credentials, and parameters by their names."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

HIDDEN = "…"

#: Headers of a request that are shown; any other may hold a key of the customer's.
_SHOWN = {
    "accept", "content-type", "i-twilio-idempotency-token", "traceparent", "user-agent"
}  # fmt: skip
_SECRET = {"authorization", "cookie", "proxy-authorization", "set-cookie"}


class Hide:
    """Leaves out the values of parameters with these names, in any case of letters."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = {name.lower() for name in names}
        either = "|".join(re.escape(name) for name in self._names)
        self._pair = re.compile(rf"(?i)((?:^|[?&;])(?:{either})(?:(?:\[|%5B)[^=&]*)?=)[^&#]*")

    @property
    def digits(self) -> bool:
        """Whether keys that are pressed are hidden, too."""
        return "digits" in self._names

    def url(self, url: str) -> str:
        return self._pair.sub(rf"\1{HIDDEN}", url) if self._names else url

    def body(self, body: bytes | None) -> str:
        """Return a request's body as text."""
        text = (body or b"").decode("utf-8", "replace")
        if not self._names or not text:
            return text
        try:
            return json.dumps(self._without(json.loads(text)), ensure_ascii=False)
        except (ValueError, RecursionError):
            return self.url(text)

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: HIDDEN if key.lower() in self._names else self._without(part)
                for key, part in value.items()
            }
        return [self._without(part) for part in value] if isinstance(value, list) else value


def asked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return a request's headers, the values of those that may be secret left out."""
    return {n: value if n.lower() in _SHOWN else HIDDEN for n, value in headers.items()}


def answered_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return a reply's headers, their names in small letters, as KAZOO has them."""
    return {n.lower(): HIDDEN if n.lower() in _SECRET else value for n, value in headers.items()}
