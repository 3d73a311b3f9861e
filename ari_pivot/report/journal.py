"""The journal of live calls: what a call owes survives the death of the process."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ari_pivot.errors import StoreError
from ari_pivot.report.entry import Report
from ari_pivot.report.outbox import Outbox
from ari_pivot.store.database import Database
from ari_pivot.store.schema import calls

log = structlog.get_logger()

_INSERT = insert(calls)
_UPDATE = update(calls).where(calls.c.id == bindparam("call"))
_DELETE = delete(calls).where(calls.c.id == bindparam("call"))


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

    def begin(self, call_id: str, record: dict[str, Any]) -> None:
        """Write down that a call lives; does not wait and never raises."""
        self._keep(call_id, record)

    def update(self, call_id: str, record: dict[str, Any]) -> None:
        """Replace a call's record; does not wait and never raises."""
        self._keep(call_id, record)

    async def finish(self, call_id: str, reports: Sequence[Report]) -> None:
        """Exchange a call's record for its reports in one transaction; never raises."""
        await self._outbox.put(
            *reports, also=lambda connection: connection.execute(_DELETE, {"call": call_id})
        )

    async def unfinished(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the calls an earlier process of this worker left, oldest first; StoreError."""
        query = (
            select(calls.c.id, calls.c.record)
            .where(calls.c.worker == self._worker, calls.c.process != self._process)
            .order_by(calls.c.began_at)
        )
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [(call_id, json.loads(record)) for call_id, record in rows]

    def _keep(self, call_id: str, record: dict[str, Any]) -> None:
        row = {
            "worker": self._worker,
            "process": self._process,
            "record": json.dumps(record, default=str),
        }
        done = self._database.submit(partial(_upsert, call_id, row, self._now()))
        done.add_done_callback(partial(_say, call_id))


def _upsert(call_id: str, row: dict[str, Any], now: float, connection: Connection) -> None:
    if connection.execute(_UPDATE, {"call": call_id, **row}).rowcount == 0:
        connection.execute(_INSERT, {"id": call_id, "began_at": now, **row})


def _say(call_id: str, done: "asyncio.Future[None]") -> None:
    if done.cancelled():
        return
    if isinstance(error := done.exception(), StoreError):
        log.error("call.not_journaled", call_id=call_id, reason=str(error))
