"""What is owed about a call, from the moment it is owed to the outbox."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from hashlib import blake2b

import msgspec
import structlog

from ari_pivot.call.call import Call
from ari_pivot.call.ending import settle
from ari_pivot.call.facts import Facts
from ari_pivot.errors import StoreError
from ari_pivot.report import cdr
from ari_pivot.report.entry import Report
from ari_pivot.report.journal import Journal

log = structlog.get_logger()


class Reporter:
    """Keeps the journal of calls that owe a CDR, and turns each into its report at the end."""

    def __init__(self, journal: Journal, now: Callable[[], float] = time.time) -> None:
        self._journal = journal
        self._now = now
        self._left: dict[str, Facts] = {}  # calls of an earlier process
        self._closing: set[asyncio.Task[None]] = set()

    def owe(self, call: Call) -> None:
        """Write down that a call owes a report, or no longer does; does not wait."""
        facts = call.facts
        if facts.cdr_url:
            self._journal.begin(facts.id, msgspec.to_builtins(facts))
        else:
            self._later(self._journal.finish(facts.id, ()))

    async def report(self, call: Call) -> None:
        """Complete what is known of the call and put its CDR into the outbox; never raises."""
        settle(call)
        if call.facts.cdr_url:
            await self._journal.finish(call.facts.id, [_cdr(call.facts, self._now())])

    async def load(self) -> None:
        """Read what an earlier process left; a database that fails is said, not raised."""
        try:
            left = await self._journal.unfinished()
        except StoreError as error:
            log.error("journal.unreadable", reason=str(error))
            return
        self._left = {call_id: msgspec.convert(record, Facts) for call_id, record in left}

    def recall(self, call_id: str) -> Facts | None:
        """Return, once, what an earlier process knew of a call."""
        return self._left.pop(call_id, None)

    def close_lost(self, living: set[str]) -> None:
        """Report the calls of an earlier process whose channels are gone: they end now."""
        for call_id in self._left.keys() - living:
            facts = self._left.pop(call_id)
            facts.ended_at, facts.ended_by = facts.ended_at or self._now(), "asterisk"
            facts.cause = facts.cause or 31
            log.warning("call.found_ended", call=call_id)
            reports = [_cdr(facts, self._now())] if facts.cdr_url else []
            self._later(self._journal.finish(call_id, reports))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _cdr(facts: Facts, now: float) -> Report:
    return Report(
        call_id=facts.id,
        kind="cdr",
        url=facts.cdr_url,
        params=cdr.build(facts),
        created_at=now,
        scheme=facts.cdr_scheme,
        id=blake2b(f"cdr {facts.id} {facts.started_at}".encode(), digest_size=16).hexdigest(),
    )
