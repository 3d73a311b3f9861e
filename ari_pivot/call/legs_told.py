"""What webhooks are told of the legs that a call dials."""

from collections.abc import Callable
from typing import Any

from ari_pivot.call import causes
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Progress
from ari_pivot.call.reports import Event
from ari_pivot.call.watch import note

_EVENTS: dict[Progress, Event] = {
    Progress.INITIATED: "CHANNEL_CREATE",
    Progress.ANSWERED: "CHANNEL_ANSWER",
    Progress.ENDED: "CHANNEL_DESTROY",
}

OnProgress = Callable[[Attempt, Progress], None]


def telling(call: Call, on_progress: OnProgress) -> OnProgress:
    """Return what tells the webhooks, and whoever watches, of each step of a leg."""

    def tell(attempt: Attempt, step: Progress) -> None:
        if step is Progress.BRIDGED:
            _bridged(call, attempt)
        elif event := _EVENTS.get(step):
            call.tell(event, **_leg(call, attempt), **(_end(attempt) if attempt.status else {}))
        status = attempt.status and attempt.status.value
        note(call, "leg", leg=attempt.id, step=step.value, status=status, cause=attempt.cause)
        on_progress(attempt, step)

    return tell


def _bridged(call: Call, attempt: Attempt) -> None:
    """Tell of the caller's leg, which is the one that is put through. Source: KAZOO."""
    call.tell(
        "CHANNEL_BRIDGE",
        other_leg_call_id=attempt.id,
        original_number=call.facts.dialled,
        other_leg_destination_number=_number(attempt),
    )


def _leg(call: Call, attempt: Attempt) -> dict[str, Any]:
    number = _number(attempt)
    return {
        "call_id": attempt.id,
        "call_direction": "outbound",
        "callee_id_number": number,
        "to": number,
        "request": number,
        "other_leg_call_id": call.facts.sip_call_id or call.facts.id,
    }


def _end(attempt: Attempt) -> dict[str, Any]:
    at = attempt.at
    began, ended = at[Progress.INITIATED], at[Progress.ENDED]
    answered = at.get(Progress.ANSWERED, ended)
    return {
        "hangup_cause": causes.name(attempt.cause or 16),
        "hangup_code": f"sip:{attempt.sip}" if attempt.sip else None,
        "duration_seconds": round(ended - began),
        "ringing_seconds": round(answered - began),
        "billing_seconds": round(ended - answered),
    }


def _number(attempt: Attempt) -> str:
    return attempt.target.name or attempt.target.endpoint
