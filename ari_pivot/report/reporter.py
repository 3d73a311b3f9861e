"""What is owed about a call, from the moment it is owed to the outbox."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import msgspec
import structlog

from ari_pivot.call.call import Call
from ari_pivot.call.ending import settle
from ari_pivot.call.facts import Facts
from ari_pivot.call.legs_told import ended
from ari_pivot.call.owed import Owed
from ari_pivot.call.reports import Event
from ari_pivot.call.times import gregorian
from ari_pivot.errors import StoreError
from ari_pivot.report import cdr
from ari_pivot.report.entry import Report
from ari_pivot.report.journal import Journal
from ari_pivot.report.outbox import Outbox
from ari_pivot.report.webhooks import Webhooks, destroyed
from ari_pivot.report.workers import Left

log = structlog.get_logger()

#: What changes how a call, or a leg of it, would be reported should this process die.
_CHANGES = {"CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_DESTROY"}
_UNKNOWN = 31  # the Q.850 cause of an end that nobody has seen


class Reporter:
    """Keeps the journal of calls that owe something, and turns each into its reports at the end."""

    def __init__(
        self,
        journal: Journal,
        outbox: Outbox,
        now: Callable[[], float] = time.time,
        webhooks: Webhooks | None = None,
    ) -> None:
        self._journal = journal
        self._outbox = outbox
        self._now = now
        self._webhooks = webhooks or Webhooks()
        self._left: dict[str, Facts] = {}  # calls of an earlier process
        self._owing: dict[str, Facts] = {}  # of each call that is in the journal
        self._closing: set[asyncio.Task[None]] = set()

    def owe(self, call: Call) -> None:
        """Write down that a call owes something, or no longer does; does not wait."""
        facts = call.facts
        if facts.cdr_url or facts.at_end or self._webhooks.wanted("CHANNEL_DESTROY"):
            self._owing[facts.id] = facts
            self._journal.begin(facts.id, msgspec.to_builtins(facts))
        else:
            self._owing.pop(facts.id, None)
            self._journal.drop(facts.id)

    async def written(self, call: Call) -> None:
        """Return when what a call owes is durable; a slow database delays no call for long."""
        await self._journal.written(call.facts.id)

    async def send(self, call: Call, owed: Owed) -> None:
        """Put a request into the outbox; never raises."""
        await self._outbox.put(_report(call.facts, owed, self._now()))

    def tell(self, call: Call, event: Event, more: Mapping[str, Any]) -> None:
        """Put what webhooks want to know of an event into the outbox; does not wait."""
        facts, now = call.facts, self._now()
        reports = [
            _report(facts, owed, now) for owed in self._webhooks.owed(event, facts, more, now)
        ]
        also, ends = None, self._webhooks.wanted("CHANNEL_DESTROY")
        if event == "CHANNEL_CREATE" and not more and ends:
            self.owe(call)  # from its first moment
        elif event in _CHANGES and (ends or not more) and (owing := self._owing.get(facts.id)):
            # not of the call's own facts: what runs beside it may have others, and owe nothing
            record = msgspec.to_builtins(owing)
            if reports:
                also = self._journal.changed(facts.id, record)
            else:
                self._journal.update(facts.id, record)
        if reports:
            self._outbox.post(*reports, also=also)

    def wanted(self, call: Call, event: Event, more: Mapping[str, Any]) -> list[Owed]:
        """Return what is owed to the webhooks that want to know, to be sent later."""
        return list(self._webhooks.owed(event, call.facts, more, self._now()))

    async def report(self, call: Call) -> None:
        """Complete what is known of the call and put what it owes into the outbox; never raises."""
        settle(call)
        self._owing.pop(call.facts.id, None)
        await self._journal.finish(call.facts.id, self._at_end(call.facts))

    async def load(self) -> None:
        """Read what an earlier process left; a database that fails is said, not raised."""
        try:
            left = await self._journal.unfinished()
        except StoreError as error:
            log.error("journal.unreadable", reason=str(error))
            return
        self._remember(left)

    def take(self, left: Left) -> None:
        """Report the calls of a worker that is dead: nobody else will."""
        self._journal.take(call_id for call_id, _ in left)
        self._remember(left)
        self._close({call_id for call_id, _ in left} & self._left.keys())

    def _remember(self, left: Left) -> None:
        for call_id, record in left:
            try:
                self._left[call_id] = msgspec.convert(record, Facts)
            except msgspec.ValidationError as error:
                log.error("journal.unreadable", call=call_id, reason=str(error))
                self._journal.drop(call_id)

    def recall(self, call_id: str) -> Facts | None:
        """Return, once, what an earlier process knew of a call; its legs are no more."""
        facts = self._left.pop(call_id, None)
        if facts and (ends := [*self._ends_of_legs(facts, self._now())]):
            facts.legs = {}
            also = self._journal.changed(call_id, msgspec.to_builtins(facts))
            self._outbox.post(*ends, also=also)
        return facts

    def close_lost(self, living: set[str]) -> None:
        """Report the calls of an earlier process whose channels are gone: they end now."""
        self._close(self._left.keys() - living)

    def _close(self, call_ids: set[str]) -> None:
        for call_id in call_ids:
            facts = self._left.pop(call_id)
            facts.ended_at, facts.ended_by = facts.ended_at or self._now(), "asterisk"
            facts.cause = facts.cause or _UNKNOWN
            log.warning("call.found_ended", call=call_id)
            reports = [*self._ends_of_legs(facts, facts.ended_at), *self._at_end(facts)]
            self._later(self._journal.finish(call_id, reports))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _at_end(self, facts: Facts) -> list[Report]:
        """Return all that a call owes when it is over."""
        now = self._now()
        over = facts.ended_at or now
        hooks = self._webhooks.owed("CHANNEL_DESTROY", facts, destroyed(facts), over)
        reports = [
            replace(_report(facts, owed, now), id=_id(facts, f"DESTROY {number} {owed.url}"))
            for number, owed in enumerate(hooks)
        ]
        cdrs = [_cdr(facts, now)] if facts.cdr_url else []
        return [*cdrs, *_notices(facts, now), *reports]

    def _ends_of_legs(self, facts: Facts, now: float) -> Iterator[Report]:
        """Yield what is owed of the legs that an earlier process has dialled."""
        for leg, live in facts.legs.items():
            said = live.said | ended(live, now, _UNKNOWN)
            hooks = self._webhooks.owed("CHANNEL_DESTROY", facts, said, now)
            for number, owed in enumerate(hooks):
                id_ = _id(facts, f"DESTROY {leg} {number} {owed.url}")
                yield replace(_report(facts, owed, now), id=id_)


def _notices(facts: Facts, now: float) -> list[Report]:
    """Return the notifications that were asked for at the end of a call."""
    missed = not (facts.bridged or facts.message_left)
    told = {
        "Timestamp": gregorian(facts.ended_at or now),
        "Call-Bridged": facts.bridged,
        "Message-Left": facts.message_left,
    }
    small = {name.lower().replace("-", "_"): value for name, value in told.items()}
    return [
        replace(
            _report(facts, owed, now),
            params=owed.params | (small if "event_name" in owed.params else told),
            id=_id(facts, str(number)),
        )
        for number, owed in enumerate(facts.at_end)
        if missed or not owed.if_missed
    ]


def _id(facts: Facts, what: str) -> str:
    """Return the same id for the same thing, whichever process says it."""
    return blake2b(f"{what} {facts.id} {facts.started_at}".encode(), digest_size=16).hexdigest()


def _cdr(facts: Facts, now: float) -> Report:
    return Report(
        call_id=facts.id,
        kind="cdr",
        url=facts.cdr_url,
        params=cdr.build(facts),
        created_at=now,
        debug=facts.debug,
        scheme=facts.cdr_scheme,
        id=_id(facts, "cdr"),
    )


def _report(facts: Facts, owed: Owed, now: float) -> Report:
    return Report(
        call_id=facts.id,
        kind=owed.kind,
        url=owed.url,
        params=owed.params,
        created_at=now,
        debug=facts.debug,
        method=owed.method,
        encoding=owed.encoding,
        scheme=owed.scheme,
        tries=owed.tries,
    )
