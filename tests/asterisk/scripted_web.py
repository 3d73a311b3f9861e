"""The web of the scenarios, on loopback: answers as each script says and notes what was asked."""

import asyncio
import io
import json
import math
import struct
import wave
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from scenario import BROKEN, HOST, Asked

from ari_pivot.web.encode import pairs


@dataclass(slots=True)
class ScriptedWeb:
    """Sites by name: `http://127.0.0.1:PORT/NAME/PATH` is the script's `http://web.test/PATH`."""

    port: int = 0
    sites: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    _turns: Counter[str] = field(default_factory=Counter)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, name: str, script: Mapping[str, Any]) -> dict[str, Any]:
        """Give a script its site and return it with its own URLs in place of `web.test`."""
        text = json.dumps(dict(script))
        for site in script["web"]:
            if (error := site["replies"][0].get("error")) in BROKEN:
                text = text.replace(site["url"], self._broken(error))
        placed: dict[str, Any] = json.loads(text.replace(HOST, self._base(name)))
        self.sites[name] = {
            site["url"].removeprefix(self._base(name) + "/"): site["replies"]
            for site in placed["web"]
        }
        self.asked[name] = []
        return placed

    def _base(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def _broken(self, error: str) -> str:
        return {
            "dns": "http://no-such-host.invalid/",
            "refused": "http://127.0.0.1:9/",
            "tls": f"https://127.0.0.1:{self.port}/",
        }[error]

    async def until(self, name: str, kind: str, times: int = 1, timeout: float = 20.0) -> None:
        """Wait until so many requests of a kind have come; TimeoutError."""
        async with asyncio.timeout(timeout):
            while [one.kind for one in self.asked[name]].count(kind) < times:
                await self._grown.wait()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name, _, path = request.match_info["path"].partition("/")
        replies = self.sites.get(name, {}).get(path, [{"status": 404}])
        turn = self._turns[request.path]
        self._turns[request.path] += 1
        reply = replies[min(turn, len(replies) - 1)]
        self.asked.setdefault(name, []).append(
            Asked(path, _kind(path, reply), request.method, await _params(request))
        )
        self._grown.set()
        self._grown = asyncio.Event()
        if error := reply.get("error"):
            return await _fail(request, error)
        await asyncio.sleep(reply.get("delay", 0))
        return _response(reply)


@asynccontextmanager
async def serving() -> AsyncIterator[ScriptedWeb]:
    """Run the web on a port of its own."""
    scripted = ScriptedWeb()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", scripted.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    scripted.port = runner.addresses[0][1]
    try:
        yield scripted
    finally:
        await runner.cleanup()


def _kind(path: str, reply: Mapping[str, Any]) -> str:
    """Say what a request is for: its path says it, of what is told, the reply of what is had."""
    for start, kind in (("cdr", "cdr"), ("hook", "webhook"), ("store", "upload")):
        if path.startswith(start):
            return kind
    return "media" if "audio" in reply else "instructions"


async def _params(request: web.Request) -> dict[str, str]:
    found = dict(request.query)
    if request.content_type.startswith("audio/"):
        return found
    body = await request.text()
    if request.content_type == "application/json":
        return found | dict(pairs(json.loads(body)))
    return found | dict(parse_qsl(body, keep_blank_values=True))


async def _fail(request: web.Request, error: str) -> web.StreamResponse:
    if error == "timeout":
        await asyncio.sleep(60)
    if request.transport:
        request.transport.abort()
    return web.Response()


def _response(reply: Mapping[str, Any]) -> web.Response:
    body = tone(reply["audio"]) if "audio" in reply else reply.get("body", "").encode()
    headers = {"Content-Type": _type(reply, body)} | reply.get("headers", {})
    headers = {name: value for name, value in headers.items() if value}
    return web.Response(status=reply.get("status", 200), body=body, headers=headers)


def _type(reply: Mapping[str, Any], body: bytes) -> str:
    if "type" in reply:
        return str(reply["type"])
    known = {b"<": "text/xml", b"{": "application/json", b"R": "audio/wav", b"": ""}
    return known.get(body.lstrip()[:1], "text/plain")


@cache
def tone(seconds: float) -> bytes:
    """Return a WAV of 1 kHz."""
    wave_form = (round(12_000 * math.sin(math.pi / 4 * n)) for n in range(round(8000 * seconds)))
    data = b"".join(struct.pack("<h", sample) for sample in wave_form)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 8000, len(data) // 2, "NONE", ""))
        writer.writeframes(data)
    return file.getvalue()
