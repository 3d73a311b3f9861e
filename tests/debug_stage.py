"""Calls of every kind in a debug log, and our HTTP server that shows them."""

import asyncio
import copy
import json
import socket
import time
from types import SimpleNamespace

from board_fakes import VOICE, Board, pivot
from line_fakes import EPOCH, later, now
from web_fakes import reply

from ari_pivot.config import build
from ari_pivot.errors import Code, WebError
from ari_pivot.observe import observers, pages
from ari_pivot.server.http import Server
from ari_pivot.simulator.clock import run
from ari_pivot.store.database import Database

TOKEN = "a-token-of-the-tests"

MENU = """<Response><Gather action="/menu" numDigits="1" timeout="5"><Say>Welcome. For sales, \
press 1. For support, press 2.</Say></Gather><Say>Goodbye.</Say></Response>"""
FLOW = {
    "module": "play",
    "data": {"id": "support-queue"},
    "children": {"_": {"module": "hangup", "data": {}, "children": {}}},
}
HOSTILE = "<img src=x onerror=alert(1)>"
BROKEN = f"<Response><Say>Hello {HOSTILE}<script>document.title='owned'</script></Response>"


def twiml(text):
    return reply(200, text, content_type="text/xml", Server="nginx/1.26.2")


async def _menu():
    board = Board(pivot(debug=True), {VOICE: [twiml(MENU)]})
    flow = json.dumps(FLOW)
    board.web.answers["http://web.example/menu"] = [
        reply(200, flow, content_type="application/json")
    ]
    later(3.2, board.asterisk.press, "2")
    return await _run(board)


async def _broken():
    return await _run(Board(pivot(), {VOICE: [twiml(BROKEN)]}))


async def _down():
    error = WebError("connection refused", code=Code.CONNECTION, where=VOICE)
    return await _run(Board(pivot(debug=True), {VOICE: [error]}))


async def _refused():
    return await _run(Board(pivot(debug=True), {VOICE: [reply(503, "try again later")]}))


async def _run(board):
    kept = []

    def write(call_id, document, summary=None):
        kept.append((now() - EPOCH, copy.deepcopy(document), summary()))
        return len(json.dumps(document, default=str))

    board.write = write
    await board.arrive()
    return kept


#: Seconds ago, id, and how the call went.
CALLS = [
    (7300.0, "1795392000.18", _menu, {"caller": "+15551230007", "name": "Sam Doe"}),
    (5400.0, "1795393900.19", _refused, {"caller": "+15551230004", "name": ""}),
    (1260.0, "1795398040.21", _down, {"caller": "+15551230003", "name": "Front desk"}),
    (424.0, "1795398876.22", _broken, {"caller": "+15551230002", "name": HOSTILE}),
    (95.0, "1795399205.23", _menu, {"caller": "+15551230001", "name": "Zoë Example"}),
]


class Stage:
    """Our HTTP server on a port of its own; `live` are the calls that go on."""

    def __init__(self, database="sqlite://", **settings):
        self.database = Database(database, threaded=False)
        server = {"token": TOKEN, "port": _free_port()} | settings
        self.config = build({"server": server}, "test")
        self.url = f"http://127.0.0.1:{self.config.server.port}"
        self.clock = time.time()
        self.live = {}
        self.health = {"ready": True, "calls": 0}

    async def __aenter__(self):
        self.seen = observers(self.config, self.database, lambda: self.clock)
        board = SimpleNamespace(calls=self.live, clock=time.time)
        more = pages(self.config, self.seen, board, self.refreshed)
        self.server = Server(lambda _: None, lambda: self.health, more)
        await self.server.start("127.0.0.1", self.config.server.port)
        return self

    async def __aexit__(self, *_):
        await self.server.close()
        await self.database.close()

    async def refreshed(self):
        """Stand in for the readings of the outbox."""

    async def fill(self):
        """Have all the calls in the log."""
        began = self.clock
        for ago, call_id, story, who in CALLS:
            for at, document, summary in await asyncio.to_thread(run, story()):
                self.clock = began - ago + at
                self.seen.debug.write(
                    call_id, document | {"call_id": call_id}, _whose(summary, began - ago, who)
                )
        self.clock = began
        await self.seen.debug.flush()

    def rings(self, call_id="1795399290.25", *, debug=True):
        """Have a call live."""
        self.live[call_id] = SimpleNamespace(
            doing="Gather",
            facts=SimpleNamespace(
                id=call_id, caller_number="+15551230009", caller_name="Ann Example",
                dialled="1000", started_at=time.time() - 12, status="in-progress", debug=debug,
            ),
        )  # fmt: skip


def _whose(summary, began, who):
    """Return a call's summary as it is of another caller, at another time."""
    said = json.loads(summary.text) | who
    for name in ("started_at", "answered_at", "ended_at"):
        if said.get(name) is not None:
            said[name] += began - EPOCH
    search = f"{summary.search} {who['caller']} {who['name']}".lower()
    told = type(summary)(summary.failed, search.encode("unicode_escape").decode(), json.dumps(said))
    return lambda: told


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
