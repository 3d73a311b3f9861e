"""Who may see what is not for everybody: those who know the token."""

import hmac
import time
from collections.abc import Awaitable, Callable
from hashlib import sha256

import structlog
from aiohttp import web

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "ari_pivot_debug"
_LASTS = 12 * 3600  # seconds


class Access:
    """One token, in `Authorization: Bearer`, KAZOO's `X-Auth-Token`, or a cookie made of it.

    An empty token lets nobody in. The cookie holds until when it holds and a digest, not the token.
    """

    def __init__(self, token: str, now: Callable[[], float] = time.time) -> None:
        self._token = token.encode()
        self._now = now

    def knows(self, token: str) -> bool:
        """Compare in a time that says nothing of where the difference is."""
        given = token.encode("utf-8", "replace")
        return bool(self._token) and hmac.compare_digest(given, self._token)

    def admits(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.knows(token.strip()):
            return True
        if self.knows(request.headers.get("X-Auth-Token", "")):
            return True
        return self._holds(request.cookies.get(COOKIE, ""))

    def remember(self, request: web.Request, response: web.StreamResponse) -> None:
        """Give a browser that has shown the token its cookie."""
        until = str(int(self._now()) + _LASTS)
        secure = "https" in {request.scheme, request.headers.get("X-Forwarded-Proto", "")}
        response.set_cookie(
            COOKIE, f"{until}.{self._digest(until)}", path="/debug", max_age=_LASTS,
            httponly=True, samesite="Strict", secure=secure,
        )  # fmt: skip

    def forget(self, response: web.StreamResponse) -> None:
        response.del_cookie(COOKIE, path="/debug")

    def only(self, handler: Handler, otherwise: Handler) -> Handler:
        """Return a handler that serves those who are admitted, `otherwise` all others."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await (handler if self.admits(request) else otherwise)(request)

        return handle

    def _digest(self, until: str) -> str:
        return hmac.new(self._token, f"debug page until {until}".encode(), sha256).hexdigest()

    def _holds(self, cookie: str) -> bool:
        until, _, digest = cookie.partition(".")
        if not (self._token and until.isascii() and until.isdigit() and len(until) < 12):
            return False
        good = hmac.compare_digest(digest.encode("utf-8", "replace"), self._digest(until).encode())
        return good and int(until) > self._now()


async def refuse(request: web.Request) -> web.StreamResponse:
    """Say that a token is needed, as a program expects it."""
    log.warning("server.refused", path=request.path, peer=request.remote)
    body = {"data": {}, "error": "401", "message": "invalid_credentials", "status": "error"}
    return web.json_response(body, status=401, headers={"WWW-Authenticate": "Bearer"})
