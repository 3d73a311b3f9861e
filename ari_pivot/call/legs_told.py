"""What webhooks are told of the legs that a call dials."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ari_pivot.call import causes
from ari_pivot.call.dialled import Attempt, Progress
from ari_pivot.call.facts import Facts, LiveLeg
from ari_pivot.call.line import Part
from ari_pivot.call.reports import Event
from ari_pivot.call.times import seconds
from ari_pivot.call.watch import note

if TYPE_CHECKING:
    from ari_pivot.call.call import Call

_EVENTS: dict[Progress, Event] = {
    Progress.INITIATED: "CHANNEL_CREATE",
    Progress.ANSWERED: "CHANNEL_ANSWER",
    Progress.ENDED: "CHANNEL_DESTROY",
}

OnProgress = Callable[[Attempt, Progress], None]


def telling(call: "Call", on_progress: OnProgress) -> OnProgress:
    """Return what tells the webhooks, and whoever watches, of each step of a leg."""

    def tell(attempt: Attempt, step: Progress) -> None:
        if step is Progress.BRIDGED:
            _bridged(call, attempt)
        elif attempt.inherited:
            note_down(call.facts, attempt)
        elif event := _EVENTS.get(step):
            note_down(call.facts, attempt)
            call.tell(event, **about(call.facts, attempt), **_end(attempt))
        status = attempt.status and attempt.status.value
        note(call, "leg", leg=attempt.id, step=step.value, status=status, cause=attempt.cause)
        on_progress(attempt, step)

    return tell


def _bridged(call: "Call", attempt: Attempt) -> None:
    """Tell of the caller's leg, which is the one that is put through. Source: KAZOO."""
    call.tell(
        "CHANNEL_BRIDGE",
        other_leg_call_id=attempt.id,
        original_number=call.facts.dialled,
        other_leg_destination_number=_number(attempt),
    )


def about(facts: Facts, part: Part | None) -> dict[str, Any]:
    """Return what the events of a dialled leg say instead of what those of its call do."""
    if not isinstance(part, Attempt):
        return {}
    number = _number(part)
    return {
        "call_id": part.id,
        "call_direction": "outbound",
        "callee_id_number": number,
        "to": number,
        "request": number,
        "other_leg_call_id": facts.sip_call_id or facts.id,
    }


def ended(leg: LiveLeg, at: float, cause: int, sip: int = 0) -> dict[str, Any]:
    """Return what the end of a leg says: when it was, and its Q.850 cause and SIP status."""
    answered = at if leg.answered_at is None else leg.answered_at
    return {
        "hangup_cause": causes.name(cause or 16),
        "hangup_code": f"sip:{sip}" if sip else None,
        "duration_seconds": seconds(leg.began_at, at),
        "ringing_seconds": seconds(leg.began_at, answered),
        "billing_seconds": seconds(answered, at),
    }


def note_down(facts: Facts, attempt: Attempt) -> None:
    """Keep among the facts which legs there are, for who reports the call should we die."""
    if attempt.status:
        facts.legs.pop(attempt.id, None)
    else:
        facts.legs[attempt.id] = _live(attempt, about(facts, attempt))


def _live(attempt: Attempt, said: dict[str, Any]) -> LiveLeg:
    at = attempt.at
    return LiveLeg(
        said=said, began_at=at[Progress.INITIATED], answered_at=at.get(Progress.ANSWERED)
    )


def _end(attempt: Attempt) -> dict[str, Any]:
    if not attempt.status:
        return {}
    return ended(_live(attempt, {}), attempt.at[Progress.ENDED], attempt.cause, attempt.sip)


def _number(attempt: Attempt) -> str:
    return attempt.target.name or attempt.target.endpoint
