"""The durable outbox: reports written before they are sent, sent until they are acknowledged."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from math import inf
from typing import Any

import structlog

from ari_pivot.errors import WebError
from ari_pivot.report.entry import Entry, Report, new_entry
from ari_pivot.report.ledger import Also, Ledger
from ari_pivot.report.origin import Origin
from ari_pivot.report.retry import Jitter, OutboxSettings, after, answers, full_jitter, leave_alone
from ari_pivot.store.database import Database

__all__ = ["Outbox", "OutboxSettings", "Report"]

log = structlog.get_logger()

Deliver = Callable[[Report], Awaitable[None]]


class Outbox:
    """Delivers at least once, and never again after the server's acknowledgement.

    `deliver` sends a report once: it returns when it was accepted and raises WebError when not.
    A call's reports to one URL go one after the other; everything else goes side by side.
    """

    def __init__(
        self,
        database: Database,
        deliver: Deliver,
        settings: OutboxSettings | None = None,
        now: Callable[[], float] = time.time,
        jitter: Jitter = full_jitter,
        worker: str = "",
    ) -> None:
        self._deliver = deliver
        self.configure(settings or OutboxSettings())
        self._now = now
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._ledger = Ledger(database, now, self._settings.mend, self._wake.set, worker)
        self._origins: dict[str, Origin] = {}
        self._accepting: set[asyncio.Task[None]] = set()
        self._trying: set[asyncio.Task[None]] = set()
        self._deliveries: set[asyncio.Future[None]] = set()
        self._under_way = 0
        self._sweeping = asyncio.Lock()
        self._sequence = 0
        self._delivering = False
        self._loaded = False

    def configure(self, settings: OutboxSettings) -> None:
        """Try so hard from the next try on."""
        self._settings = settings

    async def put(self, *reports: Report, also: Also | None = None) -> None:
        """Return when the reports are durable; never raises, and cancelling does not undo it.

        `also` joins their transaction. When the database fails they are kept in memory, said
        loudly, delivered all the same, and written as soon as it works.
        """
        await asyncio.shield(self.post(*reports, also=also))

    def post(self, *reports: Report, also: Also | None = None) -> "asyncio.Task[None]":
        """Do the same without waiting: the order of the calls is that of the reports."""
        entries = [new_entry(report, self._number()) for report in reports]
        return _keep(self._accept(entries, also), self._accepting)

    async def run(self) -> None:
        """Deliver what is due until cancelled; what is under way then is sent again next time."""
        self._delivering = True
        try:
            while True:
                self._wake.clear()
                await self._sweep()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._wake.wait()
        finally:
            self._delivering = False
            for delivery in self._deliveries:
                delivery.cancel()  # and not the tries: what was accepted is still struck off
            await asyncio.gather(*self._trying)

    async def flush(self, limit: float) -> None:
        """Try once what is due, for `limit` seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while True:
                    await self._sweep()
                    if self._pause() == 0:
                        continue
                    if not self._trying:
                        break
                    await asyncio.wait(self._trying, return_when=asyncio.FIRST_COMPLETED)

    def look_again(self) -> None:
        """Look into the database anew: somebody else has changed it."""
        self._loaded = False
        self._wake.set()

    async def depth(self) -> int:
        """Return how many reports wait."""
        return (await self._ledger.totals())[0]

    async def oldest(self) -> float:
        """Return the age of the oldest report that waits, in seconds; 0 when none does."""
        made = (await self._ledger.totals())[1]
        return 0.0 if made is None else max(0.0, self._now() - made)

    def _number(self) -> int:
        self._sequence = max(self._sequence + 1, int(self._now() * 1e6))
        return self._sequence

    async def _accept(self, entries: list[Entry], also: Also | None) -> None:
        await self._ledger.add(entries, also)
        for entry in entries:
            origin = self._origins.setdefault(entry.origin, Origin())
            free = self._slots(origin) and entry.lane not in origin.running
            if self._delivering and origin.clear and free:
                self._try(origin, entry)
            else:
                self._look_again(origin)

    async def _sweep(self) -> None:
        async with self._sweeping:
            if await self._ledger.mend():
                for origin in self._origins.values():
                    if not origin.clear:
                        self._look_again(origin)
            if not self._loaded:
                await self._load()
            for name, origin in list(self._origins.items()):
                if self._ready_at(origin) <= self._now():
                    await self._look(name, origin)

    async def _load(self) -> None:
        names = await self._ledger.origins()
        if names is not None:
            self._loaded = True
            for name in names:
                self._look_again(self._origins.setdefault(name, Origin()))

    async def _look(self, name: str, origin: Origin) -> None:
        origin.look_at = inf  # a report put while we look sets it again
        try:
            entries = await self._ledger.look(name, self._slots(origin) + 1, origin.running)
        except asyncio.CancelledError:
            self._look_again(origin)
            raise
        for entry in entries:
            if entry.due_at > self._now() or not self._slots(origin):
                origin.look_at = min(origin.look_at, entry.due_at)
                break
            if entry.lane not in origin.running:
                self._try(origin, entry)
        if not (entries or origin.running or self._ledger.broken) and origin.look_at == inf:
            del self._origins[name]

    def _look_again(self, origin: Origin) -> None:
        origin.clear = False
        origin.look_at = self._now()
        self._wake.set()

    def _ready_at(self, origin: Origin) -> float:
        return origin.ready_at() if self._slots(origin) else inf

    def _pause(self) -> float | None:
        at = min(map(self._ready_at, self._origins.values()), default=inf)
        if self._ledger.broken:
            at = min(at, self._now() + self._settings.mend)
        return None if at == inf else max(0.0, at - self._now())

    def _slots(self, origin: Origin) -> int:
        here = origin.slots(self._settings.per_origin)
        return max(0, min(here, self._settings.at_once - self._under_way))

    def _try(self, origin: Origin, entry: Entry) -> None:
        origin.running[entry.lane] = entry.report.id
        self._under_way += 1
        delivery = asyncio.ensure_future(self._deliver(entry.report))
        self._deliveries.add(delivery)
        _keep(self._attempt(origin, entry, delivery), self._trying)

    async def _attempt(
        self, origin: Origin, entry: Entry, delivery: "asyncio.Future[None]"
    ) -> None:
        # its outcome is looked at, not raised: a fault of the deliverer loses no report
        await asyncio.wait([delivery])
        self._deliveries.discard(delivery)
        cut_off = delivery.cancelled()
        error = asyncio.CancelledError() if cut_off else delivery.exception()
        if cut_off and not self._delivering:
            origin.clear = False  # we stop: nobody's failure, it is simply still owed
        else:
            origin.failures = 0 if answers(error) else origin.failures + 1
            if error is None:
                await self._ledger.remove(entry)
            else:
                origin.clear = False
                await self._ledger.change(self._failed(origin, entry, error))
        self._free(origin, entry)

    def _free(self, origin: Origin, entry: Entry) -> None:
        full = self._under_way == self._settings.at_once
        self._under_way -= 1
        del origin.running[entry.lane]
        if not origin.clear:
            self._look_again(origin)
        elif not origin.running:
            del self._origins[entry.origin]
        if full:
            self._wake.set()

    def _failed(self, origin: Origin, entry: Entry, error: BaseException) -> Entry:
        now = self._now()
        if origin.failures:
            pause = leave_alone(error, origin.failures, self._settings, self._jitter)
            origin.alone_until = now + pause
        tried = after(entry, error, self._settings, now, self._jitter)
        say = log.bind(
            call_id=entry.report.call_id,
            report=entry.report.id,
            kind=entry.report.kind,
            origin=entry.origin,
            attempts=tried.attempts,
            reason=tried.error,
        )
        if not isinstance(error, WebError):
            say.error("report.fault", exc_info=error)
        elif tried.state == "dead":
            say.error("report.given_up")
        else:
            say.warning("report.not_accepted", again_in=round(tried.due_at - now, 3))
        return tried


def _keep(
    coroutine: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]
) -> asyncio.Task[None]:
    task = asyncio.create_task(coroutine)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
