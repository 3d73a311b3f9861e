"""A program of few lines in ari_pivot's place: what it does with a call is a coroutine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import ears
import lab
from line_fakes import Sounds

from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Address, Connection
from ari_pivot.ari.operations import BRIDGES, CHANNELS
from ari_pivot.call.answer import hangup
from ari_pivot.call.arrival import facts
from ari_pivot.call.call import Call
from ari_pivot.call.leg import OWN, Leg
from ari_pivot.call.replaced import replaces
from ari_pivot.call.rooms import Rooms
from ari_pivot.errors import CallEnded

Work = Callable[[Call], Awaitable[Any]]
LONGEST = 60  # seconds of a call
AT_ONCE = 6  # calls that a small machine can serve beside its other tests


@dataclass(frozen=True, slots=True)
class Take:
    """What came of a call: the work's result, and what the caller heard."""

    result: Any
    heard: list[str]


@dataclass(slots=True)
class Desk:
    """Takes calls; `work` is what is done with each, by the number that was dialled."""

    lab: lab.Lab
    ari: Ari = field(default_factory=Ari)
    app: str = field(default_factory=lambda: f"desk-{uuid4().hex[:8]}")
    lines: dict[str, Call] = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)
    results: dict[str, "asyncio.Future[Any]"] = field(default_factory=dict)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    rooms: Rooms = field(default_factory=Rooms)

    async def take(self, work: Work, script: Sequence[str]) -> Take:
        """Let a scripted caller call, do the work, hang up; raises what the work has raised."""
        number = str(2000 + len(self.work))
        self.work[number] = work
        result = self.results[number] = asyncio.get_running_loop().create_future()
        caller = await self.lab.call(
            f"app-{self.app}*{number}", script, caller_id='"Ann" <+15551230001>'
        )
        try:
            async with asyncio.timeout(LONGEST):
                made = await result
                await caller.ended
        finally:
            await self.lab.end(caller)
        sounds = ears.listen(await caller.recording())
        return Take(made, [sound.kind for sound in sounds])

    async def left(self) -> list[str]:
        """Return what there is of ours in Asterisk; what is going has a second for it."""
        for _ in range(50):
            left = [one["id"] for one in await self.ari.send(CHANNELS) if self._ours(one)]
            left += [one["id"] for one in await self.ari.send(BRIDGES) if one["name"] == self.app]
            if not left:
                break
            await asyncio.sleep(0.02)
        return left

    def _ours(self, channel: Mapping[str, Any]) -> bool:
        return channel["dialplan"]["app_data"].partition(",")[0] == self.app

    def receive(self, event: events.Event) -> None:
        if type(event) is events.StasisStart and replaces(self.lines, event):
            return
        call = self.lines.get(event.about)
        if call:
            call.receive(event)
        elif type(event) is events.StasisStart and event.about in self.rooms.expected:
            self._begin(self._go_on(self._new(event.channel)))
        elif type(event) is events.StasisStart and not event.about.startswith(OWN):
            self._begin(self._serve(self._new(event.channel)))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _go_on(self, call: Call) -> None:
        with suppress(CallEnded):
            await self.rooms.expected.pop(call.caller.id).run(call)
            await hangup(call)

    def _new(self, channel: events.Channel) -> Call:
        loop = asyncio.get_running_loop()
        known = facts(channel, {}, "", "en-us", loop.time())
        leg = Leg(channel.id, channel.state)
        return Call(known, leg, self.ari, Sounds(), loop.time, lines=self.lines, app=self.app,
                    rooms=self.rooms)  # fmt: skip

    async def _serve(self, call: Call) -> None:
        result = self.results[call.facts.dialled]
        try:
            made = await self.work[call.facts.dialled](call)
            await hangup(call)
        except BaseException as error:  # noqa: BLE001 - whoever waits for the result is told
            if not result.done():
                result.set_exception(error)
        else:
            if not result.done():
                result.set_result(made)


@asynccontextmanager
async def opened(settings: Mapping[str, str]) -> AsyncIterator[Desk]:
    """Have a desk on the lab's Asterisk."""
    async with lab.connected(settings) as beside:
        desk, ready = Desk(beside), asyncio.Event()

        async def connected() -> None:
            ready.set()

        url = settings["ARI_URL"].removesuffix("/ari")
        address = Address(url, settings["ARI_USER"], settings["ARI_PASSWORD"], desk.app)
        connection = Connection(address, desk.ari, desk.receive, connected)
        connecting = asyncio.create_task(connection.run())
        await ready.wait()
        try:
            yield desk
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)


async def take_all(
    settings: Mapping[str, str], scenes: Mapping[str, tuple[Work, Sequence[str]]]
) -> tuple[dict[str, Take], list[str]]:
    """Have the calls, some at once; return what came of them, and what is left in Asterisk."""
    free = asyncio.Semaphore(AT_ONCE)
    async with opened(settings) as desk:

        async def one(work: Work, script: Sequence[str]) -> Take:
            async with free:
                return await desk.take(work, script)

        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(one(*scene)) for name, scene in scenes.items()}
        return {name: task.result() for name, task in tasks.items()}, await desk.left()
