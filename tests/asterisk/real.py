"""Scenarios on a real Asterisk: all calls beside each other, one ari_pivot, one web."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ears
import lab
import yaml
from programs import ARI_PIVOT, Program, free_port
from scenario import Outcome, Scenario
from scripted_web import ScriptedWeb, serving

AT_ONCE = 8  # calls
LONGEST = 60  # seconds of a call
_LINE_ENDED = 5  # seconds in which ari_pivot has noticed that the caller's line is gone


def configuration(
    settings: Mapping[str, str], folder: Path, app: str, routes: list[Any], **more: Any
) -> dict[str, Any]:
    """Return ari_pivot's configuration for the lab; `more` replaces or adds to sections."""
    sections: dict[str, Any] = {
        "asterisk": {
            "url": settings["ARI_URL"],
            "user": settings["ARI_USER"],
            "password": settings["ARI_PASSWORD"],
            "app": app,
        },
        "routes": routes,
        "web": {"allow": ["127.0.0.1"]},
        "media": {
            "directory": settings["SOUNDS_DIR"],
            "asterisk_directory": settings["ASTERISK_SOUNDS_DIR"],
        },
        "reports": {"database": f"sqlite:///{folder}/{app}.db"},
        "server": {"port": free_port()},
        "log": {"level": "debug", "format": "json"},
    }
    for name, section in more.items():
        sections[name] = sections[name] | section if name in sections else section
    return sections


async def start(config: Mapping[str, Any], folder: Path, *, connected: bool = True) -> Program:
    """Start `ari-pivot serve` and wait until it has Asterisk."""
    file = folder / f"{config['asterisk']['app']}.yaml"
    file.write_text(yaml.safe_dump(dict(config)))
    program = await Program.start("ari-pivot", [*ARI_PIVOT, str(file)])
    if connected:
        await program.until(lambda line: line["event"] == "asterisk.connected")
    return program


@dataclass(slots=True)
class Stage:
    """What the scenarios are played on."""

    lab: lab.Lab
    web: ScriptedWeb
    pivot: Program
    app: str

    async def play(self, scenario: Scenario, number: str) -> Outcome:
        """Let the caller call, and wait until everything has come to its end."""
        who = scenario.script.get("caller", {})
        caller = await self.lab.call(
            f"app-{self.app}*{number}",
            list(steps(who.get("do", []))),
            caller_id=f'"{who.get("name", "")}" <{who.get("from", "+15551230001")}>',
        )
        try:
            async with asyncio.timeout(LONGEST):
                line_cause = await caller.ended
            await self._over(number)
        except (TimeoutError, RuntimeError):
            line_cause = None
            await self.lab.end(caller)
        if scenario.expect.get("cdr") is not None:
            await self._cdr(number)
        heard = await asyncio.to_thread(ears.listen, await caller.recording())
        heard += [ears.Sound(f"key {key}", at - 0.1, at) for at, key in caller.keys]
        heard.sort(key=lambda sound: sound.start)
        return Outcome(
            self.web.asked[number],
            list(with_pauses(heard)),
            self._ended(number) | {"line": line_cause},
            [line["code"] for line in self._said(number, "call.problem")],
        )

    async def _over(self, number: str) -> None:
        begun = self._begun(number)
        await self.pivot.until(
            lambda line: line["event"] == "call.ended" and begun and line["call"] == begun["call"],
            _LINE_ENDED,
        )

    async def _cdr(self, number: str) -> None:
        try:
            await self.web.until(number, "cdr")
        except TimeoutError:
            return  # that none came is told by what is compared

    def _begun(self, number: str) -> dict[str, Any] | None:
        return next(
            (one for one in self.pivot.lines
             if one["event"] == "call.started" and one["dialled"] == number), None
        )  # fmt: skip

    def _said(self, number: str, event: str) -> list[dict[str, Any]]:
        begun = self._begun(number)
        return [
            one
            for one in self.pivot.lines
            if begun and one["event"] == event and one.get("call") == begun["call"]
        ]

    def _ended(self, number: str) -> dict[str, Any]:
        said = self._said(number, "call.ended")
        keys = ("by", "cause", "sip", "answered", "given_back")
        return {key: said[0][key] for key in keys} if said else {}


async def play_all(
    scenarios: Sequence[Scenario], settings: Mapping[str, str], folder: Path, app: str
) -> dict[str, Outcome]:
    """Play all scenarios and return what came of each, by name."""
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(serving())
        numbers = {one.name: str(5000 + index) for index, one in enumerate(scenarios)}
        routes = []
        for one in scenarios:
            script = web.add(numbers[one.name], one.script)
            flow = {
                "module": "pivot",
                "data": script["pivot"],
                "children": script.get("children", {}),
            }
            routes.append({"numbers": [numbers[one.name]], "flow": flow})
        pivot = await start(configuration(settings, folder, app, routes), folder)
        stack.push_async_callback(pivot.stop)
        telephone = await stack.enter_async_context(lab.connected(settings))
        stage, room = Stage(telephone, web, pivot, app), asyncio.Semaphore(AT_ONCE)

        async def play(one: Scenario) -> Outcome:
            async with room:
                return await stage.play(one, numbers[one.name])

        outcomes = await asyncio.gather(*map(play, scenarios))
        return {one.name: outcome for one, outcome in zip(scenarios, outcomes, strict=True)}


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
