"""The real hop: one request over the network with aiohttp."""

import ssl
from socket import gaierror
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from ari_pivot.errors import Code, WebError
from ari_pivot.web.address import AddressRefused, Allowed, asked_host
from ari_pivot.web.hop import Reply, Request


class AioHop:
    """An aiohttp session that keeps no cookies and follows no redirects.

    `per_host` bounds the connections to one origin, so that a slow one does not take them all.
    """

    def __init__(self, allowed: Allowed, *, per_host: int = 100) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, limit_per_host=per_host, socket_factory=allowed.socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "ari-pivot", "Accept": "*/*"},
        )

    async def __call__(self, request: Request) -> Reply:
        asked_host.set(urlsplit(request.url).hostname or "")
        timeout = aiohttp.ClientTimeout(
            total=request.read_timeout, sock_connect=request.connect_timeout
        )
        try:
            async with self._session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                timeout=timeout,
            ) as answer:
                body = await _body(answer, request)
                return Reply(answer.status, CIMultiDict(answer.headers), body, request.url)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise _explain(error, request) from error

    async def close(self) -> None:
        await self._session.close()


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


def _explain(error: Exception, request: Request) -> WebError:
    """Say what went wrong in our words, with our code."""
    where = request.url
    cause = getattr(error, "os_error", None) or error
    match cause:
        case AddressRefused():
            return WebError(str(cause), code=Code.ADDRESS_REFUSED, where=where)
        case TimeoutError():
            seconds = request.read_timeout
            return WebError(f"no answer within {seconds:g} s", code=Code.TIMEOUT, where=where)
        case gaierror():
            return WebError("the host name is not known", code=Code.DNS, where=where)
        case ssl.SSLError() | aiohttp.ClientSSLError():
            return WebError(f"TLS: {cause}", code=Code.TLS, where=where)
        case aiohttp.InvalidURL() | ValueError():
            return WebError("not a URL that can be asked", code=Code.INVALID_URL, where=where)
        case aiohttp.ServerDisconnectedError() | OSError():
            return WebError(f"connection: {cause}", code=Code.CONNECTION, where=where)
        case _:
            return WebError(f"not HTTP: {cause}", code=Code.PROTOCOL, where=where)
