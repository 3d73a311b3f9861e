"""A program of few lines in ari_pivot's place: each call gets the same coroutine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
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

Work = Callable[[Call], Awaitable[Any]]


class Boxed(Sounds):
    """Sounds that lie on the Asterisk box, under their own names."""


@dataclass(slots=True)
class Desk:
    """Takes calls; `work` is what is done with each, and `results` what came of it."""

    lab: lab.Lab
    ari: Ari = field(default_factory=Ari)
    app: str = field(default_factory=lambda: f"desk-{uuid4().hex[:8]}")
    lines: dict[str, Call] = field(default_factory=dict)
    results: "asyncio.Queue[Any]" = field(default_factory=asyncio.Queue)
    work: Work | None = None

    async def do(self, work: Work, *script: str) -> tuple[Any, lab.Caller]:
        """Let the scripted caller call, do the work, hang up; return its result and the caller."""
        self.work = work
        caller = await self.lab.call(f"app-{self.app}", script, caller_id='"Ann" <+15551230001>')
        async with asyncio.timeout(60):
            result = await self.results.get()
            await caller.ended
        if isinstance(result, BaseException):
            raise result
        return result, caller

    async def left(self) -> list[str]:
        """Return what of ours there still is in Asterisk, a moment later at most."""
        for _ in range(50):
            left = [one["id"] for one in await self.ari.send(CHANNELS) if self._ours(one)]
            left += [one["id"] for one in await self.ari.send(BRIDGES) if one["name"] == self.app]
            if not left:
                break
            await asyncio.sleep(0.02)
        return left

    def _ours(self, channel: Mapping[str, Any]) -> bool:
        app = channel["dialplan"]["app_data"].partition(",")[0]
        return app == self.app or channel["id"].startswith(OWN)

    def receive(self, event: events.Event) -> None:
        call = self.lines.get(event.about)
        if call is None and type(event) is events.StasisStart and not event.about.startswith(OWN):
            call = self._new(event.channel)
            asyncio.create_task(self._serve(call))  # noqa: RUF006 - its result is waited for
        elif call:
            call.receive(event)

    def _new(self, channel: events.Channel) -> Call:
        known = facts(channel, {}, "", "en-us", 0.0)
        leg = Leg(channel.id, channel.state)
        return Call(known, leg, self.ari, Boxed(), _now, lines=self.lines, app=self.app)

    async def _serve(self, call: Call) -> None:
        try:
            result = await self.work(call)
            await hangup(call)
        except BaseException as error:  # noqa: BLE001 - the test is to be told
            result = error
        self.results.put_nowait(result)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def heard(caller: lab.Caller) -> list[str]:
    """Return what the caller heard, the sounds in their order."""
    return [sound.kind for sound in ears.listen(await caller.recording())]


@asynccontextmanager
async def opened(settings: Mapping[str, str]) -> AsyncIterator[Desk]:
    """Have a desk on the lab's Asterisk."""
    async with lab.connected(settings) as beside:
        desk, ready = Desk(beside), asyncio.Event()

        async def connected() -> None:
            ready.set()

        url = settings["ARI_URL"].removesuffix("/ari")
        address = Address(url, settings["ARI_USER"], settings["ARI_PASSWORD"], desk.app)
        connecting = asyncio.create_task(
            Connection(address, desk.ari, desk.receive, connected).run()
        )
        await ready.wait()
        try:
            yield desk
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
