"""A simulated call: the production parts around an Asterisk in memory, the web and the caller."""

import asyncio
import itertools
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ari_pivot import ids
from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.compose import Outside, Parts, compose
from ari_pivot.config import Config
from ari_pivot.errors import Code
from ari_pivot.routes import Route
from ari_pivot.settings import Storage
from ari_pivot.simulator.asterisk.core import Asterisk
from ari_pivot.simulator.asterisk.sounds import Sounds
from ari_pivot.simulator.caller import Person
from ari_pivot.simulator.parties import Parties
from ari_pivot.simulator.result import Asked, Problem, Result
from ari_pivot.simulator.script import Caller, Script
from ari_pivot.simulator.speech import Pace
from ari_pivot.simulator.tapes import Tapes
from ari_pivot.simulator.target import Target
from ari_pivot.simulator.web import RecordedWeb
from ari_pivot.simulator.witness import EPOCH, Watcher, Witness
from ari_pivot.store.database import Database
from ari_pivot.web.address import Allowed
from ari_pivot.web.aio import AioHop
from ari_pivot.web.hop import Hop

LONGEST = 14_460.0  # seconds: longer than a call may live, should nothing else end it
PATIENCE = 600.0  # seconds in which reports must have been delivered
_ANSWERS = {"instructions", "media"}  # kinds of requests that are no reports


@dataclass(frozen=True, slots=True)
class Scene:
    """What is simulated; `patience` in seconds for the delivery of reports.

    `events_first` is the other order of events and answers that a real Asterisk may have.
    """

    target: Target
    script: Script
    settings: Config
    watcher: Watcher = field(default_factory=Watcher)
    patience: float = PATIENCE
    events_first: bool = False


async def simulate(scene: Scene, begin: Callable[["Simulation"], None] = lambda _: None) -> Result:
    """Run a call to its last report, in the running loop's time; raises ConfigError.

    `begin` is given the simulation: its caller can be made to do more than the script says, and
    others to call.
    """
    ids.maker.set(map("{:032x}".format, itertools.count(1)).__next__)
    real = AioHop(Allowed(scene.settings.web.allow))
    try:
        with tempfile.TemporaryDirectory(prefix="ari_pivot") as directory:
            simulation = Simulation(scene, Path(directory), real)
            begin(simulation)
            return await simulation.run()
    finally:
        await real.close()


class Simulation:
    """One call."""

    def __init__(self, scene: Scene, directory: Path, real: Hop) -> None:
        self._scene = scene
        self._loop = asyncio.get_running_loop()
        self._ari = Ari()
        # a real web takes a signature of another time for a copy of an old one
        epoch = time.time() if scene.script.web is None else EPOCH
        self._witness = witness = Witness(scene.watcher, epoch)
        self._database = Database("sqlite://", threaded=False)
        self._parts = self._compose(directory, real)
        witness.describe = self._parts.library.describe
        self._parties = Parties(scene.script.dial)
        self._asterisk = Asterisk(
            self._receive,
            app=scene.settings.asterisk.app,
            sounds=Sounds({str(directory): directory}),
            parties=self._parties.find,
            epoch=epoch - witness.began,
            events_first=scene.events_first,
        )
        self.caller = Person(witness.hears, witness.heard)

    def _compose(self, directory: Path, real: Hop) -> Parts:
        scene, settings, witness = self._scene, self._scene.settings, self._witness
        media = {"directory": directory, "asterisk_directory": str(directory), "base_url": ""}
        kept = {"directory": directory / "recordings"}
        settings = settings.model_copy(
            update={
                "media": settings.media.model_copy(update=media),
                "recordings": settings.recordings.model_copy(update=kept),
                "storage": Storage(),
                "voicemail": settings.voicemail.model_copy(
                    update={"directory": directory / "voicemail"}
                ),
                "routes": [Route(numbers=["*"], flow=scene.target.flow(scene.script))],
            }
        )
        web = RecordedWeb(scene.target.web(scene.script, real), witness)
        outside = Outside(
            self._ari,
            web,
            self._database,
            lambda _: Pace(),
            Tapes(lambda: self._asterisk),
            witness.posted,
            witness.now,
            lambda longest: longest,
        )
        return compose(settings, outside)

    async def run(self) -> Result:
        """Let the caller call, and everybody do what the script says."""
        script = self._scene.script
        self._ari.use(self._asterisk)
        delivering = asyncio.create_task(self._parts.outbox.run())
        channel = self._asterisk.call(
            self.caller, script.caller.from_, script.caller.to, name=script.caller.name
        )
        self.caller.refer = script.caller.refer
        self.caller.calls(channel, script.caller.do)
        await self._call_over()
        await self._parts.switchboard.close(LONGEST)
        await self._parts.keeper.settled()
        await self._reports_delivered()
        await self._parts.keeper.close()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await self._parts.library.close()
        await self._database.close()
        return self._witness.result(self.caller, self._parties.dialled, self._asterisk.recorded)

    def also(self, who: Caller, after: float) -> Person:
        """Have somebody else call, so many seconds after the first; what they do is their own."""
        person = Person(lambda _: None)

        def call() -> None:
            person.arrived_at = self._loop.time()
            channel = self._asterisk.call(person, who.from_, who.to, name=who.name)
            person.calls(channel, who.do)

        self._loop.call_later(after, call)
        return person

    async def _call_over(self) -> None:
        try:
            async with asyncio.timeout(LONGEST):
                await self.caller.over.wait()
        except TimeoutError:
            message = f"the call went on for {LONGEST / 3600:g} hours: the caller hung up"
            self._problem(Code.CALL_TOO_LONG, message, "simulator")
            self.caller.hang_up()
            await self.caller.over.wait()

    async def _reports_delivered(self) -> None:
        deadline = self._loop.time() + self._scene.patience
        while await self._parts.outbox.depth():
            if self._loop.time() >= deadline:
                self._complain()
                return
            await asyncio.sleep(0.5)

    def _complain(self) -> None:
        """Say which reports were not accepted in time."""
        last: dict[str, Asked] = {one.url: one for one in self._witness.asked}
        for url, asked in last.items():
            if asked.kind not in _ANSWERS and (asked.status or 0) // 100 != 2:
                reason = asked.error or f"answered {asked.status}"
                patience = f"{self._scene.patience:g} s"
                message = f"the {asked.kind} was not accepted within {patience}: {reason}"
                self._problem(Code.HTTP_STATUS, message, url)

    def _problem(self, code: Code, message: str, where: str) -> None:
        self._witness.problems.append(Problem(code=code, message=message, where=where))

    def _receive(self, event: events.Event) -> None:
        board = self._parts.switchboard
        board.receive(event)
        if type(event) is events.StasisStart and self._witness.call is None:
            self._witness.call = board.calls.get(event.channel.id)
