"""Several workers on one database: each delivers its own, and what a dead one leaves."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection, delete, insert, select, update

from ari_pivot.errors import StoreError
from ari_pivot.store.database import Database
from ari_pivot.store.schema import calls, meta, reports, workers

log = structlog.get_logger()

PACE = 5.0  # seconds between two signs of life
LEASE = 60.0  # seconds after the last one until a worker is dead
CHANGED = "outbox_changed"  # in `meta`: grows when somebody else has changed the outbox

Left = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look at the database has shown."""

    taken: list[str]  # names of workers that are dead
    calls: Left  # the records of their calls
    more: bool  # there are reports that were not ours before
    changed: str
    twin: bool


class Workers:
    """Says that this worker lives, and takes over from those that say so no more.

    `on_reports` is told that there is more to deliver, `on_calls` of calls that nobody controls
    any more. `name` is this worker's for ever; two that live at once must not share one.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        on_reports: Callable[[], None],
        on_calls: Callable[[Left], None],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._name = name
        self._on_reports = on_reports
        self._on_calls = on_calls
        self._now = now
        self._process = uuid4().hex
        self._began = False
        self._changed: str | None = None
        self._looked_at = -inf
        self._steady_since = 0.0

    async def run(self) -> None:
        """Look every few seconds, until cancelled; a database that fails is looked at again."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.debug("workers.not_seen", reason=str(error))
            await asyncio.sleep(PACE)

    async def look(self) -> None:
        """Give a sign of life, and take over what is left; raises StoreError."""
        now = self._now()
        if now - self._looked_at > 2 * PACE:
            # while we could not look they could not sign: a database that was gone for a minute
            # must not make all workers but one dead
            self._steady_since = now
        steady = now - self._steady_since
        seen = await self._database.run(partial(self._look, now, steady))
        self._looked_at = self._now()
        if seen.twin:
            log.error(
                "worker.name_taken",
                worker=self._name,
                hint="another process that lives has the same name: set `reports.worker`",
            )
        if seen.taken:
            log.warning("worker.taken_over", workers=seen.taken, calls=len(seen.calls))
        changed, self._changed = self._changed not in {None, seen.changed}, seen.changed
        if seen.more or changed:
            self._on_reports()
        if seen.calls:
            self._on_calls(seen.calls)

    def _look(self, now: float, steady: float, connection: Connection) -> _Seen:
        nobodys = 0 if self._began else _claim(connection, self._name)
        twin = self._sign(now, connection)
        taken, left = [], []
        dead = select(workers.c.name).where(
            workers.c.name != self._name, workers.c.seen_at < now - LEASE
        )
        for name in list(connection.scalars(dead)) if steady >= LEASE else ():
            gone = delete(workers).where(workers.c.name == name, workers.c.seen_at < now - LEASE)
            if connection.execute(gone).rowcount:  # else another was first, or it lives again
                taken.append(name)
                left += _take(connection, name, self._name, self._process)
        changed = connection.scalar(select(meta.c.value).where(meta.c.name == CHANGED))
        return _Seen(taken, left, bool(taken or nobodys), changed or "", twin)

    def _sign(self, now: float, connection: Connection) -> bool:
        """Say that we live; True where another process has said so under our name meanwhile."""
        mine = workers.c.name == self._name
        said = connection.scalar(select(workers.c.process).where(mine))
        row = {"process": self._process, "seen_at": now}
        if said is None:
            connection.execute(insert(workers).values(name=self._name, **row))
        else:
            connection.execute(update(workers).where(mine).values(**row))
        began, self._began = self._began, True
        return began and said is not None and said != self._process


def _claim(connection: Connection, name: str) -> int:
    """Take what was written before there were workers."""
    mine = update(reports).where(reports.c.worker == "").values(worker=name)
    return connection.execute(mine).rowcount


def _take(connection: Connection, dead: str, heir: str, process: str) -> Left:
    """Make a dead worker's reports and calls another's; return the calls."""
    connection.execute(update(reports).where(reports.c.worker == dead).values(worker=heir))
    query = select(calls.c.id, calls.c.record).where(calls.c.worker == dead)
    left = [(call, json.loads(record)) for call, record in connection.execute(query)]
    heirs = {"worker": heir, "process": process}
    connection.execute(update(calls).where(calls.c.worker == dead).values(**heirs))
    return left


def tell_changed(connection: Connection) -> None:
    """Let the workers know that their outbox is not as they left it."""
    grown = connection.execute(update(meta).where(meta.c.name == CHANGED).values(value=uuid4().hex))
    if not grown.rowcount:
        connection.execute(insert(meta).values(name=CHANGED, value=uuid4().hex))
