"""Conferences: who is in which, when it starts and ends, and what is told of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from ari_pivot.ari.client import Ari
from ari_pivot.ari.events import Event
from ari_pivot.call.attendance import Change, Left, Place, Plan
from ari_pivot.call.bridge import Bridge, play_to
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.owed import Owed
from ari_pivot.call.source import Source

if TYPE_CHECKING:
    from ari_pivot.call.conference_tape import Tape

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Member:
    """Somebody in a conference; `inside` says that they are in the bridge by now."""

    call: Call
    plan: Plan
    muted: bool
    deaf: bool = False
    held: bool = False
    inside: bool = False
    speaks: bool = False
    removed: bool = False  # has to leave; their call goes on


@dataclass(frozen=True, slots=True)
class Happening:
    """A change, the `number`th of its conference; `at` in seconds since the epoch.

    `reason` is why a member has left, or the last one; `member` is as it was then.
    """

    change: Change
    conference: "Conference"
    number: int
    at: float
    member: Member
    reason: Left | None = None


@dataclass(slots=True, eq=False)
class Conference:
    """A conference, as long as somebody is in it. It hears of its own bridge."""

    name: str
    ari: Ari
    watch: Callable[[Happening], Owed | None]
    tells_speech: bool = False
    id: str = field(default_factory=new_id)
    bridge: Bridge = field(default_factory=lambda: Bridge(new_id()))
    members: list[Member] = field(default_factory=list)
    started: bool = False
    over: bool = False  # for all who are still in it
    ended_by: tuple[Member, Left] | None = None
    tape: "Tape | None" = None
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _number: int = 0
    _telling: set["asyncio.Task[None]"] = field(default_factory=set)
    _playing: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def parts(self) -> Mapping[str, Bridge]:
        return {self.bridge.id: self.bridge}

    def receive(self, event: Event) -> None:
        """Take an event of Asterisk about the bridge."""
        self.bridge.receive(event)
        self.wake()

    def wake(self) -> None:
        """Let all members look again where they belong."""
        for member in self.members:
            member.call.wake()

    def refuses(self, plan: Plan) -> Left | None:
        """Return why somebody cannot take part, None where they can."""
        if len(self.members) >= plan.most:
            return Left.FULL
        if plan.label and any(one.plan.label == plan.label for one in self.members):
            return Left.LABEL
        if plan.coaches and self.member(plan.coaches) is None:
            return Left.COACHED
        return None

    def member(self, sid: str) -> Member | None:
        """Return a member by the call's `sid` or the label."""
        return next((one for one in self.members if sid in {one.call.facts.sid, one.plan.label}
                     and sid), None)  # fmt: skip

    def enter(self, member: Member) -> None:
        """Take somebody in; with them it may start."""
        self.members.append(member)
        self.tell(Change.JOIN, member)
        starts = any(one.plan.starts for one in self.members)
        if not self.started and starts and len(self.members) >= member.plan.quorum:
            self.started = True
            self.tell(Change.START, member)
        self.wake()

    def leave(self, member: Member, reason: Left) -> None:
        """Let somebody go; with them it may end."""
        self.members.remove(member)
        self.tell(Change.LEAVE, member, reason)
        if member.plan.ends and not self.over and reason is not Left.FAILED:
            self.over = True
            self.ended_by = (member, Left.ENDED)
        if not self.members:
            who, why = self.ended_by or (member, reason)
            self.tell(Change.END, who, why)
        self.wake()

    def mute(self, member: Member, *, muted: bool) -> None:
        """Have the others hear a member no more, or again."""
        if member.muted != muted:
            member.muted = muted
            self.tell(Change.MUTE if muted else Change.UNMUTE, member)
            member.call.wake()

    def hold(self, member: Member, *, held: bool) -> None:
        """Have a member hear music instead of the others, or the others again."""
        if member.held != held:
            member.held = held
            self.tell(Change.HOLD if held else Change.UNHOLD, member)
            member.call.wake()

    def place(self, member: Member) -> Place:
        """Return where a member belongs now."""
        if member.held:
            return Place.HELD
        if not self.started or (member.plan.music_alone and len(self.members) == 1):
            return Place.WAITING
        if member.plan.coaches and self.member(member.plan.coaches):
            return Place.COACHING
        return Place.INSIDE

    def announce(self, sound: Source) -> None:
        """Have those who are inside hear a short sound; nobody waits for it."""
        for member in self.members:
            if member.inside:
                playing = asyncio.create_task(play_to(member.call, self.bridge, sound))
                self._playing.add(playing)
                playing.add_done_callback(self._playing.discard)
                return

    def tell(self, change: Change, member: Member, reason: Left | None = None) -> None:
        """Have what is owed for a change written down."""
        self._number += 1
        call = member.call
        log.debug("conference", name=self.name, change=change, call=call.facts.id, reason=reason)
        happening = Happening(change, self, self._number, call.clock(), replace(member), reason)
        if owed := self.watch(happening):
            task = asyncio.create_task(call.reports.send(call, owed))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def told(self) -> None:
        """Return when all that was told is written down."""
        await asyncio.gather(*self._telling, return_exceptions=True)
