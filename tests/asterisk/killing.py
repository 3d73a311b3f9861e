"""Calls on a real Asterisk while ari_pivot is killed with -9 and the CDRs' server is away.

`PYTHONPATH=.:docker:tests:tests/scenarios python tests/asterisk/killing.py 2000` prints what came of it.
"""

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp
import lab
import yaml
from aiohttp import web
from programs import ARI_PIVOT, Program, free_port

DOCUMENT = '<Response><Pause length="2"/><Hangup/></Response>'
PATIENCE = 120  # seconds until the last CDR must be there


@dataclass
class Figures:
    """What came of it. `handed_over` are the calls whose web server was asked."""

    handed_over: int = 0
    reported: int = 0
    missing: int = 0
    reported_twice: int = 0  # accepted again, with the same token: the kill came in between
    kills: int = 0
    taken_up: int = 0  # calls that lived when ari_pivot was killed, and were told so
    server_away: float = 0.0  # seconds
    most_waiting: int = 0
    seconds: float = 0.0


@dataclass
class Customer:
    """The customer's web server; the one that takes CDRs is another, which may be away."""

    asked: set[str] = field(default_factory=set)
    cdrs: Counter = field(default_factory=Counter)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    async def voice(self, request):
        self.asked.add((await request.post())["To"])
        return web.Response(text=DOCUMENT, content_type="text/xml")

    async def cdr(self, request):
        call = (await request.post())["Callee-ID-Number"]
        self.cdrs[call] += 1
        self.tokens.setdefault(call, set()).add(request.headers["I-Twilio-Idempotency-Token"])
        return web.Response(status=204)

    @asynccontextmanager
    async def serving(self, handler, port):
        app = web.Application()
        app.router.add_post("/", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()


class Trial:
    """`calls` are handed over, `rate` a second; ari_pivot dies `kills` times, evenly spread.

    The CDRs' server is away while the middle half of the calls come.
    """

    def __init__(self, settings, folder, *, calls, kills=3, rate=10.0):
        self.settings, self.folder = settings, folder
        self.calls, self.kills, self.rate = calls, kills, rate
        self.app = f"test-{uuid4().hex[:8]}"
        self.customer = Customer()
        self.figures = Figures()

    async def run(self):
        began = time.monotonic()
        secret = aiohttp.encode_basic_auth(self.settings["ARI_USER"], self.settings["ARI_PASSWORD"])
        async with (
            self.customer.serving(self.customer.voice, 0) as voice,
            aiohttp.ClientSession(headers={"Authorization": secret}) as self.session,
        ):
            self._configure(voice)
            self.pivot = await self._start()
            try:
                await self._all_calls()
                await self._all_reported()
            finally:
                await self.pivot.stop()
        return self._count(time.monotonic() - began)

    async def _all_calls(self):
        killing = [self.calls * (n + 1) // (self.kills + 1) for n in range(self.kills)]
        away = range(self.calls // 4, self.calls * 3 // 4)
        number = 0
        async with self.customer.serving(self.customer.cdr, self.customer.port):
            while len(self.customer.asked) < away.start:
                number = await self._another(number)
        left = time.monotonic()
        while len(self.customer.asked) < away.stop:
            number = await self._another(number)
            if killing and len(self.customer.asked) >= killing[0]:
                killing.pop(0)
                await self._kill()
        self.figures.server_away = time.monotonic() - left
        self.figures.most_waiting = len(self.customer.asked) - len(self.customer.cdrs)
        async with self.customer.serving(self.customer.cdr, self.customer.port):
            while len(self.customer.asked) < self.calls:
                number = await self._another(number)
                if killing and len(self.customer.asked) >= killing[0]:
                    killing.pop(0)
                    await self._kill()
            while killing:
                killing.pop()
                await self._kill()
            await self._reported()

    async def _all_reported(self):
        """Kill it once more, and see what it sends again although it was accepted."""
        async with self.customer.serving(self.customer.cdr, self.customer.port):
            await self._kill()
            await asyncio.sleep(3)

    async def _reported(self):
        async with asyncio.timeout(PATIENCE):
            while self.customer.cdrs.keys() < self.customer.asked:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)

    async def _another(self, number):
        """Let somebody call a number of his own; return the next."""
        wanted = {
            "endpoint": f"Local/app-{self.app}*{7_000_000 + number}@from-lab/n",
            "context": "caller", "extension": "script", "priority": 1,
            "variables": {"SCRIPT": ""},
        }  # fmt: skip
        url = f"{self.settings['ARI_URL']}/channels"
        async with self.session.post(url, json=wanted) as answer:
            assert answer.status == 200, await answer.text()
        await asyncio.sleep(1 / self.rate)
        return number + 1

    async def _kill(self):
        await self.pivot.stop(signal.SIGKILL)
        self.figures.kills += 1
        self._taken_up()
        self.pivot = await self._start()

    async def _start(self):
        pivot = await Program.start("ari-pivot", [*ARI_PIVOT, str(self.folder / "pivot.yaml")])
        await pivot.until(lambda line: line["event"] == "asterisk.connected")
        return pivot

    def _taken_up(self):
        events = Counter(line["event"] for line in self.pivot.lines)
        self.figures.taken_up += events["call.adopted"] + events["call.found_ended"]

    def _configure(self, voice):
        sounds = self.settings["SOUNDS_DIR"], self.settings["ASTERISK_SOUNDS_DIR"]
        action = {
            "numbers": ["*"], "voice_url": f"http://127.0.0.1:{voice}/", "method": "post",
            "req_format": "twiml", "cdr_url": f"http://127.0.0.1:{self.customer.port}/",
        }  # fmt: skip
        said = {
            "asterisk": {
                "url": self.settings["ARI_URL"], "user": self.settings["ARI_USER"],
                "password": self.settings["ARI_PASSWORD"], "app": self.app,
            },
            "routes": [action],
            "fallback": {"media": ""},
            "web": {"allow": ["127.0.0.1"]},
            "media": {"directory": sounds[0], "asterisk_directory": sounds[1]},
            "reports": {"database": f"sqlite:///{self.folder}/pivot.db", "first": 0.5},
            "recordings": {"directory": str(self.folder / "recordings")},
            "server": {"port": free_port()},
            "log": {"level": "info", "format": "json"},
        }  # fmt: skip
        (self.folder / "pivot.yaml").write_text(yaml.safe_dump(said))

    def _count(self, seconds):
        self._taken_up()
        asked, cdrs, figures = self.customer.asked, self.customer.cdrs, self.figures
        figures.handed_over = len(asked)
        figures.reported = len(asked & cdrs.keys())
        figures.missing = len(asked - cdrs.keys())
        figures.reported_twice = sum(times > 1 for times in cdrs.values())
        figures.seconds = round(seconds, 1)
        assert all(len(tokens) == 1 for tokens in self.customer.tokens.values())
        return figures


def main(calls):
    with tempfile.TemporaryDirectory(prefix="ari_pivot-killing-") as folder:
        trial = Trial(lab.up("22"), Path(folder), calls=calls)
        sys.stdout.write(json.dumps(asdict(asyncio.run(trial.run())), indent=2) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
