"""Speaking with one of the legs a call has dialled, apart from the caller."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt
from ari_pivot.call.facts import Facts


@contextmanager
def aside(call: Call, attempt: Attempt, facts: Facts) -> Iterator[Call]:
    """Have a call whose caller is the leg, so that every primitive works on it.

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
        call.join(attempt)
