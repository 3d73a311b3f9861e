"""What a scenario is played on: the lab's Asterisk, a web of its own, and ari_pivot."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import ears
import lab
import yaml
from programs import ARI_PIVOT, Program, free_port
from scenario import DIRECTORY, Outcome, Scenario
from scripted_web import ScriptedWeb, serving

FALLBACK = 34  # the cause with which the dialplan ends the calls that fall to it
LONGEST = 40  # seconds of a call
_NOTICED = 10  # seconds in which ari_pivot must have noticed that a caller's line is gone


@dataclass(slots=True)
class Stage:
    """Calls to a number get the script of that name; `pivot` is the ari_pivot that runs now."""

    settings: Mapping[str, str]
    folder: Path
    lab: lab.Lab
    web: ScriptedWeb
    stack: AsyncExitStack
    app: str = field(default_factory=lambda: f"test-{uuid4().hex[:8]}")
    pivot: Program = field(init=False)

    async def open(
        self, scripts: Mapping[str, Mapping[str, Any]], *, connected: bool = True, **sections: Any
    ) -> None:
        """Start `ari-pivot serve` with a route for each script; `sections` change its settings."""
        routes = [{"numbers": [number], "flow": self._flow(number, script)}
                  for number, script in scripts.items()]  # fmt: skip
        config = self._configuration(routes)
        for name, section in sections.items():
            config[name] = config[name] | section if name in config else section
        (self.folder / "ari_pivot.yaml").write_text(yaml.safe_dump(config))
        await self.start(connected=connected)

    async def start(self, *, connected: bool = True) -> None:
        """Start ari_pivot again, as it was configured."""
        self.pivot = await Program.start(
            "ari-pivot", [*ARI_PIVOT, str(self.folder / "ari_pivot.yaml")]
        )
        self.stack.push_async_callback(self.pivot.stop)
        if connected:
            await self.pivot.until(lambda line: line["event"] == "asterisk.connected")

    def _flow(self, number: str, script: Mapping[str, Any]) -> dict[str, Any]:
        placed = self.web.add(number, script)
        return {
            "module": "pivot",
            "data": placed["pivot"],
            "children": placed.get("children", {}),
        }

    def _configuration(self, routes: list[Any]) -> dict[str, Any]:
        return {
            "asterisk": {
                "url": self.settings["ARI_URL"],
                "user": self.settings["ARI_USER"],
                "password": self.settings["ARI_PASSWORD"],
                "app": self.app,
            },
            "routes": routes,
            "fallback": {},
            # the scripts share one origin: what one does to it is not to reach another
            "web": {"allow": ["127.0.0.1"], "breaker_failures": 0},
            "calls": {},
            "directory": {},
            "media": {
                "directory": self.settings["SOUNDS_DIR"],
                "asterisk_directory": self.settings["ASTERISK_SOUNDS_DIR"],
            },
            "reports": {"database": f"sqlite:///{self.folder}/ari_pivot.db", "first": 0.5},
            "recordings": {"directory": str(self.folder / "recordings")},
            "voicemail": {"directory": str(self.folder / "voicemail")},
            "mail": {},
            "debug": {},
            "server": {"port": free_port()},
            "log": {"level": "debug", "format": "json"},
        }

    async def call(self, number: str, script: Mapping[str, Any]) -> lab.Caller:
        """Let the script's caller call."""
        who = script.get("caller", {})
        return await self.lab.call(
            f"app-{self.app}*{number}",
            list(steps(who.get("do", []))),
            caller_id=f'"{who.get("name", "")}" <{who.get("from", "+15551230001")}>',
        )

    async def outcome(
        self, number: str, caller: lab.Caller, *, cdr: bool = True, hooks: int = 0
    ) -> Outcome:
        """Wait until the call, and what is owed of it, are through; say what came of it."""
        cause = await self.ended(caller)
        ended = await self.noticed(number)
        if cdr:
            await self.reported(number)
        if hooks:
            await self.reported(number, hooks, "webhook")
        return Outcome(
            self.web.asked[number],
            list(with_pauses(await heard(caller))),
            {"line": cause, **ended},
            [line["code"] for line in self.said(number, "call.problem")],
        )

    async def ended(self, caller: lab.Caller) -> int | None:
        """Wait for the end of the caller's line and return its cause; a call that hangs has none."""
        try:
            async with asyncio.timeout(LONGEST):
                return await caller.ended
        except TimeoutError:
            await self.lab.end(caller)
            return None

    async def noticed(self, number: str) -> Mapping[str, Any]:
        """Wait until ari_pivot says that the call is over; return what it says."""

        def over(line: Mapping[str, Any]) -> bool:
            return line["event"] == "call.ended" and line in self.said(number, "call.ended")

        try:
            return await self.pivot.until(over, _NOTICED)
        except RuntimeError:
            return {}

    async def reported(self, number: str, times: int = 1, kind: str = "cdr") -> None:
        """Wait for a report, sent so often; that none comes is told by what is compared."""
        try:
            await self.web.until(number, kind, times)
        except TimeoutError:
            return

    def said(self, number: str, event: str) -> list[dict[str, Any]]:
        """Return what ari_pivot has logged of the calls to a number."""
        calls = {
            line["call"]
            for line in self.pivot.lines
            if line["event"] == "call.started" and line.get("dialled") == number
        }
        return [
            line
            for line in self.pivot.lines
            if line["event"] == event and line.get("call") in calls
        ]


@asynccontextmanager
async def staged(settings: Mapping[str, str], folder: Path) -> AsyncIterator[Stage]:
    """Set a stage; what was started on it is ended with it."""
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(serving())
        telephone = await stack.enter_async_context(lab.connected(settings))
        yield Stage(settings, folder, telephone, web, stack)


async def play_all(
    scenarios: Sequence[Scenario], settings: Mapping[str, str], folder: Path, at_once: int = 6
) -> dict[str, Outcome]:
    """Play scenarios beside each other and return what came of each, by name."""
    numbers = {one.name: str(5000 + index) for index, one in enumerate(scenarios)}
    async with staged(settings, folder) as stage:
        scripts = {numbers[one.name]: one.script for one in scenarios}
        await stage.open(scripts, directory=DIRECTORY)
        room = asyncio.Semaphore(at_once)

        async def play(one: Scenario) -> Outcome:
            number = numbers[one.name]
            async with room:
                caller = await stage.call(number, one.script)
                return await stage.outcome(
                    number,
                    caller,
                    cdr=one.expect.get("cdr") is not None,
                    hooks=len(one.expect.get("hooks", [])),
                )

        outcomes = await asyncio.gather(*map(play, scenarios))
    return {one.name: outcome for one, outcome in zip(scenarios, outcomes, strict=True)}


async def heard(caller: lab.Caller) -> list[ears.Sound]:
    """Return what the caller heard, the keys he was sent among it."""
    sounds = await asyncio.to_thread(ears.listen, await caller.recording())
    keys = [ears.Sound(f"key {key}", at - 0.1, at) for at, key in caller.keys]
    return sorted(sounds + keys, key=lambda sound: sound.start)


def steps(actions: list[dict[str, Any]]) -> Iterator[str]:
    """Turn what the caller does into the lab's script."""
    now = 0.0
    for action in sorted(actions, key=lambda one: one["at"]):
        if action["at"] > now:
            yield f"w{action['at'] - now:.2f}"
            now = action["at"]
        if keys := action.get("press"):
            yield f"d{keys}"
            now += 0.2 * len(str(keys)) - 0.1
        elif page := action.get("fax"):
            yield f"f{page}"
        elif seconds := action.get("speak"):
            yield f"t440/{seconds}"
            now += seconds
        else:
            yield "h"


def with_pauses(sounds: Sequence[ears.Sound]) -> Iterator[tuple[str, float]]:
    """Return kinds and lengths, with the pauses between; ringing is not told."""
    before = 0.0
    for sound in sounds:
        if sound.kind == "ringing":
            continue
        if sound.start - before > 0.3:
            yield "pause", sound.start - before
        yield ("tone" if sound.kind == "1000 Hz" else sound.kind), sound.seconds
        before = sound.end
