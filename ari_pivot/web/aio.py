"""The real hop: one request over the network with aiohttp."""

import ssl
from math import inf
from os import strerror
from socket import gaierror
from typing import Literal

import aiohttp
from aiohttp.http_exceptions import ContentLengthError, TransferEncodingError
from multidict import CIMultiDict
from yarl import URL

from ari_pivot.errors import Code, WebError
from ari_pivot.web.address import AddressRefused, Allowed, asked_host
from ari_pivot.web.hop import Reply, Request


class AioHop:
    """An aiohttp session that keeps no cookies and follows no redirects.

    `per_host` bounds the connections to one origin, so that a slow one does not take them all.
    `tls` says whom to trust, True for the system's authorities.
    """

    def __init__(
        self, allowed: Allowed, *, per_host: int = 100, tls: ssl.SSLContext | Literal[True] = True
    ) -> None:
        self.allowed = allowed
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=per_host, socket_factory=allowed.socket, ssl=tls
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "ari-pivot", "Accept": "*/*"},
        )

    async def __call__(self, request: Request) -> Reply:
        timeout = aiohttp.ClientTimeout(
            total=request.read_timeout,
            sock_connect=request.connect_timeout,
            sock_read=min(request.silence, request.read_timeout),
            ceil_threshold=inf,
        )
        began = False
        try:
            url = URL(request.url, encoded=True)
            asked_host.set(url.host or "")
            async with self._session.request(
                request.method,
                url,
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                timeout=timeout,
                middlewares=_digest(request),
            ) as answer:
                began = True
                body = await _body(answer, request)
                return Reply(answer.status, CIMultiDict(answer.headers), body, request.url)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise _explain(error, request, began=began) from error

    async def close(self) -> None:
        await self._session.close()


def _digest(request: Request) -> tuple[aiohttp.DigestAuthMiddleware, ...]:
    """Return what answers a demand for Digest, with the user and password offered as Basic."""
    offered = request.headers.get("Authorization", "")
    if not offered.startswith("Basic "):
        return ()
    user = aiohttp.BasicAuth.decode(offered, "utf-8")
    return (aiohttp.DigestAuthMiddleware(user.login, user.password),)


async def _body(answer: aiohttp.ClientResponse, request: Request) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > request.limit:
            raise WebError(
                f"the answer is larger than {request.limit} bytes",
                code=Code.TOO_LARGE,
                where=request.url,
            )
    return bytes(body)


def _explain(error: Exception, request: Request, *, began: bool) -> WebError:
    """Say what went wrong in our words, with our code; `began` is whether an answer did."""
    code, words = _meaning(getattr(error, "os_error", None) or error, request)
    stage = "" if began or code == Code.ADDRESS_REFUSED else _stage(error)
    return WebError(words, code=code, where=request.url, stage=stage)


def _stage(error: Exception) -> Literal["", "ct", "rt"]:
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return "ct"
        case TimeoutError() | OSError() | aiohttp.ServerDisconnectedError():
            return "rt"
        case _:
            return ""


def _meaning(error: Exception, request: Request) -> tuple[Code, str]:
    match error:
        case AddressRefused():
            return Code.ADDRESS_REFUSED, str(error)
        case aiohttp.ConnectionTimeoutError():
            return Code.TIMEOUT, f"no connection within {request.connect_timeout:g} s"
        case TimeoutError():
            limit = min(request.read_timeout, request.silence)
            return Code.TIMEOUT, f"no answer within {limit:g} s"
        case gaierror():
            return Code.DNS, "the host name is not known"
        case ssl.SSLError() | aiohttp.ClientSSLError():
            return Code.TLS, f"TLS: {error}"
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | ValueError():
            return Code.INVALID_URL, "not a URL that can be asked"
        case (
            aiohttp.ClientPayloadError(__cause__=ContentLengthError() | TransferEncodingError())
            | aiohttp.ServerDisconnectedError()
        ):
            return Code.CONNECTION, "the server broke off before its answer was whole"
        case OSError():
            return Code.CONNECTION, f"connection: {strerror(error.errno) if error.errno else error}"
        case _:
            reason = " ".join(str(getattr(error, "message", error)).split())
            return Code.PROTOCOL, f"not HTTP: {reason[:200]}"
