"""Asking the web: parameters encoded, requests signed, redirects followed, within limits."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import inf
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec
from aiohttp import encode_basic_auth
from yarl import URL

from ari_pivot import redact
from ari_pivot.call.instructions import Cookie, absolute
from ari_pivot.errors import Code, WebError
from ari_pivot.web import cookies, encode, signature
from ari_pivot.web.breaker import Breaker
from ari_pivot.web.documents import DocumentCache
from ari_pivot.web.hop import Hop, Reply, Request

_REDIRECTS = {301, 302, 303, 307, 308}
_KEEPING = {307, 308}  # those on which a POST stays a POST, with its body
_REPORTS = {"cdr", "callback", "webhook"}  # the outbox knows itself when to try again
_UNSAFE = re.compile(r"[^!-~]+")


class Outgoing(msgspec.Struct, frozen=True):
    """What is to be asked, before it is put on the wire; `timeout` in seconds for all of it.

    `scheme` says how it is signed; an empty one is not signed. `connect_timeout` is None for the
    configured one, `silence` None for no other than `timeout`: hop.Request says what they are.
    `private` are headers for the URL's own origin only; `cookies` are sent, and added to.
    """

    kind: str
    method: str
    url: str
    params: Mapping[str, Any] = {}
    encoding: Literal["form", "json"] = "form"
    scheme: Literal["", "kazoo", "twiml"] = ""
    headers: Mapping[str, str] = {}
    private: Mapping[str, str] = {}
    cookies: list[Cookie] | None = None
    body: bytes | None = None  # sent as it is, instead of the parameters
    timeout: float = 15.0
    limit: int = 65_536
    redirects: int = 10
    connect_timeout: float | None = None
    silence: float | None = None
    seen: "Seen | None" = None
    insistent: bool = False  # a redirect changes neither the method nor the body


#: Is told of each hop: the request before it with None, and again with what came of it.
Seen = Callable[[Request, Reply | WebError | None], None]


def _unseen(_: Request, __: Reply | WebError | None) -> None:
    pass


class Client:
    """Everything outbound goes through here; `hop` carries one request.

    A report is sent whatever `breaker` says: what becomes of it is how one learns. What `documents`
    has kept is used while a server is left alone, too.
    """

    def __init__(
        self,
        hop: Hop,
        keys: signature.Keys,
        *,
        connect_timeout: float = 5.0,
        breaker: Breaker | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.configure(keys, connect_timeout)
        self._now = now
        self.breaker = breaker or Breaker()
        self.documents = DocumentCache(self._guarded(hop), now)

    def configure(self, keys: signature.Keys, connect_timeout: float) -> None:
        """Sign with these keys, and wait so many seconds for a connection, from now on."""
        self._keys = keys
        self._connect_timeout = connect_timeout

    async def send(self, outgoing: Outgoing) -> Reply:
        """Return the reply, of any status, at the end of the redirects; raises WebError."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + outgoing.timeout
        url, method, params = outgoing.url, outgoing.method, outgoing.params
        for _ in range(outgoing.redirects + 1):
            left = deadline - loop.time()
            request = self._request(outgoing, method, url, params, left)
            reply = await self._go(request, outgoing, url)
            if outgoing.cookies is not None:
                fresh = reply.headers.getall("Set-Cookie", [])
                cookies.keep(outgoing.cookies, request.url, fresh, self._now())
            if reply.status not in _REDIRECTS or "Location" not in reply.headers:
                return msgspec.structs.replace(reply, document=url)
            url = _target(url, reply.headers["Location"])
            if outgoing.insistent:
                continue
            if reply.status not in _KEEPING:
                # a GET's parameters are in the URL, which the redirect replaces
                method, params = "GET", {}
            elif method == "GET":
                params = {}
        raise WebError(
            f"more than {outgoing.redirects} redirects", code=Code.REDIRECTS, where=outgoing.url
        )

    async def _go(self, request: Request, outgoing: Outgoing, url: str) -> Reply:
        """Return the reply to one request; a WebError is about `url`, without our parameters."""
        seen = outgoing.seen or _unseen
        seen(request, None)
        try:
            reply = await self.documents(request)
        except WebError as error:
            if error.where == redact.urls(request.url):
                error.where = redact.urls(url)
            seen(request, error)
            raise
        seen(request, reply)
        return reply

    def _guarded(self, hop: Hop) -> Hop:
        async def send(request: Request) -> Reply:
            with self.breaker.guard(_asked(request.url), always=request.kind in _REPORTS):
                return await hop(request)

        return send

    def _request(
        self, outgoing: Outgoing, method: str, url: str, params: Mapping[str, Any], left: float
    ) -> Request:
        private = outgoing.private if origin(url) == origin(outgoing.url) else {}
        url, credentials = _split(url)
        headers, body = {**outgoing.headers, **private}, None
        posted: list[tuple[str, str]] = []
        if method == "GET":
            url = encode.with_query(url, params)
        elif outgoing.body is not None:
            body = outgoing.body
        elif outgoing.encoding == "json":
            body, headers["Content-Type"] = encode.json(params), encode.JSON
            if outgoing.scheme == "twiml" and self._keys.auth_token:
                url = encode.with_query(url, {"bodySHA256": signature.body_digest(body)})
        else:
            posted = encode.pairs(params)
            body, headers["Content-Type"] = encode.joined(posted).encode(), encode.FORM
        if credentials:
            headers["Authorization"] = credentials
        if cookie := cookies.header(outgoing.cookies or (), url, self._now()):
            headers["Cookie"] = cookie
        headers |= self._signature(outgoing.scheme, method, url, posted, body or b"")
        return Request(
            method, url, outgoing.kind, headers, params, body,
            outgoing.connect_timeout or self._connect_timeout, max(left, 0.001), outgoing.limit,
            outgoing.silence or inf,
        )  # fmt: skip

    def _signature(
        self, scheme: str, method: str, url: str, posted: list[tuple[str, str]], body: bytes
    ) -> dict[str, str]:
        keys = self._keys
        if scheme == "twiml" and keys.auth_token:
            return {signature.TWIML_HEADER: signature.twiml(keys.auth_token, url, posted)}
        if scheme == "kazoo" and keys.shared:
            signed = signature.kazoo(keys.shared, method, url, body, int(self._now()))
            return {signature.KAZOO_HEADER: signed}
        return {}


def _target(url: str, location: str) -> str:
    """Return where a redirect leads; credentials stay with their own origin."""
    target = absolute(url, location)
    place = origin(target)
    if place is None:
        raise WebError(f"redirect to {location!r}", code=Code.INVALID_URL, where=url)
    parts = urlsplit(target)
    userinfo = urlsplit(url).netloc.rpartition("@")[0]
    if userinfo and "@" not in parts.netloc and place == origin(url):
        target = urlunsplit(parts._replace(netloc=f"{userinfo}@{parts.netloc}"))
    return target


@lru_cache(maxsize=1024)  # asked several times about each URL
def origin(url: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port of a URL, None for one that cannot be asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if usual is None or not parts.hostname or port == 0:
        return None
    return parts.scheme, parts.hostname, port or usual


def _asked(url: str) -> tuple[str, str, int]:
    """Return the origin of a URL that can be asked."""
    place = origin(url)
    if place is None:
        raise WebError("not an http or https URL", code=Code.INVALID_URL, where=url)
    return place


def _split(url: str) -> tuple[str, str]:
    """Return the URL as it is asked for, without fragment, and the header of its credentials."""
    _asked(url)
    parts = urlsplit(url)
    userinfo, _, host = parts.netloc.rpartition("@")
    user, _, password = userinfo.partition(":")
    try:
        host = URL(f"{parts.scheme}://{host}").raw_authority  # names of any script as DNS has them
        credentials = encode_basic_auth(unquote(user), unquote(password), "utf-8")
    except ValueError as error:
        raise WebError(f"not a URL: {error}", code=Code.INVALID_URL, where=url) from error
    bare = urlunsplit((parts.scheme, host, _quoted(parts.path) or "/", _quoted(parts.query), ""))
    return bare, credentials if userinfo else ""


def _quoted(part: str) -> str:
    """Escape what may not stand in a URL, and nothing else."""
    return _UNSAFE.sub(lambda unsafe: quote(unsafe[0], errors="replace"), part)
