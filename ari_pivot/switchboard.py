"""From Asterisk's events to the call each is about; a new channel is a new call, its own task."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from ari_pivot import pivot
from ari_pivot.admission import Admission
from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.call import arrival
from ari_pivot.call.answer import give_back
from ari_pivot.call.call import Call
from ari_pivot.call.directory import Directory
from ari_pivot.call.ending import log_end
from ari_pivot.call.facts import Facts
from ari_pivot.call.instructions import Instructions
from ari_pivot.call.leg import OWN, Leg, is_own
from ari_pivot.call.line import Line
from ari_pivot.call.mailboxes import Mailboxes, NoMailboxes
from ari_pivot.call.record_call import finish
from ari_pivot.call.recordings import Recordings, Unkept
from ari_pivot.call.replaced import replaces
from ari_pivot.call.reports import Nowhere, Reports
from ari_pivot.call.rooms import Rooms
from ari_pivot.call.source import Media
from ari_pivot.call.watch import Watch, note
from ari_pivot.callflow.directory import look_up
from ari_pivot.errors import CallEnded, Code, ConfigError, PivotError
from ari_pivot.reconcile import catch_up, clear, look

log = structlog.get_logger()

_ENDING = 5.0  # seconds for the last commands and reports of calls that are given back

#: Chooses the instructions of a call by what was dialled and what the dialplan said.
Router = Callable[[str, Mapping[str, str]], Instructions]


@dataclass(slots=True)
class Switchboard:
    """All live calls.

    `region` is the country whose numbers are written without their code; no call lives longer than
    `longest` seconds, nor begins more than so many `verbs`. `recall` returns what an earlier
    process knew of a call; `on_reconciled` is told which channels exist.
    """

    app: str
    ari: Ari
    media: Media
    router: Router
    control: pivot.Control
    region: str = ""
    language: str = "en-us"
    directory: Directory = field(default_factory=Directory)
    reports: Reports = field(default_factory=Nowhere)
    recordings: Recordings = field(default_factory=Unkept)
    longest: float = 14_400.0
    verbs: int = 10_000
    admission: Admission = field(default_factory=Admission)
    clock: Callable[[], float] = time.time
    calls: dict[str, Call] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)  # who hears of a channel or bridge
    rooms: Rooms = field(default_factory=Rooms)
    mailboxes: Mailboxes = field(default_factory=NoMailboxes)
    recall: Callable[[str], Facts | None] = lambda _: None
    on_reconciled: Callable[[set[str]], None] = lambda _: None
    watches: Sequence[Watch] = ()
    draining: bool = False
    received: int = 0  # events since the start
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def receive(self, event: events.Event) -> None:
        """Take one event: never blocks, never raises."""
        self.received += 1
        if type(event) is events.StasisStart and replaces(self.lines, event):
            return
        line = self.lines.get(event.about)
        # a leg that a call no longer waited for; one that calls by itself has arguments
        own = is_own(event.about) and not getattr(event, "args", ())
        served = isinstance(line, Call) and not line.caller.ended
        if type(event) is events.StasisStart and not (own or served):
            # the dialplan may hand a call over again before its first time with us is reported
            arguments = arrival.arguments(event.args)
            call = self._new(event.channel, arguments)
            note(call, "arrived", lag=arrival.lag(event.timestamp, self.clock()))
            moved = event.about.startswith(OWN)  # a leg of a call that lives
            refusal = None if moved else self.admission.refuse(len(self.calls), self.clock())
            if refusal:
                self._start(call, self._turn_away(call, refusal))
                return
            call.tell("CHANNEL_CREATE")
            if call.caller.up:
                call.tell("CHANNEL_ANSWER")
            self._start(call, self._serve(call, self._talk(call, arguments)))
        elif line is not None:
            line.receive(event)

    def _new(self, channel: events.Channel, arguments: Mapping[str, str]) -> Call:
        facts = arrival.facts(channel, arguments, self.region, self.language, self.clock())
        facts.given = arrival.given(channel.id, self.lines)
        call = Call(
            facts,
            Leg(channel.id, channel.state),
            self.ari,
            self.media,
            self.clock,
            lines=self.lines,
            app=self.app,
            directory=self.directory,
            reports=self.reports,
            watches=self.watches,
            rooms=self.rooms,
            mailboxes=self.mailboxes,
            most_verbs=self.verbs,
            recordings=self.recordings,
        )
        if call.caller.up:
            facts.answered_at = facts.started_at
        return call

    def _start(self, call: Call, work: Coroutine[None, None, None]) -> None:
        self.calls[call.caller.id] = call
        task = asyncio.create_task(work, name=f"call {call.caller.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _turn_away(self, call: Call, refusal: PivotError) -> None:
        structlog.contextvars.bind_contextvars(call=call.facts.id)
        try:
            await _attempt(pivot.turn_away(call, refusal))
        finally:
            self._forget(call)
            note(call, "ended")

    async def _talk(self, call: Call, arguments: Mapping[str, str]) -> None:
        if self.draining and not call.facts.id.startswith(OWN):  # those are of calls that live
            await _hand_back(call)
            return
        expected = self.rooms.expected.pop(call.facts.id, None)
        instructions = expected or await self._route(call, arguments)
        await pivot.run(call, instructions, self.control)

    async def _route(self, call: Call, arguments: Mapping[str, str]) -> Instructions:
        try:
            return self.router(call.facts.dialled, arguments)
        except ConfigError:  # no route takes it: the directory's source may
            found = await look_up(call, call.facts.dialled)
            if found is None:
                raise
            return found

    async def _serve(self, call: Call, work: Coroutine[None, None, None]) -> None:
        structlog.contextvars.bind_contextvars(call=call.facts.id)
        log.info("call.started", caller=call.facts.caller_number, dialled=call.facts.dialled)
        left = max(0.0, call.facts.started_at + self.longest - self.clock())
        limit = asyncio.get_running_loop().call_later(left, call.interrupt, self._cut)
        try:
            await self._see_through(call, work)
        finally:
            limit.cancel()
            call.begin("")
            await self.control.report(call)
            await finish(call)
            self._forget(call)
            note(call, "ended")
            log_end(call.facts)

    async def _see_through(self, call: Call, work: Coroutine[None, None, None]) -> None:
        """Run a call's work to its end, whatever comes between."""
        if (crash := await _attempt(work)) and await _attempt(
            pivot.fail(call, crash, self.control)
        ):
            await pivot.let_go(call)
        while then := call.instead:
            call.instead = None
            if error := await _attempt(then(call)):
                call.warn(error, "error")

    async def _cut(self, call: Call) -> None:
        longer = f"longer than {self.longest:g} s"
        call.warn(PivotError(longer, code=Code.CALL_TOO_LONG, where="calls.longest"), "error")
        await pivot.let_go(call)

    def _forget(self, call: Call) -> None:
        if self.calls.get(call.caller.id) is call:
            del self.calls[call.caller.id]
        for part in list(call.parts.values()):
            call.leave(part)

    async def reconcile(self) -> None:
        """After a (re)connection: notice what ended meanwhile, and take in what is ours.

        A channel in our application that no call knows is one that an earlier process left.
        """
        known = {id(line): line for line in self.lines.values()}.values()
        had = [(line, list(line.parts.values())) for line in known]
        box = await look(self.ari, self.app)
        for line, parts in had:
            await catch_up(line, parts, box)
        await clear(self.ari, box, self.lines)
        for channel in box.ours - self.lines.keys():
            if not is_own(channel):
                self._adopt(events.Channel(channel, state=box.channels[channel]))
        self.on_reconciled(set(box.channels))

    def _adopt(self, channel: events.Channel) -> None:
        """Take in a call whose process died: it goes the failure way, and is reported."""
        log.warning("call.adopted", call=channel.id)
        call = self._new(channel, {})
        call.facts = self.recall(channel.id) or call.facts
        if call.caller.up and call.facts.answered_at is None:
            call.facts.answered_at = call.facts.started_at
        self._start(call, self._serve(call, pivot.take_over(call, self.control)))

    async def close(self, limit: float) -> None:
        """Take no new calls, let the live ones end within `limit` seconds, then end the rest."""
        self.draining = True
        until = asyncio.get_running_loop().time() + limit
        while self._tasks and (left := until - asyncio.get_running_loop().time()) > 0:
            log.info("calls.draining", calls=len(self._tasks), seconds=left)
            await asyncio.wait(self._tasks, timeout=left)
        for call in self.calls.values():
            call.interrupt(_hand_back)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_ENDING)


async def _hand_back(call: Call) -> None:
    await give_back(call, "ari_pivot is stopping")


async def _attempt(work: Coroutine[None, None, None]) -> PivotError | None:
    """Run a part of a call; what went wrong is returned."""
    try:
        await work
    except CallEnded:
        pass
    except PivotError as error:
        return error
    except Exception as error:  # the one place: a fault of ours must not leave a call hanging
        log.exception("call.crashed")
        return PivotError(repr(error), code=Code.INTERNAL)
    return None
