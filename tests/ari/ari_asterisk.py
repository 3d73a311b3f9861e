"""Asterisk's HTTP server, as far as a connection sees it: websocket, commands, API documents."""

import asyncio
import json
from base64 import b64decode
from contextlib import asynccontextmanager

from aiohttp import WSCloseCode, web
from aiohttp.test_utils import TestServer

_PARAMETERS = {  # operation: name of each parameter, and where it stands
    ("applications", "filter", "PUT", "/applications/{applicationName}/eventFilter"): {
        "applicationName": "path", "filter": "body",
    },
    ("applications", "get", "GET", "/applications/{applicationName}"): {"applicationName": "path"},
    ("channels", "list", "GET", "/channels"): {},
    ("channels", "answer", "POST", "/channels/{channelId}/answer"): {"channelId": "path"},
    ("channels", "hangup", "DELETE", "/channels/{channelId}"): {
        "channelId": "path", "reason": "query",
    },
    ("channels", "playWithId", "POST", "/channels/{channelId}/play/{playbackId}"): {
        "channelId": "path", "playbackId": "path", "media": "query", "lang": "query",
    },
    ("channels", "sendDTMF", "POST", "/channels/{channelId}/dtmf"): {
        "channelId": "path", "dtmf": "query", "duration": "query",
    },
    ("playbacks", "get", "GET", "/playbacks/{playbackId}"): {"playbackId": "path"},
    ("recordings", "list", "GET", "/recordings/stored"): {},
}  # fmt: skip


class Asterisk:
    """`commands` are lines of transport, method, path and what was given besides.

    `answers` maps method and path to a status and body, or to a function that gives one.
    """

    def __init__(self, *, modern=True, user="pivot", password="secret"):
        self.modern = modern  # takes commands over the websocket
        self.who = f"{user}:{password}"
        self.commands = []
        self.answers = {}
        self.sockets = []
        self.apps = []
        self.arrived = asyncio.Event()
        self.deaf = False  # reads nothing from its websockets, not even pings
        self.documents = None  # instead of the real ones
        self.url = ""

    async def tell(self, **event):
        """Send an event to every websocket."""
        for socket in self.sockets:
            await socket.send_str(json.dumps(event))

    async def say(self, text):
        for socket in self.sockets:
            await socket.send_str(text)

    async def close(self):
        """Close the websockets in order."""
        for socket in list(self.sockets):
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)

    def cut(self):
        """Cut the websockets off."""
        for socket in list(self.sockets):
            socket._req.transport.abort()

    async def connected(self, times=1):
        """Wait for as many websockets in all."""
        while len(self.apps) < times:
            self.arrived.clear()
            await self.arrived.wait()

    async def wait_for(self, *wanted):
        """Wait until the last commands are these, without their transport."""
        while [line.partition(" ")[2] for line in self.commands[-len(wanted) :]] != list(wanted):
            self.arrived.clear()
            await self.arrived.wait()

    async def handle(self, request):
        if b64decode(request.headers.get("Authorization", "")[6:]).decode() != self.who:
            return web.json_response({"message": "Authentication required"}, status=401)
        path = request.path.removeprefix("/ari/")
        if path == "events":
            return await self._events(request)
        if path.startswith("api-docs/"):
            return self._document(path.removeprefix("api-docs/").removesuffix(".json"))
        given = await request.text() or json.dumps(dict(request.query))
        path = request.raw_path.partition("?")[0].removeprefix("/ari/")
        status, body = await self._do("http", request.method, path, json.loads(given))
        return web.Response(status=status, text=body, content_type="application/json")

    async def _events(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.apps.append(request.query["app"])
        self.arrived.set()
        try:
            if self.deaf:
                await asyncio.Event().wait()
            async for message in socket:
                asyncio.create_task(self._command(socket, json.loads(message.data)))  # noqa: RUF006
        finally:
            self.sockets.remove(socket)
        return socket

    async def _command(self, socket, message):
        given = json.loads(message.get("message_body", "{}"))
        status, body = await self._do("websocket", message["method"], message["uri"], given)
        if not socket.closed:
            await socket.send_json(
                {
                    "type": "RESTResponse",
                    "request_id": message["request_id"],
                    "status_code": status,
                    "message_body": body,
                }
            )

    async def _do(self, transport, method, path, given):
        self.commands.append(f"{transport} {method} {path} {json.dumps(given)}")
        self.arrived.set()
        answer = self.answers.get(f"{method} {path}", (204, ""))
        if callable(answer):
            answer = await answer()
        return answer

    def _document(self, name):
        if self.documents is not None:
            return web.Response(text=self.documents, content_type="application/json")
        if name == "resources":
            names = sorted({key[0] for key in _PARAMETERS} | {"events"})
            apis = [{"path": f"/api-docs/{n}.{{format}}", "description": n} for n in names]
            return web.json_response(
                {"swaggerVersion": "1.1", "basePath": "http://localhost:8088/ari", "apis": apis}
            )
        models = {"Event": {"id": "Event", "properties": {}}}
        if name == "events" and self.modern:
            models["RESTResponse"] = {"id": "RESTResponse", "properties": {}}
        return web.json_response(
            {
                "basePath": "http://localhost:8088/ari",
                "resourcePath": f"/api-docs/{name}.{{format}}",
                "apis": [
                    _operation(*key[1:], p) for key, p in _PARAMETERS.items() if key[0] == name
                ],
                "models": models,
            }
        )


def _operation(nickname, method, path, parameters):
    described = [
        {"name": name, "paramType": kind, "dataType": "string", "required": kind == "path"}
        for name, kind in parameters.items()
    ]
    operation = {"httpMethod": method, "nickname": nickname, "parameters": described}
    return {"path": path, "operations": [operation]}


@asynccontextmanager
async def listening(asterisk, *, host="127.0.0.1", port=0, tls=None):
    """Run the server; `url` is where it is."""
    app = web.Application()
    app.router.add_route("*", "/ari/{path:.*}", asterisk.handle)
    server = TestServer(app, host=host, port=port)
    await server.start_server(ssl=tls, shutdown_timeout=0)
    shown = f"[{host}]" if ":" in host else host
    asterisk.url = f"http{'s' if tls else ''}://{shown}:{server.port}"
    try:
        yield asterisk
    finally:
        await server.close()
