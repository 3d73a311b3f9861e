"""Instructions that run apart from those of the call."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Progress
from ari_pivot.call.facts import Facts
from ari_pivot.call.record_call import Ear


@contextmanager
def aside(call: Call, attempt: Attempt, facts: Facts) -> Iterator[Call]:
    """Have a call whose caller is a dialled leg, so that every primitive works on it.

    It ends, with CallEnded, when the leg does. `facts` are what is known of it.
    """
    facts.debug = call.facts.debug
    made = replace(
        call, facts=facts, caller=attempt.leg, parts={}, outer=[], notes=call.notes, _waiters=set()
    )
    made.join(attempt)
    try:
        yield made
    finally:
        for part in list(made.parts.values()):
            made.leave(part)
            if isinstance(part, Ear):  # what records the leg goes on
                call.join(part)
        for live in call.live:
            live.call = call
        call.join(attempt)


def known(call: Call, attempt: Attempt) -> Facts:
    """Return what a leg that nobody is told of needs: it speaks the caller's language."""
    return Facts(
        id=attempt.id,
        sid="",
        parent=call.facts.sid,
        language=call.facts.language,
        language_set=call.facts.language_set,
        started_at=attempt.at[Progress.INITIATED],
    )


def beside(call: Call, only: Collection[str] | None = None) -> Call:
    """Have a call for instructions that run while those of the call wait.

    It has the same caller and facts, and ends with the call. Only the verbs of these names run, all
    without them.
    """
    made = replace(call, outer=[], only=None if only is None else frozenset(only))
    call.join(call.caller)  # who hears of the caller stays the same
    return made


def along(call: Call, attempt: Attempt, facts: Facts) -> Call:
    """Have a call whose caller is a leg that speaks with the caller, to play something to it.

    What happens on the leg is still the call's to hear.
    """
    made = replace(call, facts=facts, caller=attempt.leg, parts={}, outer=[], notes=call.notes)
    call.join(attempt)
    return made
