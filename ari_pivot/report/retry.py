"""How hard the outbox tries, and when a report that was not accepted is tried again."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from ari_pivot.errors import WebError
from ari_pivot.report.entry import Entry

Jitter = Callable[[float], float]

_ITS_OWN_FAULT = frozenset(range(400, 500)) - {408, 425, 429}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """All times in seconds; pauses are random up to these, and doubled after each failure."""

    first: float = 2.0  # the pause after a first failure
    longest: float = 900.0  # between two tries of a report, unless the server asks for more
    probe: float = 15.0  # between two tries of an origin that does not answer
    give_up_after: float = 259200.0  # from the making of a report until it is dead
    at_once: int = 64  # tries under way
    per_origin: int = 8  # of them to one origin; 1 while it does not answer
    mend: float = 1.0  # between two tries of a database that failed


def full_jitter(ceiling: float) -> float:
    """Return a random pause up to a ceiling, so that those who failed together part."""
    return random.uniform(0, ceiling)  # noqa: S311 - nobody gains by guessing it


def after(
    entry: Entry, error: BaseException, settings: OutboxSettings, now: float, jitter: Jitter
) -> Entry:
    """Return the entry after a failed try: due later, or dead.

    Whatever the status: a 404 is as often a web application half deployed as a wrong URL, and a
    report lost cannot be had again. The last try is at the end of the time given.
    """
    end = entry.report.created_at + settings.give_up_after
    tried = replace(entry, attempts=entry.attempts + 1, error=str(error) or repr(error))
    if now >= end or tried.attempts == entry.report.tries:
        return replace(tried, state="dead")
    pause = jitter(min(settings.longest, _doubled(settings.first, entry.attempts)))
    return replace(tried, due_at=min(now + max(pause, asked(error)), end))


def leave_alone(
    error: BaseException, failures: int, settings: OutboxSettings, jitter: Jitter
) -> float:
    """Return for how long to leave an origin alone that did not answer `failures` times running."""
    pause = jitter(min(settings.probe, _doubled(settings.first, failures - 1)))
    return max(pause, min(asked(error), settings.longest))


def asked(error: BaseException) -> float:
    """Return the pause the server asks for, 0 when it does not."""
    return error.retry_after or 0.0 if isinstance(error, WebError) else 0.0


def answers(error: BaseException | None) -> bool:
    """Tell a server that accepts none from a fault of this one report, or of ours."""
    return not isinstance(error, WebError) or error.status in _ITS_OWN_FAULT


def _doubled(first: float, times: int) -> float:
    return first * 2.0 ** min(times, 60)
