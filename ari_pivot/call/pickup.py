"""Taking over a call that rings at somebody else's telephone, or is spoken on there.

What rings is found among the calls that this program serves.
"""

from collections.abc import Callable, Collection, Iterator

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Progress
from ari_pivot.call.leg import Leg

Found = tuple[Call, Attempt]


def ringing(call: Call, endpoints: Collection[str]) -> Found | None:
    """Return the call that rings for longest at one of these endpoints of Asterisk's."""
    return _find(call, endpoints, lambda one: not one.answered)


def talking(call: Call, endpoints: Collection[str]) -> Found | None:
    """Return the call that somebody has answered at one of these endpoints."""
    return _find(call, endpoints, lambda one: Progress.BRIDGED in one.at)


def speaking(call: Call, endpoints: Collection[str]) -> Leg | None:
    """Return the leg at one of these endpoints that is in a conversation, on either side."""
    if found := talking(call, endpoints):
        return found[1].leg
    return next(
        (other.caller for other in calls(call)
         if other.facts.endpoint in endpoints and not other.caller.ended
         and any(isinstance(part, Attempt) and Progress.BRIDGED in part.at
                 for part in other.parts.values())), None
    )  # fmt: skip


async def pick_up(call: Call, found: Found) -> bool:
    """Speak with the caller of another call until one of the two leaves.

    False when it was too late: another was faster, or that caller has left. Raises CallEnded.
    """
    theirs, attempt = found
    await answer(call)
    if attempt.taken or attempt.status is not None:
        return False

    def tell(_: Attempt, step: Progress) -> None:
        if step is Progress.BRIDGED:
            call.facts.bridged, call.facts.other_leg = True, theirs.caller.id
            number = theirs.facts.dialled
            theirs.tell("CHANNEL_BRIDGE", other_leg_call_id=call.caller.id, original_number=number)
        call.wake()

    mine = Attempt(
        attempt.target,
        call.clock,
        tell,
        leg=call.caller,
        at={step: at for step, at in attempt.at.items() if step is not Progress.BRIDGED},
        borrowed=True,
    )
    mine.at[Progress.ANSWERED] = call.clock()
    attempt.taken = mine
    theirs.wake()
    try:
        await call.until(lambda: mine.status is not None)
    finally:
        theirs.wake()
    return Progress.BRIDGED in mine.at


def calls(call: Call) -> Iterator[Call]:
    """Yield the other calls that this program serves."""
    for other in {id(one): one for one in call.lines.values()}.values():
        if isinstance(other, Call) and other is not call:
            yield other


def _find(
    call: Call, endpoints: Collection[str], wanted: Callable[[Attempt], bool]
) -> Found | None:
    found = [
        (other, part)
        for other in calls(call)
        for part in other.parts.values()
        if isinstance(part, Attempt) and part.target.endpoint in endpoints
        if part.status is None and part.taken is None and wanted(part)
    ]
    return min(found, key=lambda one: one[1].at.get(Progress.INITIATED, 0.0), default=None)
