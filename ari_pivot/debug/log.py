"""The debug log: documents of calls, written behind their back and kept within bounds."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from ari_pivot import redact
from ari_pivot.errors import StoreError
from ari_pivot.store.database import Database
from ari_pivot.store.schema import debug, debug_calls

log = structlog.get_logger()

_PACE = 0.2  # seconds in which what is written shares a transaction
_SWEEP = 3600.0  # seconds
_WAITING = 20_000_000  # bytes in memory while the database is slow; what is beyond is not kept
_AT_ONCE = 100  # calls that one sweep statement removes

_INSERT, _NEW = insert(debug), insert(debug_calls)
_GROWN = (
    update(debug_calls)
    .where(debug_calls.c.call_id == bindparam("of"))
    .values(bytes=debug_calls.c.bytes + bindparam("size"))
)
_CHANGED = _GROWN.values(
    failed=bindparam("failed"), search=bindparam("search"), summary=bindparam("summary")
)
_KNOWN = select(debug_calls.c.call_id).where(
    debug_calls.c.call_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list of calls says of one; `search` is what one can search for."""

    failed: bool
    search: str
    text: str  # JSON


#: Is asked when it is written: of many documents only the last one's counts.
Tell = Callable[[], Summary]


@dataclass(slots=True)
class _Batch:
    rows: list[dict[str, Any]] = field(default_factory=list)
    calls: dict[str, Tell | None] = field(default_factory=dict)
    size: int = 0


class DebugLog:
    """Keeps documents for `keep` seconds, and `limit` bytes of them in all, the newest."""

    def __init__(
        self,
        database: Database,
        *,
        keep: float = 604_800.0,
        limit: int = 100_000_000,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._keep, self._limit = keep, limit
        self._now = now
        self._batch = _Batch()
        self._timer: asyncio.TimerHandle | None = None
        self._on_way = 0  # bytes
        self._since_sweep = 0  # bytes
        self._due = asyncio.Event()
        self.dropped = 0  # documents that were not kept

    def write(self, call_id: str, document: Mapping[str, Any], summary: Tell | None = None) -> int:
        """Keep one document and return its size; does not wait and never raises."""
        text = redact.credentials(json.dumps(document, default=str))
        batch = self._batch
        if self._on_way + batch.size + len(text) > _WAITING:
            self.dropped += 1
            return 0
        now = self._now()
        batch.rows.append({"call_id": call_id, "created_at": now, "document": text})
        batch.calls[call_id] = summary or batch.calls.get(call_id)
        batch.size += len(text)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PACE, self._flush)
        return len(text)

    def _flush(self) -> "asyncio.Future[None]":
        if self._timer:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, _Batch()
        self._on_way += batch.size
        self._since_sweep += batch.size
        if self._since_sweep > self._limit / 20:
            self._due.set()
        summaries = {call_id: tell and tell() for call_id, tell in batch.calls.items()}
        done = self._database.submit(partial(_store, batch.rows, summaries))
        done.add_done_callback(partial(self._written, batch))
        return done

    def _written(self, batch: _Batch, done: "asyncio.Future[None]") -> None:
        self._on_way -= batch.size
        if not done.cancelled() and isinstance(error := done.exception(), StoreError):
            self.dropped += len(batch.rows)
            log.error("debug.not_kept", documents=len(batch.rows), reason=str(error))

    async def flush(self) -> None:
        """Have everything written that waits."""
        if self._batch.rows:
            await asyncio.wait([self._flush()])

    async def run(self) -> None:
        """Sweep every hour, and when much was written, until cancelled."""
        while True:
            self._due.clear()
            try:
                await self.sweep()
            except StoreError as error:
                log.error("debug.not_swept", reason=str(error))
            try:
                async with asyncio.timeout(_SWEEP):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def sweep(self) -> None:
        """Forget what is older than we keep, and the oldest of what is too much."""
        await self.flush()
        self._since_sweep = 0
        await self._database.run(partial(_forget_old, self._now() - self._keep))
        while await self._database.run(partial(_forget_most, self._limit)):
            pass


def _store(
    documents: list[dict[str, Any]],
    summaries: Mapping[str, Summary | None],
    connection: Connection,
) -> None:
    sizes: Counter[str] = Counter()
    began: dict[str, float] = {}
    for row in documents:
        sizes[row["call_id"]] += len(row["document"])
        began.setdefault(row["call_id"], row["created_at"])
    known = set(connection.scalars(_KNOWN, {"ids": list(sizes)}))
    new, changed, grown = [], [], []
    for call_id, summary in summaries.items():
        told = {"of": call_id, "size": sizes[call_id]}
        if summary is None:
            grown.append(told)
            continue
        about = {"failed": summary.failed, "search": summary.search, "summary": summary.text}
        if call_id in known:
            changed.append(told | about)
        else:
            row = {"call_id": call_id, "created_at": began[call_id], "bytes": sizes[call_id]}
            new.append(row | about)
    for statement, rows in (
        (_INSERT, documents), (_NEW, new), (_CHANGED, changed), (_GROWN, grown)
    ):  # fmt: skip
        if rows:
            connection.execute(statement, rows)


def _forget_old(before: float, connection: Connection) -> None:
    """Forget calls that began before a time, and what no call is known of any more."""
    connection.execute(delete(debug_calls).where(debug_calls.c.created_at < before))
    known = select(debug_calls.c.call_id)
    connection.execute(
        delete(debug).where((debug.c.created_at < before) | debug.c.call_id.not_in(known))
    )


def _forget_most(limit: int, connection: Connection) -> bool:
    """Forget the oldest calls, some at once; True while there is still too much."""
    much = (connection.scalar(select(func.sum(debug_calls.c.bytes))) or 0) - limit
    oldest = select(debug_calls.c.call_id, debug_calls.c.bytes)
    gone = []
    if much > 0:
        order = oldest.order_by(debug_calls.c.created_at, debug_calls.c.call_id).limit(_AT_ONCE)
        for call_id, size in connection.execute(order):
            if much <= 0:
                break
            gone.append(call_id)
            much -= size
    if gone:
        connection.execute(delete(debug).where(debug.c.call_id.in_(gone)))
        connection.execute(delete(debug_calls).where(debug_calls.c.call_id.in_(gone)))
    return bool(gone) and much > 0
