"""The controller alone: production parts on an Asterisk in memory, web server in memory, no wait.

Prints one JSON object: calls, processor seconds, resident bytes half-way and at the end, and what
was left over.
"""

import argparse
import asyncio
import gc
import json
import os
import tempfile
import time
from pathlib import Path

from multidict import CIMultiDict
from processes import Process
from web import DIGITS, VOICE, prompt

from ari_pivot import logs
from ari_pivot.ari.client import Ari
from ari_pivot.compose import Outside, Parts, compose
from ari_pivot.config import build
from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.core import Asterisk
from ari_pivot.simulator.asterisk.far import FarEnd, Sound
from ari_pivot.simulator.asterisk.sounds import Sounds
from ari_pivot.simulator.clock import run
from ari_pivot.simulator.speech import Pace
from ari_pivot.store.database import Database
from ari_pivot.web.hop import Reply, Request

_GAP = 0.01  # seconds between two calls
_WARM = 200  # calls before anything is counted


class Customer:
    """The customer's web server."""

    def __init__(self) -> None:
        self._replies = {
            "/voice": (CIMultiDict({"Content-Type": "text/xml"}), VOICE.encode()),
            "/digits": (CIMultiDict({"Content-Type": "application/json"}), DIGITS.encode()),
            "/prompt.wav": (
                CIMultiDict({"Content-Type": "audio/wav", "Cache-Control": "max-age=86400"}),
                prompt(),
            ),
        }

    async def __call__(self, request: Request) -> Reply:
        headers, body = self._replies[request.url.removeprefix("http://web.test")]
        return Reply(200, headers, body, request.url)


class Caller(FarEnd):
    """Presses four keys as soon as the prompt begins; `carried` counts the calls that went well."""

    carried = 0

    def __init__(self, done: asyncio.Semaphore) -> None:
        self.channel: Channel
        self._done = done
        self._heard_prompt = False

    def hears(self, sound: Sound) -> None:
        if not self._heard_prompt:
            self._heard_prompt = True
            loop = asyncio.get_running_loop()
            for number, key in enumerate("1234"):
                loop.call_later(0.1 + number * 0.2, self.channel.press, key, 0.1)

    def heard(self, sound: Sound) -> None:
        Caller.carried += sound.media == "sound:beep" and not sound.interrupted

    def gone(self, cause: int, sip: int) -> None:
        self._done.release()


def _parts(folder: Path, ari: Ari, database: Database) -> Parts:
    settings = {
        "routes": [
            {"numbers": ["*"], "voice_url": "http://web.test/voice", "method": "POST",
             "req_format": "twiml"},
        ],
        "media": {"directory": folder, "asterisk_directory": str(folder)},
        "calls": {"at_once": 0, "per_second": 0},  # time stands still between two calls
    }  # fmt: skip
    outside = Outside(ari, Customer(), database, lambda _: Pace())
    return compose(build(settings, "benchmark"), outside)


async def _place(asterisk: Asterisk, calls: int) -> None:
    """Let calls come in one after the other, and wait for the end of the last."""
    done = asyncio.Semaphore(0)
    for number in range(calls):
        caller = Caller(done)
        caller.channel = asterisk.call(caller, f"+1555123{number % 10_000:04}", "1000")
        await asyncio.sleep(_GAP)
    for _ in range(calls):
        await done.acquire()
    await asyncio.sleep(1)
    gc.collect()


async def measure(calls: int) -> dict[str, float]:
    me = Process(os.getpid())
    with tempfile.TemporaryDirectory(prefix="ari_pivot-bench-") as name:
        folder, ari, database = Path(name), Ari(), Database("sqlite://", threaded=False)
        parts = _parts(folder, ari, database)
        asterisk = Asterisk(parts.switchboard.receive, sounds=Sounds({name: folder}))
        ari.use(asterisk)
        await _place(asterisk, _WARM)
        tasks, Caller.carried = len(asyncio.all_tasks()), 0
        began = time.process_time()
        await _place(asterisk, calls // 2)
        half = me.memory()
        await _place(asterisk, calls - calls // 2)
        used = time.process_time() - began
        if Caller.carried != calls:
            raise RuntimeError(f"{calls - Caller.carried} of {calls} calls failed")
        measured = {
            "calls": calls, "cpu": used, "memory_half": half, "memory": me.memory(),
            "tasks_before": tasks, "tasks_after": len(asyncio.all_tasks()),
            "channels": len(asterisk.channels), "bridges": len(asterisk.bridges),
        }  # fmt: skip
        await parts.library.close()
        await database.close()
        return measured


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=10_000)
    logs.set_up("info", "json")
    print(json.dumps(run(measure(options.parse_args().calls))))


if __name__ == "__main__":
    main()
