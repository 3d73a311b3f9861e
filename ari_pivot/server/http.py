"""Our own HTTP: the sounds that Asterisk fetches from us, how we are, and more.

It listens on loopback unless the configuration says otherwise.
"""

from collections.abc import Callable, Iterable
from os import strerror
from pathlib import Path
from typing import Any

from aiohttp import web

from ari_pivot.errors import ConfigError

_TYPES = {".wav": "audio/wav"}


class Server:
    """Serves `/media/NAME`, `/health`, and `more`.

    `find` returns the file of a sound, `health` what is to be said; its key `ready` decides the
    status, 200 or 503, of `/health` and `/health/ready`. `/health/live` is 200 while we answer.
    """

    def __init__(
        self,
        find: Callable[[str], Path | None],
        health: Callable[[], dict[str, Any]],
        more: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        self._find = find
        self._health = health
        application = web.Application()
        application.add_routes(
            [
                web.get("/media/{name}", self._media),
                web.get("/health", self._say),
                web.get("/health/ready", self._say),
                web.get("/health/live", self._live),
                *more,
            ]
        )
        application.on_response_prepare.append(_nameless)
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self, host: str, port: int) -> None:
        """Begin to listen; raises ConfigError when the address cannot be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            why = strerror(error.errno) if error.errno else str(error)
            raise ConfigError(f"cannot listen on {host}:{port}: {why}", where="server") from error

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _media(self, request: web.Request) -> web.StreamResponse:
        file = self._find(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Type": _TYPES.get(file.suffix, "application/octet-stream"),
            "Cache-Control": "max-age=31536000, immutable",  # a name is a digest of the sound
        }
        return web.FileResponse(file, headers=headers)

    async def _say(self, request: web.Request) -> web.Response:
        health = self._health()
        return web.json_response(health, status=200 if health["ready"] else 503)

    async def _live(self, request: web.Request) -> web.Response:
        return web.json_response({"live": True})


async def _nameless(_: web.Request, response: web.StreamResponse) -> None:
    """Tell strangers neither versions, nor a browser to guess at what they are given."""
    response.headers["Server"] = "ari_pivot"
    response.headers["X-Content-Type-Options"] = "nosniff"
