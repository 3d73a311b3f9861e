"""Between Asterisk and a controller: passes everything on, and notes when what passed."""

import asyncio
import time
from collections import defaultdict

import aiohttp
import msgspec
from aiohttp import web


class _Channel(msgspec.Struct):
    id: str = ""


class _Message(msgspec.Struct):
    type: str = ""
    channel: _Channel | None = None
    uri: str = ""


_parse = msgspec.json.Decoder(_Message).decode


class Tap:
    """Listens on a port of its own in place of Asterisk; times are those of time.monotonic.

    `started` is when each channel came, `commands` when each command about it went, `sent` the
    number of all commands.
    """

    def __init__(self, asterisk: str) -> None:
        self._asterisk = asterisk
        self._session = aiohttp.ClientSession()
        self.started: dict[str, float] = {}
        self.commands: dict[str, list[float]] = defaultdict(list)
        self.sent = 0
        self._runner: web.AppRunner | None = None

    async def open(self) -> str:
        """Listen; return the address to give a controller in place of Asterisk's."""
        application = web.Application()
        application.router.add_get("/ari/events", self._events)
        application.router.add_route("*", "/{path:.*}", self._other)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    def forget(self) -> None:
        """Begin anew."""
        self.started.clear()
        self.commands.clear()
        self.sent = 0

    async def close(self) -> None:
        await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def _other(self, request: web.Request) -> web.Response:
        url = self._asterisk + request.path_qs
        headers = {"Authorization": request.headers.get("Authorization", "")}
        async with self._session.request(request.method, url, headers=headers) as answer:
            return web.Response(
                body=await answer.read(), status=answer.status, content_type=answer.content_type
            )

    async def _events(self, request: web.Request) -> web.WebSocketResponse:
        url = self._asterisk + request.path_qs
        headers = {"Authorization": request.headers["Authorization"]}
        controller = web.WebSocketResponse()
        async with self._session.ws_connect(url, headers=headers, max_msg_size=0) as asterisk:
            await controller.prepare(request)
            down = asyncio.create_task(self._down(asterisk, controller))
            try:
                await self._up(controller, asterisk)
            finally:
                down.cancel()
        return controller

    async def _down(
        self, asterisk: aiohttp.ClientWebSocketResponse, controller: web.WebSocketResponse
    ) -> None:
        async for frame in asterisk:
            message = _parse(frame.data)
            if message.type == "StasisStart" and message.channel:
                self.started[message.channel.id] = time.monotonic()
            await controller.send_str(frame.data)

    async def _up(
        self, controller: web.WebSocketResponse, asterisk: aiohttp.ClientWebSocketResponse
    ) -> None:
        async for frame in controller:
            self.sent += 1
            resource, _, rest = _parse(frame.data).uri.partition("/")
            if resource == "channels":
                self.commands[rest.partition("/")[0]].append(time.monotonic())
            await asterisk.send_str(frame.data)
