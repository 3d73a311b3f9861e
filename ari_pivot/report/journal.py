"""The journal of live calls: what a call owes survives the death of the process."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ari_pivot.errors import StoreError
from ari_pivot.report.entry import Report
from ari_pivot.report.ledger import Also
from ari_pivot.report.outbox import Outbox
from ari_pivot.store.database import Database
from ari_pivot.store.schema import calls

log = structlog.get_logger()

_INSERT = insert(calls)
_UPDATE = update(calls).where(calls.c.id == bindparam("call"))
_DELETE = delete(calls).where(calls.c.id == bindparam("call"))

_LONGEST = 0.25  # seconds that a call waits for the database
_PATIENCE = 0.05  # seconds: what is lost by dying before is a change, not a call

_Write = Callable[[str, dict[str, Any], float, Connection], None]


class Journal:
    """Keeps a record of each live call that owes a report; one call's are kept in order."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        worker: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._worker = worker
        self._process = uuid4().hex
        self._now = now
        self._known: set[str] = set()  # calls that have a record, or ought to
        self._writing: dict[str, asyncio.Future[None]] = {}  # the latest change of each call

    def begin(self, call_id: str, record: dict[str, Any]) -> None:
        """Write down that a call lives; does not wait and never raises."""
        write = _change if call_id in self._known else _write
        self._keep(call_id, record, write, patience=0.0)

    async def written(self, call_id: str) -> None:
        """Return when what was said of a call is durable, or a database that is slow is not."""
        if writing := self._writing.get(call_id):
            await asyncio.wait([writing], timeout=_LONGEST)

    def update(self, call_id: str, record: dict[str, Any]) -> None:
        """Replace a call's record; does not wait and never raises."""
        self._keep(call_id, record, _change, _PATIENCE)

    def changed(self, call_id: str, record: dict[str, Any]) -> Also:
        """Return what replaces a call's record, to be joined to another transaction."""
        return partial(_amend, call_id, self._row(record))

    def drop(self, call_id: str) -> None:
        """Forget a call that owes nothing any more; does not wait and never raises."""
        if call_id in self._known:
            self._known.discard(call_id)
            done = self._database.submit(partial(_strike, call_id), patience=_PATIENCE)
            done.add_done_callback(partial(_say, call_id))

    async def finish(self, call_id: str, reports: Sequence[Report]) -> None:
        """Exchange a call's record for its reports in one transaction; never raises."""
        if call_id in self._known:
            self._known.discard(call_id)
            await self._outbox.put(*reports, also=partial(_strike, call_id))
        elif reports:
            await self._outbox.put(*reports)

    async def unfinished(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the calls an earlier process of this worker left, oldest first; StoreError."""
        query = (
            select(calls.c.id, calls.c.record)
            .where(calls.c.worker == self._worker, calls.c.process != self._process)
            .order_by(calls.c.began_at)
        )
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        self.take(call_id for call_id, _ in rows)
        return [(call_id, json.loads(record)) for call_id, record in rows]

    def take(self, calls_left: Iterable[str]) -> None:
        """Take note of calls whose records another process has written."""
        self._known.update(calls_left)

    def _keep(self, call_id: str, record: dict[str, Any], write: _Write, patience: float) -> None:
        row = self._row(record)
        self._known.add(call_id)
        done = self._database.submit(partial(write, call_id, row, self._now()), patience=patience)
        self._writing[call_id] = done
        done.add_done_callback(partial(self._done, call_id))

    def _row(self, record: dict[str, Any]) -> dict[str, Any]:
        return {
            "worker": self._worker,
            "process": self._process,
            "record": json.dumps(record, default=str),
        }

    def _done(self, call_id: str, done: "asyncio.Future[None]") -> None:
        if self._writing.get(call_id) is done:
            del self._writing[call_id]
        _say(call_id, done)


def _write(call_id: str, row: dict[str, Any], now: float, connection: Connection) -> None:
    connection.execute(_INSERT, {"id": call_id, "began_at": now, **row})


def _amend(call_id: str, row: dict[str, Any], connection: Connection) -> int:
    return connection.execute(_UPDATE, {"call": call_id, **row}).rowcount


def _change(call_id: str, row: dict[str, Any], now: float, connection: Connection) -> None:
    if not _amend(call_id, row, connection):  # it could not be written before
        _write(call_id, row, now, connection)


def _strike(call_id: str, connection: Connection) -> None:
    connection.execute(_DELETE, {"call": call_id})


def _say(call_id: str, done: "asyncio.Future[None]") -> None:
    if done.cancelled():
        return
    if isinstance(error := done.exception(), StoreError):
        log.error("call.not_journaled", call_id=call_id, reason=str(error))
