"""From Asterisk's events to the call each is about; a new channel is a new call, its own task."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

import structlog

from ari_pivot import pivot
from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import APPLICATION, CHANNELS, PLAYBACK
from ari_pivot.call.answer import give_back
from ari_pivot.call.call import Call, Nowhere, Reports
from ari_pivot.call.directory import Directory
from ari_pivot.call.facts import Facts
from ari_pivot.call.instructions import Instructions
from ari_pivot.call.leg import Leg
from ari_pivot.call.numbers import e164
from ari_pivot.call.source import Media
from ari_pivot.errors import AsteriskError, CallEnded, Code, ConfigError, PivotError

log = structlog.get_logger()

#: Chooses the instructions of a call by what was dialled and what the dialplan said.
Router = Callable[[str, Mapping[str, str]], Instructions]


@dataclass(slots=True)
class Switchboard:
    """All live calls.

    `region` is the country whose numbers are written without their code; `recall` returns what an
    earlier process knew of a call; `on_reconciled` is told which channels exist.
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
    clock: Callable[[], float] = time.time
    calls: dict[str, Call] = field(default_factory=dict)
    lines: dict[str, Call] = field(default_factory=dict)  # who hears of a channel or bridge
    recall: Callable[[str], Facts | None] = lambda _: None
    on_reconciled: Callable[[set[str]], None] = lambda _: None
    draining: bool = False
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    def receive(self, event: events.Event) -> None:
        """Take one event: never blocks, never raises."""
        call = self.lines.get(event.about)
        if call is not None:
            call.receive(event)
        elif type(event) is events.StasisStart:
            arguments = _arguments(event.args)
            call = self._new(event.channel, arguments)
            self._start(call, self._talk(call, arguments))

    def _new(self, channel: events.Channel, arguments: Mapping[str, str]) -> Call:
        facts = self._facts(channel, arguments)
        leg = Leg(channel.id, channel.state)
        call = Call(
            facts,
            leg,
            self.ari,
            self.media,
            self.clock,
            lines=self.lines,
            directory=self.directory,
            reports=self.reports,
        )
        if call.caller.up:
            facts.answered_at = facts.started_at
        return call

    def _start(self, call: Call, work: Coroutine[None, None, None]) -> None:
        self.calls[call.caller.id] = call
        task = asyncio.create_task(self._serve(call, work), name=f"call {call.caller.id}")
        self._tasks[call.caller.id] = task

    def _facts(self, channel: events.Channel, arguments: Mapping[str, str]) -> Facts:
        digest = hashlib.md5(channel.id.encode(), usedforsecurity=False).hexdigest()
        return Facts(
            id=channel.id,
            sid=f"CA{digest}",
            caller_number=e164(channel.caller.number, self.region),
            caller_name=channel.caller.name,
            dialled=e164(arguments.get("to") or channel.dialplan.exten, self.region),
            from_uri=arguments.get("from_uri", ""),
            to_uri=arguments.get("to_uri", ""),
            request_uri=arguments.get("request_uri", ""),
            sip_call_id=arguments.get("sip_call_id", ""),
            sip_headers={
                name.removeprefix("header_"): value
                for name, value in arguments.items()
                if name.startswith("header_")
            },
            capture=arguments.get("capture", ""),
            endpoint=channel.name.rpartition("-")[0],
            language=self.language,
            started_at=self.clock(),
        )

    async def _talk(self, call: Call, arguments: Mapping[str, str]) -> None:
        if self.draining:
            await give_back(call, "ari_pivot is stopping")
            return
        try:
            instructions = self.router(call.facts.dialled, arguments)
        except ConfigError as error:
            await pivot.fail(call, error, self.control)
            return
        await pivot.run(call, instructions, self.control)

    async def _serve(self, call: Call, work: Coroutine[None, None, None]) -> None:
        structlog.contextvars.bind_contextvars(call=call.facts.id)
        log.info("call.started", caller=call.facts.caller_number, dialled=call.facts.dialled)
        try:
            await work
        except CallEnded:
            pass
        except Exception as error:  # the one place: a fault of ours must not leave a call hanging
            log.exception("call.crashed")
            await pivot.fail(call, PivotError(repr(error), code=Code.INTERNAL), self.control)
        finally:
            self._forget(call)
            _log_end(call)

    def _forget(self, call: Call) -> None:
        del self.calls[call.caller.id], self._tasks[call.caller.id]
        for part in list(call.parts.values()):
            call.leave(part)

    async def reconcile(self) -> None:
        """After a (re)connection: notice what ended meanwhile, and take in what is ours.

        A channel in our application that no call knows is one that an earlier process left.
        """
        channels = {c["id"]: c["state"] for c in await self.ari.send(CHANNELS)}
        ours = set((await self.ari.send(APPLICATION, applicationName=self.app))["channel_ids"])
        for call in list(self.calls.values()):
            await self._compare(call, channels.get(call.caller.id), ours=call.caller.id in ours)
        for channel in ours - self.calls.keys():
            if channel in channels:
                self._adopt(events.Channel(channel, state=channels[channel]))
        self.on_reconciled(set(channels))

    async def _compare(self, call: Call, state: str | None, *, ours: bool) -> None:
        """Tell a call what it missed, in the words Asterisk would have used."""
        channel = events.Channel(call.caller.id, state=state or "Down")
        if state is None:
            call.receive(events.ChannelDestroyed(channel))
        elif not ours:
            call.receive(events.StasisEnd(channel))
        else:
            call.receive(events.ChannelStateChange(channel))
            for playback in list(call.caller.playing):
                await self._still_playing(call, playback)

    async def _still_playing(self, call: Call, playback: str) -> None:
        try:
            await self.ari.send(PLAYBACK, playbackId=playback)
        except AsteriskError as error:
            if error.status == 404:
                call.receive(events.PlaybackFinished(events.Playback(playback, "done")))

    def _adopt(self, channel: events.Channel) -> None:
        """Take in a call whose process died: it goes the failure way, and is reported."""
        log.warning("call.adopted", call=channel.id)
        call = self._new(channel, {})
        call.facts = self.recall(channel.id) or call.facts
        self._start(call, self._fail(call))

    async def _fail(self, call: Call) -> None:
        error = PivotError("ari_pivot was restarted during the call", code=Code.RESTARTED)
        try:
            await pivot.fail(call, error, self.control)
        finally:
            await self.control.report(call)

    async def close(self, limit: float) -> None:
        """Take no new calls, let the live ones come to their end, then end what is left.

        `limit` in seconds.
        """
        self.draining = True
        if self._tasks:
            log.info("calls.draining", calls=len(self._tasks), seconds=limit)
            await asyncio.wait(self._tasks.values(), timeout=limit)
        await asyncio.gather(*(self._let_go(call) for call in self.calls.values()))
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=5)

    async def _let_go(self, call: Call) -> None:
        """Give a live call back to the dialplan, and have it reported as over."""
        try:
            await give_back(call, "ari_pivot is stopping")
        except PivotError as error:
            log.warning("call.not_given_back", call=call.facts.id, reason=str(error))
        call.caller.ended = True
        call.wake()


def _arguments(args: list[str]) -> dict[str, str]:
    """Return `name=value` arguments of the dialplan's Stasis line; values may be URI-encoded."""
    pairs = (argument.partition("=") for argument in args)
    return {name.strip(): unquote(value) for name, _, value in pairs if value}


def _log_end(call: Call) -> None:
    facts = call.facts
    seconds = (facts.ended_at or facts.started_at) - facts.started_at
    log.info(
        "call.ended",
        by=facts.ended_by,
        cause=facts.cause,
        sip=facts.sip,
        answered=facts.answered_at is not None,
        given_back=facts.given_back,
        seconds=round(seconds, 3),
    )
