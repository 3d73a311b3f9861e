"""Recordings over HTTP: `/recordings/RE…`, WAV unless `.mp3` is behind it."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from pathlib import Path

from aiohttp import web

from ari_pivot.recordings.names import TYPES, parse
from ari_pivot.recordings.shelf import Stream

#: Returns the file of an id and suffix; raises OSError.
Find = Callable[[str, str], Awaitable[Path | Stream | None]]


class RecordingPages:
    """Who knows the URL may hear it, or only who sends `authorization`, where that is set."""

    def __init__(self, find: Find, authorization: str = "") -> None:
        self._find = find
        self._authorization = authorization.encode()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get("/recordings/{name}", self._answer)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self._authorization:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            if not compare_digest(given, self._authorization):
                raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="recordings"'})
        name = parse(request.match_info["name"])
        if name is None:
            raise web.HTTPNotFound
        try:
            found = await self._find(*name)
        except OSError as error:
            raise web.HTTPServiceUnavailable from error
        if found is None:
            raise web.HTTPNotFound
        headers = {"Content-Type": TYPES[name[1]], "Cache-Control": "private, max-age=3600"}
        if isinstance(found, Path):
            return web.FileResponse(found, headers=headers)
        return await _streamed(request, found, headers)


async def _streamed(
    request: web.Request, found: Stream, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = found.size
    await response.prepare(request)
    if request.method != "HEAD":
        async for piece in found.pieces:
            await response.write(piece)
    await response.write_eof()
    return response
