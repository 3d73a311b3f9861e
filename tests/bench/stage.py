"""What the benchmark needs on the machine: the lab, the web server, and both controllers twice.

Each controller runs once beside Asterisk and once behind a tap, which notes when what passed.
"""

import asyncio
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
import yaml
from caller import Caller
from processes import Meter, Process, Program, listener
from spare import Spare
from tap import Tap
from web import ULAW

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docker"))
import lab  # noqa: E402 - beside our folder, not in a package
from programs import free_port  # noqa: E402

HERE = Path(__file__).resolve().parent
PIVOT, BARE = "ari_pivot", "bare loop"
NICE = -5  # both controllers' priority: that of config/ari-pivot.service
STANDARD, HELD = "1000", "2000"  # numbers: the standard call, and one that is held for ten seconds


@dataclass(slots=True)
class Controller:
    """One of the two programs; `tap` is what it speaks to Asterisk through, if anything."""

    name: str
    app: str
    program: Program
    tap: Tap | None

    def number(self, extension: str) -> str:
        """Return what is dialled so that this program gets the call."""
        return f"app-{self.app}*{extension}"


@dataclass(slots=True)
class Round:
    """A run of calls through one controller.

    `cpu` is seconds a call of each process, `others` the cores that everything else on the machine
    kept busy meanwhile, `reached` calls a second, `delays` what the controller added between a
    call's arrival and the first command, seconds, without the web server's time; `unhindered` those
    of them while the machine had processor time to spare.
    """

    calls: int
    failed: int
    commands: float
    requests: float
    cpu: dict[str, float]
    others: float
    reached: float
    delays: list[float]
    unhindered: list[float]


class Stage:
    """Everything up; as a context it ends what it began, but for Asterisk."""

    @classmethod
    async def set(cls, progress: Callable[[str], object]) -> Self:
        """Bring up Asterisk; raises RuntimeError where that is not possible."""
        try:
            return cls(await asyncio.to_thread(lab.up, progress=progress))
        except lab.NoLab as reason:
            raise RuntimeError(str(reason)) from reason

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="ari_pivot-bench-"))
        self._sounds = Path(settings["SOUNDS_DIR"]) / self.folder.name
        self._web = f"http://127.0.0.1:{free_port()}"
        self._http: aiohttp.ClientSession
        self.asterisk = Process(listener(settings["SIP_ADDR"]))
        self.caller = Caller(settings["SIP_ADDR"], self.folder)
        self.web: Program
        self._spare = Spare()
        self.direct: list[Controller] = []
        self.tapped: list[Controller] = []

    async def __aenter__(self) -> Self:
        self._stack.callback(shutil.rmtree, self.folder)
        self._stack.callback(shutil.rmtree, self._sounds)
        self._sounds.mkdir()
        (self._sounds / "prompt.ulaw").write_bytes(ULAW)
        try:
            watching = asyncio.create_task(self._spare.watch())
            self._stack.callback(watching.cancel)
            self._http = await self._stack.enter_async_context(aiohttp.ClientSession())
            port = self._web.rpartition(":")[2]
            self.web = await self._start(
                "web", [sys.executable, str(HERE / "web.py"), "--port", port]
            )
            for name in (BARE, PIVOT):
                self.direct.append(await self._controller(name, None))
                self.tapped.append(await self._controller(name, Tap(self._asterisk_url)))
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def _asterisk_url(self) -> str:
        return self._settings["ARI_URL"].removesuffix("/ari")

    async def _start(self, name: str, command: list[str], nice: int = 0) -> Program:
        program = Program(command, self.folder / f"{name}.log", nice)
        self._stack.callback(program.stop)
        await program.until("connected")
        return program

    async def _controller(self, name: str, tap: Tap | None) -> Controller:
        app = f"bench-{name.replace(' ', '-')}-{'tapped' if tap else 'direct'}"
        asterisk = self._asterisk_url
        if tap:
            asterisk = await tap.open()
            self._stack.push_async_callback(tap.close)
        command = (self._pivot if name == PIVOT else self._bare)(app, asterisk)
        return Controller(name, app, await self._start(app, command, NICE), tap)

    def _pivot(self, app: str, asterisk: str) -> list[str]:
        settings, sounds = self._settings, self._settings["ASTERISK_SOUNDS_DIR"]
        action = {"method": "POST", "req_format": "twiml"}
        configuration = {
            "asterisk": {"url": asterisk, "app": app,
                         "user": settings["ARI_USER"], "password": settings["ARI_PASSWORD"]},
            "routes": [{"numbers": [STANDARD], "voice_url": f"{self._web}/voice", **action},
                       {"numbers": [HELD], "voice_url": f"{self._web}/hold", **action}],
            "web": {"allow": ["127.0.0.1"]},
            "media": {"directory": str(self._sounds),
                      "asterisk_directory": f"{sounds}/{self._sounds.name}"},
            "server": {"port": free_port()},
            "reports": {"database": f"sqlite:///{self.folder}/{app}.db"},
        }  # fmt: skip
        file = self.folder / f"{app}.yaml"
        file.write_text(yaml.safe_dump(configuration))
        return [sys.executable, "-m", "ari_pivot", "serve", "-c", str(file)]

    def _bare(self, app: str, asterisk: str) -> list[str]:
        settings = self._settings
        sound = f"sound:{settings['ASTERISK_SOUNDS_DIR']}/{self._sounds.name}/prompt"
        return [
            sys.executable, str(HERE / "bare.py"), "--ari", f"{asterisk}/ari", "--app", app,
            "--user", settings["ARI_USER"], "--password", settings["ARI_PASSWORD"],
            "--web", self._web, "--sound", sound,
        ]  # fmt: skip

    async def _seen(self) -> Any:
        async with self._http.get(f"{self._web}/seen") as answer:
            return await answer.json()

    async def round(self, controller: Controller, calls: int, rate: float) -> Round:
        """Let `calls` standard calls go through a controller, `rate` a second."""
        meter = Meter(
            {"Asterisk": self.asterisk, "web server": self.web, "controller": controller.program}
        )
        if controller.tap:
            controller.tap.forget()
        placed = await self.caller.call("standard.xml", controller.number(STANDARD), calls, rate)
        cpu, others = meter.read(placed)
        seen = await self._seen()
        if controller.tap:
            controller.tap.read()
        good = sorted(when for when, digits in seen["digits"].values() if digits == "1234")
        delays = _delays(controller.tap, seen["asked"]) if controller.tap else []
        return Round(
            calls=calls,
            failed=max(placed.failed, calls - len(good)),
            commands=controller.tap.sent / calls if controller.tap else 0.0,
            requests=seen["requests"] / calls,
            cpu={name: seconds / calls for name, seconds in cpu.items()},
            others=others,
            reached=(len(good) - 1) / (good[-1] - good[0]) if len(good) > 1 else 0.0,
            delays=[delay for _, _, delay in delays],
            unhindered=[
                delay for began, ended, delay in delays if self._spare.between(began, ended)
            ],
        )

    async def warm_up(self) -> None:
        """Let a few calls through each controller: caches are filled, connections stand."""
        every = (*self.direct, *self.tapped)
        await asyncio.gather(
            *(self.caller.call("standard.xml", one.number(STANDARD), 10, 10) for one in every)
        )
        await self._seen()

    async def live(self, controller: Controller) -> int:
        """Return how many channels the controller has."""
        url = f"{self._settings['ARI_URL']}/applications/{controller.app}"
        settings = self._settings
        secret = aiohttp.encode_basic_auth(settings["ARI_USER"], settings["ARI_PASSWORD"])
        async with self._http.get(url, headers={"Authorization": secret}) as answer:
            return len((await answer.json())["channel_ids"])


def _delays(tap: Tap, asked: dict[str, Any]) -> list[tuple[float, float, float]]:
    """Return of each call when it came, when the first command went, and the wait for both."""
    delays = []
    for channel, started in tap.started.items():
        digest = hashlib.md5(channel.encode(), usedforsecurity=False).hexdigest()
        if times := asked.get(f"CA{digest}"):
            came, answered = times
            first = min((when for when in tap.commands[channel] if when > answered), default=None)
            if first is not None:
                delays.append((started, first, came - started + first - answered))
    return delays
