"""Taking part in a conference."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ari_pivot.ari.operations import SET_VARIABLE
from ari_pivot.call import conference_tape
from ari_pivot.call.answer import answer
from ari_pivot.call.attendance import Change, Left, Place, Plan
from ari_pivot.call.bridge import add, create, destroy, play_to, take_out
from ari_pivot.call.call import Call
from ari_pivot.call.coach import coach
from ari_pivot.call.conference import Conference, Member
from ari_pivot.call.controls import Controls
from ari_pivot.call.music import failure, music, waiting
from ari_pivot.call.voice import Voice
from ari_pivot.errors import AsteriskError, CallEnded, PivotError

_ENTERING = 5.0  # seconds in which those who came before are in the bridge


@dataclass(frozen=True, slots=True)
class Attended:
    """What came of it; `conference` is None where the call was not let in."""

    left: Left
    conference: Conference | None = None
    error: PivotError | None = None  # why there was nothing to wait with


async def attend(call: Call, plan: Plan) -> Attended:
    """Take part in a conference until the caller leaves it or it is over for all.

    The call is answered. A caller who hangs up is a result, no CallEnded; that is raised only where
    the call was interrupted. The bridge is gone with the last member. Raises AsteriskError.
    """
    await answer(call)
    conferences = call.rooms.conferences
    conference = conferences.get(plan.conference)
    if conference is None or conference.over or conference.bridge.ended:
        conference = Conference(plan.conference, call.ari, plan.watch, plan.tells_speech)
    if refusal := conference.refuses(plan):
        return Attended(refusal)
    conferences[plan.conference] = conference
    member = Member(call, plan, plan.muted, plan.deaf)
    conference.enter(member)
    stay = _Stay(call, conference, member)
    try:
        with suppress(CallEnded):
            await stay.run()
    except AsteriskError:
        stay.why = stay.why or Left.ASTERISK
        raise
    finally:
        await stay.leave()
    if call.ended and not call.caller.ended:
        raise CallEnded("the call was interrupted")
    return Attended(stay.why or Left.CALLER, conference, stay.error)


@dataclass(slots=True)
class _Stay:
    call: Call
    conference: Conference
    member: Member
    why: Left | None = None
    error: PivotError | None = None
    limit: float = math.inf  # on the loop's clock
    entered: bool = False  # the others have heard so
    mark: int = 0  # of the keys pressed before
    voice: Voice = field(init=False)
    controls: Controls = field(init=False)
    places: dict[Place, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.voice = Voice(self.call, self.member)
        self.controls = Controls(self.conference, self.member, self.voice, self.member.plan.keys)

    async def run(self) -> None:
        """Go where the member belongs, until there is a reason to leave."""
        self.mark = self.controls.taken = len(self.call.caller.digits)
        if self.member.plan.time_limit is not None:
            self.limit = _now() + self.member.plan.time_limit
        self.places = {
            Place.WAITING: self._wait,
            Place.INSIDE: self._talk,
            Place.HELD: self._hold,
            Place.COACHING: self._coach,
        }
        await self._open()
        while not self._over():
            await self.places[self.conference.place(self.member)]()

    async def leave(self) -> None:
        """Take the member out; the last one closes the conference."""
        call, conference = self.call, self.conference
        del call.caller.digits[self.mark :]
        last = len(conference.members) == 1
        conferences = call.rooms.conferences
        conference.leave(self.member, self.why or Left.CALLER)
        if (last or conference.over) and conferences.get(conference.name) is conference:
            del conferences[conference.name]
        sound = self.member.plan.exit_sound
        if sound and self.entered and not conference.over:
            conference.announce(sound)
        await conference.told()
        if last:
            await conference_tape.end(conference)
            call.lines.pop(conference.bridge.id, None)
            await destroy(call, conference.bridge)

    def _over(self) -> bool:
        """Whether there is a reason to leave; the first one counts."""
        self.why = self.why or self._reason()
        return self.why is not None

    def _reason(self) -> Left | None:
        call, conference = self.call, self.conference
        if call.ended:
            return Left.CALLER
        if conference.over:
            return Left.ENDED
        if self.member.removed:
            return Left.REMOVED
        pressed = call.caller.digits[self.mark :]
        if self.controls.leaves or any(key in self.member.plan.hangup_on for key in pressed):
            return Left.KEY
        if _now() >= self.limit:
            return Left.LIMIT
        return Left.ASTERISK if conference.bridge.ended else None

    async def _until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, or a reason to leave; what keys ask for meanwhile is done."""
        while not (self._over() or condition()):
            left = None if math.isinf(self.limit) else max(0.0, self.limit - _now())
            await self.call.until(
                lambda: self._over() or condition() or self.controls.waiting, left
            )
            if not self._over():
                await self.controls.obey()

    def _moved(self, place: Place) -> bool:
        return self.conference.place(self.member) is not place

    async def _open(self) -> None:
        """Have the bridge; whoever comes first makes it."""
        conference, call = self.conference, self.call
        async with conference.opening:
            if not conference.bridge.made:
                call.lines[conference.bridge.id] = conference
                await create(call, conference.bridge)

    async def _wait(self) -> None:
        async with waiting(self.call, self.member.plan.wait) as sound:
            await self._until(lambda: self._moved(Place.WAITING) or failure(sound))
            if error := failure(sound):
                self.why, self.error = self.why or Left.FAILED, error

    async def _hold(self) -> None:
        async with music(self.call):
            await self._until(lambda: self._moved(Place.HELD))

    async def _coach(self) -> None:
        other = self.conference.member(self.member.plan.coaches)
        if other:
            async with coach(self.call, other.call):
                await self._until(lambda: self._moved(Place.COACHING) or other.call.caller.ended)

    async def _talk(self) -> None:
        """Be in the bridge, and tell the others by a sound that somebody has come."""
        conference, member, call = self.conference, self.member, self.call
        await call.until(lambda: self._over() or self._ready(), _ENTERING)
        sound = member.plan.enter_sound
        if sound and not self.entered and _heard(conference):
            await call.during(play_to(call, conference.bridge, sound))
        if self._over() or self._moved(Place.INSIDE):
            return
        try:
            await self.voice.settle()
            await self._detect("set")
            if not await add(call, conference.bridge, call.caller):
                return
            member.inside = self.entered = call.facts.bridged = True
            conference.wake()
            await conference_tape.begin(conference)
            while not (self._over() or self._moved(Place.INSIDE)):
                await self._until(lambda: self._moved(Place.INSIDE) or self._changed())
                if not self._over():
                    await self.voice.settle()
                self._tell_speech()
        finally:
            member.inside = False
            await self._out()

    def _changed(self) -> bool:
        return not self.voice.settled or self.call.caller.speaks != self.member.speaks

    def _tell_speech(self) -> None:
        """Tell of who has begun or ended to speak."""
        member, speaks = self.member, self.call.caller.speaks
        if speaks != member.speaks:
            member.speaks = speaks
            self.conference.tell(Change.SPEECH if speaks else Change.SILENCE, member)

    async def _detect(self, what: str) -> None:
        """Have Asterisk tell when the member speaks, or no more, where that is wanted."""
        if not self.conference.tells_speech:
            return
        told = {"channelId": self.call.caller.id, "variable": f"TALK_DETECT({what})", "value": ""}
        try:
            await self.call.ari.send(SET_VARIABLE, **told)
        except AsteriskError as error:
            if error.status not in {404, 409}:  # it has gone by itself
                self.call.warn(error)

    def _ready(self) -> bool:
        """Whether all who came before are where they belong, so that they hear of this one."""
        conference = self.conference
        before = conference.members[: conference.members.index(self.member)]
        return all(one.inside or conference.place(one) is not Place.INSIDE for one in before)

    async def _out(self) -> None:
        """Take the channel out of the bridge, as it was before; one that is gone is out."""
        call = self.call
        await take_out(call, self.conference.bridge, call.caller)
        if call.caller.ended:
            return
        try:
            await self._detect("remove")
            await self.voice.restore()
        except AsteriskError as error:
            if error.status not in {404, 409}:  # it has gone by itself
                call.warn(error)


def _heard(conference: Conference) -> bool:
    return any(member.inside for member in conference.members)


def _now() -> float:
    return asyncio.get_running_loop().time()
