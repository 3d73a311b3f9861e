"""Consulting: one of two who speak asks somebody else first whether they take the other.

Source: KAZOO, konami_transfer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from msgspec.structs import replace

from ari_pivot.ari.client import Ari
from ari_pivot.ari.events import Event
from ari_pivot.call.answer import nothing
from ari_pivot.call.arrival import sid
from ari_pivot.call.aside import along, beside, known
from ari_pivot.call.bridge import add, bridge
from ari_pivot.call.call import Call
from ari_pivot.call.conversation import Conversation
from ari_pivot.call.dialled import Attempt, Plan, Progress
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.legs_told import about, note_down, telling
from ari_pivot.call.music import Waiting, failure, waiting
from ari_pivot.call.record_call import leave_behind
from ari_pivot.errors import CallEnded

_COMING = 5.0  # seconds in which a leg comes as a call of its own
_ENDING = 5.0  # seconds in which a consultation ends


@dataclass(slots=True)
class Consultation:
    """`ask` runs on a call whose caller is who asks, while the other hears `sound` or music.

    Who asks may press the keys `takeback` to return at once. `found` is who was spoken with when
    it ended otherwise; where the caller has left, the other one goes on alone to `number`.
    """

    talk: Conversation
    by_caller: bool
    number: str
    ask: Callable[[Call], Awaitable[None]]
    takeback: str = ""
    sound: Waiting | None = None
    found: Attempt | None = None

    async def run(self) -> bool:
        """Hold it; then whoever is still there is together, two of the three at least.

        False where who has asked has left before anybody answered. Raises AsteriskError; a caller
        who leaves is no CallEnded.
        """
        talk, call, asking = self.talk, self.talk.call, self._asking()
        asking.heir = self._inherit
        try:
            with suppress(CallEnded):
                async with AsyncExitStack() as stack:
                    for leg in (call.caller, talk.attempt.leg):
                        await stack.enter_async_context(talk.apart(leg))
                    held = about(call.facts, talk.attempt if self.by_caller else None)
                    call.tell("CHANNEL_HOLD", **held)
                    stack.callback(call.tell, "CHANNEL_UNHOLD", **held)
                    await stack.enter_async_context(waiting(self._held(), self.sound))
                    await self._hold(asking)
                    if self.found and not call.ended:  # in the place of who has asked and left
                        leave_behind(call)
                        talk.attempt.taken, self.found = adopt(call, self.found), None
        finally:
            await self._part()
        return not asking.caller.ended or talk.attempt.taken is not None

    async def _hold(self, asking: Call) -> None:
        """Return when it is over, or who has asked leaves, or takes the other back."""
        call, leg = self.talk.call, asking.caller
        keys, mark = leg.digits, len(leg.digits)
        task = asyncio.ensure_future(self.ask(asking))
        task.add_done_callback(lambda _: call.wake())

        def over() -> bool:
            back = self.takeback and self.takeback in "".join(keys[mark:])
            return bool(back or task.done() or leg.ended)

        try:
            await call.until(over)
        finally:
            if call.ended and not asking.ended:
                asking.interrupt(nothing)
            if not asking.ended:
                task.cancel()
            await asyncio.wait({task}, timeout=_ENDING)
            task.cancel()
            if error := failure(task):
                call.warn(error)

    def _inherit(self, attempt: Attempt) -> None:
        self.found = attempt

    async def _part(self) -> None:
        """Once the caller has left: put the other and who was found together, if both are there."""
        talk, call, found = self.talk, self.talk.call, self.found
        left = call.caller.ended and not talk.attempt.leg.ended
        if not left:
            if found:
                await talk.let_go(adopt(call, found))
            return
        if found is None:
            await talk.give_away(self.number)
        else:
            await join(talk, found, self.number)

    def _asking(self) -> Call:
        call, attempt = self.talk.call, self.talk.attempt
        if self.by_caller:
            made = beside(call)
            made.facts = replace(call.facts, dialled=self.number, at_end=[], cdr_url="")
            return made
        number = call.facts.dialled
        facts = replace(
            known(call, attempt),
            sid=sid(attempt.id),
            parent="",  # it asks as a call of its own
            dialled=self.number,
            caller_number=number,
            endpoint=attempt.target.endpoint,
        )
        return along(call, attempt, facts)

    def _held(self) -> Call:
        call, attempt = self.talk.call, self.talk.attempt
        return along(call, attempt, known(call, attempt)) if self.by_caller else beside(call)


async def join(talk: Conversation, found: Attempt, number: str) -> None:
    """Let who has answered be a call of its own that speaks with another leg.

    Raises AsteriskError; where it does not come, that leg is let go.
    """
    call = talk.call
    joined = Joined(call.ari, found)
    call.lines[found.id] = joined
    try:
        await talk.give_away(number, joined)
        with suppress(TimeoutError):
            async with asyncio.timeout(_COMING):
                await joined.begun.wait()
    finally:
        if not joined.begun.is_set():
            call.rooms.expected.pop(talk.attempt.id, None)
            await talk.let_go(adopt(call, found))


@dataclass(slots=True)
class Joined:
    """What a leg does first that comes as a call of its own: it speaks with another one.

    Until it has come, this is who hears of that one.
    """

    ari: Ari
    attempt: Attempt
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def parts(self) -> Mapping[str, Attempt]:
        return {self.attempt.id: self.attempt}

    def receive(self, event: Event) -> None:
        self.attempt.receive(event)

    async def run(self, call: Call) -> Pivot | None:
        """Speak until one of the two leaves. Raises AsteriskError, CallEnded."""
        attempt = adopt(call, self.attempt)
        self.begun.set()
        async with bridge(call) as made:
            talk = Conversation(call, attempt, made)
            try:
                here = [await add(call, made, leg) for leg in (attempt.leg, call.caller)]
                if all(here):
                    await talk.last(Plan(targets=[attempt.target]))
            finally:
                await talk.let_go(attempt)
        return None


def adopt(call: Call, attempt: Attempt) -> Attempt:
    """Have a call hear of a leg that another has dialled, as of one to be put through anew."""
    since = (Progress.INITIATED, Progress.RINGING, Progress.ANSWERED)
    mine = Attempt(
        attempt.target,
        attempt.clock,
        telling(call, lambda *_: None),
        leg=attempt.leg,
        at={step: attempt.at[step] for step in since if step in attempt.at},
        borrowed=attempt.borrowed,
    )
    note_down(call.facts, mine)
    call.join(mine)
    return mine
