"""Commands over HTTP, for an Asterisk without REST over WebSocket: aioari's REST model.

aioari reads the operations from the running Asterisk; everything on the wire is our own transport,
since aioari's knows neither TLS nor IPv6, nor passwords with `&`, nor booleans, nor time limits.
"""

from os import strerror
from typing import Any
from urllib.parse import urlsplit

import aioari.client
import aiohttp
import msgspec
from aioswagger11.processors import SwaggerError
from yarl import URL

from ari_pivot.ari.operations import Operation
from ari_pivot.errors import AsteriskUnavailable

_BODIES = {"POST", "PUT"}

#: The Q.850 causes that an Asterisk knows by name which takes no numbers. Source: `rest-api` of
#: Asterisk 16, channels.hangup.
_REASONS = {
    1: "unallocated", 16: "normal", 17: "busy", 18: "timeout", 19: "no_answer", 21: "rejected",
    26: "answered_elsewhere", 28: "number_incomplete", 31: "normal_unspecified", 34: "congestion",
    58: "codec_mismatch", 127: "interworking",
}  # fmt: skip


class _Response:
    """What aioari asks of an answer."""

    def __init__(self, status: int, body: str) -> None:
        self.status = status
        self.body = body

    async def text(self) -> str:
        return self.body


class Transport:
    """An aiohttp session in the shape that aioari's client wants; `base` ends in `/ari`."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        data: str | None = None,
    ) -> _Response:
        # Asterisk's documents always say http:// and its own idea of the host: only the path holds.
        path = urlsplit(url).path
        target = self._base + path[path.index("/ari") + 4 :]
        body, query = (msgspec.json.decode(data) if data else {}), {}
        if method in _BODIES:
            body |= params or {}
        else:
            query = {name: _text(value) for name, value in (params or {}).items()}
        if "filter" in body:  # Asterisk wants the filter itself, not its parameter's name
            body = body["filter"]
        try:
            async with self._session.request(
                method, URL(target, encoded=True), params=query, json=body or None
            ) as answer:
                return _Response(answer.status, await answer.text())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise AsteriskUnavailable(f"{type(error).__name__} {error}".strip()) from error

    async def close(self) -> None:
        """Nothing: the session belongs to the connection."""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class HttpLink:
    """Sends commands by aioari's operations."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @classmethod
    async def open(cls, session: aiohttp.ClientSession, base: str) -> "HttpLink":
        """Load the operations of the Asterisk that runs."""
        client = aioari.client.Client(base, Transport(session, base))
        try:
            await client.init()
        except (SwaggerError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise AsteriskUnavailable(f"its API documents cannot be read: {error}") from error
        return cls(client)

    async def request(self, operation: Operation, params: dict[str, Any]) -> tuple[int, str]:
        resource = self._client.swagger.get_resource(operation.resource)
        command = resource and resource.get_operation(operation.nickname)
        if command is None:
            return 501, f'{{"message": "this Asterisk has no {operation.name}"}}'
        known = {parameter["name"] for parameter in command.json.get("parameters", ())}
        wanted = {name: value for name, value in params.items() if value is not None}
        if "reason_code" in wanted and "reason_code" not in known:
            cause = int(wanted.pop("reason_code"))
            wanted["reason"] = _REASONS.get(cause, "failure")
        if unknown := wanted.keys() - known:
            reason = f"this Asterisk's {operation.name} has no {', '.join(sorted(unknown))}"
            return 501, msgspec.json.encode({"message": reason}).decode()
        response = await command(**wanted)
        return response.status, response.body

    def lost(self) -> None:
        """Nothing waits here: each request notices by itself."""


async def speaks_rest_over_websocket(session: aiohttp.ClientSession, base: str) -> bool:
    """Whether this Asterisk takes commands over the websocket, by its own event models."""
    url = f"{base}/api-docs/events.json"
    try:
        async with session.get(url) as answer:
            if answer.status == 401:
                raise AsteriskUnavailable("user or password refused (401)", where=url)
            if answer.status != 200:
                raise AsteriskUnavailable(f"answered {answer.status}", where=url)
            return '"RESTResponse"' in await answer.text()
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise AsteriskUnavailable(unreachable(error), where=url) from error


def unreachable(error: Exception) -> str:
    """Say why there is no answer, without the library's own words for it."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "the host name is not known"
        case aiohttp.ClientConnectorCertificateError():
            return f"TLS: {error.certificate_error}"
        case aiohttp.ClientSSLError():
            return f"TLS: {error.os_error.strerror or error.os_error}"
        case aiohttp.ClientConnectorError(os_error=OSError(errno=int(number))):
            return f"connection: {strerror(number)}"
        case TimeoutError():
            return "no answer in time"
    return f"{type(error).__name__} {error}".strip()
