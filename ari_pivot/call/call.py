"""A call: what is known of it, and the one way to wait for what happens on it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from ari_pivot import ids
from ari_pivot.ari.client import Ari
from ari_pivot.ari.events import ChannelDtmfReceived, ChannelHold, ChannelUnhold, Event
from ari_pivot.ari.operations import Operation
from ari_pivot.call.customer import Customer, Nobody
from ari_pivot.call.directory import Directory
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import Leg
from ari_pivot.call.legs_told import about
from ari_pivot.call.line import Line, Part
from ari_pivot.call.mailboxes import Mailboxes, NoMailboxes
from ari_pivot.call.recordings import Recordings, Unkept
from ari_pivot.call.reports import Event as Told
from ari_pivot.call.reports import Nowhere, Reports
from ari_pivot.call.rooms import Rooms
from ari_pivot.call.source import Media
from ari_pivot.call.watch import Watch, note
from ari_pivot.errors import AsteriskError, CallEnded, Code, PivotError

if TYPE_CHECKING:
    from ari_pivot.call.dialled import Attempt
    from ari_pivot.call.instructions import Cookie, Instructions
    from ari_pivot.call.record_call import LiveRecording

log = structlog.get_logger()
new_id = ids.new_id
T = TypeVar("T")

_GOING = 2.0  # seconds in which the end of a channel follows the first refused command
_HOLDS: dict[type[Event], Told] = {ChannelHold: "CHANNEL_HOLD", ChannelUnhold: "CHANNEL_UNHOLD"}
#: What runs when nothing else can.
FALLBACK = "fallback"
_NOTES = 200  # warnings and errors kept of one call


@dataclass(frozen=True, slots=True)
class Note:
    """Something that went wrong on a call without ending it, or why it ended."""

    level: str  # "warning" or "error"
    code: int
    message: str
    where: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that the verb or module `by` asked for; times are the call's clock's."""

    by: str
    began: float
    ended: float
    interrupted: bool


@dataclass(slots=True, eq=False)
class Call:
    """The caller's leg and all that the primitives need; it has no telephony of its own.

    `lines` is the switchboard's: who hears of which channel or bridge. `parts` are this call's
    own: the caller's leg, those it dials, its bridges. `outer` are the instructions to go on with
    after those that run, the innermost last; `only` these verbs may run. With an `heir` it is a
    consultation: to hang up ends that alone, and who speaks with the caller then is the heir's.
    """

    facts: Facts
    caller: Leg
    ari: Ari
    media: Media
    clock: Callable[[], float]  # seconds since the epoch
    lines: MutableMapping[str, Line] = field(default_factory=dict)
    app: str = "pivot"  # our application's name in Asterisk
    directory: Directory = field(default_factory=Directory)
    reports: Reports = field(default_factory=Nowhere)
    customer: Customer = field(default_factory=Nobody)
    rooms: Rooms = field(default_factory=Rooms)
    mailboxes: Mailboxes = field(default_factory=NoMailboxes)
    only: Collection[str] | None = None
    recordings: Recordings = field(default_factory=Unkept)
    live: list["LiveRecording"] = field(default_factory=list)  # recordings that go on beside it
    parts: dict[str, Part] = field(default_factory=dict)
    outer: list["Instructions"] = field(default_factory=list)
    cookies: list["Cookie"] = field(default_factory=list)  # of the customer's servers
    verbs: int = 0  # and modules that were begun
    most_verbs: int = 10_000
    branches: int = 0  # how often one set of instructions has called another
    doing: str = ""  # the verb or module that runs, by its document's name
    since: float = 0.0  # when it began
    left_by: str = ""  # who or what ended the conversation behind which nothing has begun yet
    watches: Sequence[Watch] = ()
    root: str = ""  # the call it is a part of, for those who watch: its own id, but for a leg's
    heir: "Callable[[Attempt], None] | None" = None
    instead: "Instead | None" = None  # what is to be done once what runs has been interrupted
    notes: list[Note] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    _waiters: set["asyncio.Future[bool]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.root = self.root or self.facts.id
        self.join(self.caller)

    @property
    def ended(self) -> bool:
        """Whether it is over for what runs on it: the caller is gone, or it was interrupted."""
        return self.caller.ended or self.instead is not None

    def begin(self, name: str) -> None:
        """Say which verb or module runs from here on; with an empty name, none.

        Raises PivotError if there were too many.
        """
        now = self.clock()
        if self.doing:
            note(self, "did", name=self.doing, seconds=now - self.since)
        self.doing, self.since = name, now
        if name:
            self.left_by = ""
            note(self, "does", name=name)
            self._count(name)

    def receive(self, event: Event) -> None:
        """Take an event of Asterisk about this call."""
        was_up = self.caller.up
        if part := self.parts.get(event.about):
            part.receive(event)
        if type(event) is ChannelDtmfReceived:
            note(self, "pressed", digit=event.digit)
        if held := _HOLDS.get(type(event)):
            self.tell(held, **about(self.facts, part))
        if self.caller.up and not was_up and self.facts.answered_at is None:
            self.facts.answered_at = self.clock()
            note(self, "answered")
            self.tell("CHANNEL_ANSWER")
        if self.caller.ended and self.facts.ended_at is None:
            self.facts.ended_at = self.clock()
        self.wake()

    def join(self, part: Part) -> None:
        """Hear of a channel or bridge from now on: said before Asterisk is told to make it."""
        self.parts[part.id] = part
        self.lines[part.id] = self

    def leave(self, part: Part) -> None:
        """Hear no more of a channel or bridge."""
        self.parts.pop(part.id, None)
        if self.lines.get(part.id) is self:
            del self.lines[part.id]

    def wake(self) -> None:
        """Let everything that waits look at its condition again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(True)

    async def until(self, condition: Callable[[], Any], timeout: float | None = None) -> bool:
        """Wait until `condition` holds: True, or False after `timeout` seconds.

        Raises CallEnded when the call ends first; a condition that holds at the end wins.
        """
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        while not condition():
            self.check()
            if deadline is not None and loop.time() >= deadline:
                return False
            waiter = loop.create_future()
            timer = deadline and loop.call_at(deadline, _expire, waiter)
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
                if timer:
                    timer.cancel()
        return True

    async def during(self, work: Awaitable[T]) -> T:
        """Await something that is not Asterisk's; raises CallEnded, and stops it, at the end."""
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda _: self.wake())
        try:
            await self.until(task.done)
            return task.result()
        finally:
            task.cancel()

    async def _expect_end(self) -> None:
        """Give the end that is under way the time to come; raises CallEnded when it does."""
        await self.until(lambda: False, _GOING)

    def interrupt(self, then: "Instead") -> None:
        """End what runs on the call, with CallEnded, and have `then` done."""
        if not self.caller.ended:
            self.instead = then
            self.wake()

    def _count(self, name: str) -> None:
        self.verbs += 1
        if self.verbs > self.most_verbs and name != FALLBACK:
            many = f"more than {self.most_verbs} verbs"
            raise PivotError(many, code=Code.VERB_LIMIT, where=name)

    async def send(self, operation: Operation, /, **params: Any) -> Any:
        """Send a command about the caller's channel.

        Raises CallEnded where Asterisk refuses because the channel is gone or going, AsteriskError
        for every other refusal.
        """
        self.check()
        try:
            return await self.ari.send(operation, channelId=self.caller.id, **params)
        except AsteriskError as error:
            note(self, "refused", command=operation.name, status=error.status, reason=error.message)
            if error.status in {404, 409, 412}:
                await self._expect_end()
            raise

    def warn(self, problem: PivotError, level: str = "warning") -> None:
        """Write down, and log, what went wrong and did not end the call."""
        if len(self.notes) < _NOTES:
            self.notes.append(Note(level, problem.code, problem.message, problem.where))
            note(self, "problem", about=self.notes[-1])
        said = {"code": problem.code, "reason": problem.message, "where": problem.where}
        log.log(30 if level == "warning" else 40, "call.problem", **said)

    def tell(self, event: Told, **more: Any) -> None:
        """Tell the configured webhooks of an event; `more` are its own fields, in KAZOO's names."""
        self.reports.tell(self, event, more)

    def check(self) -> None:
        """Raise CallEnded if it is over."""
        if self.ended:
            raise CallEnded("the call ended")


Instead = Callable[[Call], Coroutine[None, None, None]]


def _expire(waiter: "asyncio.Future[bool]") -> None:
    if not waiter.done():
        waiter.set_result(False)
