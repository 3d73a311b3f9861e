"""Reading the debug log: the list of calls, and the documents of one."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from ari_pivot.debug.log import DebugLog
from ari_pivot.debug.recorder import searchable
from ari_pivot.store.database import Database
from ari_pivot.store.schema import debug, debug_calls

_MOST = 5000  # documents of one call that are read


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls: the latest first, `limit` at most, those that began before `before`.

    `since` and `until` bound when they began, in seconds since the epoch.
    """

    limit: int = 50
    search: str = ""
    failed: bool = False
    since: float | None = None
    until: float | None = None
    before: tuple[float, str] | None = None


class Reader:
    """Reads what was written, what waits to be written included."""

    def __init__(self, database: Database, log: DebugLog | None = None) -> None:
        self._database = database
        self._log = log

    async def calls(self, wanted: Wanted) -> list[dict[str, Any]]:
        """Return calls, each with its summary, `call_id` and `created`; raises StoreError."""
        await self._flush()
        query = _query(wanted)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [
            json.loads(row.summary)
            | {"call_id": row.call_id, "created": row.created_at, "failed": row.failed}
            for row in rows
        ]

    async def documents(self, call_id: str) -> list[dict[str, Any]]:
        """Return a call's documents, the first first, with `created`; raises StoreError."""
        await self._flush()

        def read(connection: Connection) -> list[dict[str, Any]]:
            query = select(debug.c.created_at, debug.c.document)
            query = query.where(debug.c.call_id == call_id).order_by(debug.c.id).limit(_MOST)
            return [
                json.loads(text) | {"created": created}
                for created, text in connection.execute(query)
            ]

        return await self._database.run(read)

    async def summary(self, call_id: str) -> dict[str, Any]:
        """Return what the list says of one call; empty for none. Raises StoreError."""
        query = select(debug_calls.c.summary).where(debug_calls.c.call_id == call_id)
        text = await self._database.run(lambda connection: connection.scalar(query))
        return json.loads(text) if text else {}

    async def _flush(self) -> None:
        if self._log:
            await self._log.flush()


def _query(wanted: Wanted) -> Select[Any]:
    calls = debug_calls.c
    query = select(calls.call_id, calls.created_at, calls.failed, calls.summary)
    for word in searchable(wanted.search).split():
        query = query.where(calls.search.contains(word, autoescape=True))
    if wanted.failed:
        query = query.where(calls.failed)
    if wanted.since is not None:
        query = query.where(calls.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(calls.created_at <= wanted.until)
    if wanted.before is not None:
        at, call_id = wanted.before
        earlier = calls.created_at < at
        query = query.where(earlier | ((calls.created_at == at) & (calls.call_id < call_id)))
    return query.order_by(calls.created_at.desc(), calls.call_id.desc()).limit(wanted.limit)
