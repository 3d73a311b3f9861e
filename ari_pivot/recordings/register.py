"""The recordings' rows in the database: what is wanted of each, and how far it has come."""

import asyncio
import json
from collections.abc import Iterator
from functools import partial

import msgspec
import structlog
from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from ari_pivot.call.recordings import Order
from ari_pivot.errors import StoreError
from ari_pivot.report.ledger import Also
from ari_pivot.store.database import Database
from ari_pivot.store.schema import recordings, workers

log = structlog.get_logger()

_PATIENCE = 0.02  # seconds: to share a transaction with others
_SOME = 100  # rows at once

#: It goes on, or is not yet taken; it is kept, told of and still in Asterisk as well; it is kept.
LIVE, TAKEN, KEPT = "live", "taken", "kept"


class Register:
    """Writes without being waited for; a database that fails is said, never raised."""

    def __init__(self, database: Database, worker: str) -> None:
        self._database = database
        self._worker = worker

    def write(self, order: Order, state: str, began_at: float) -> None:
        """Write down a recording, or how far it has come."""
        self._submit(order.id, self.entry(order, state, began_at))

    def advance(self, order: Order) -> None:
        """Write down that it is no longer in Asterisk."""
        self._submit(order.id, self.advanced(order))

    def advanced(self, order: Order) -> Also:
        """Return the operation that does so, to be joined to another transaction."""
        return partial(_advance, order.id)

    def strike(self, id_: str) -> None:
        """Forget a recording."""
        self._submit(id_, partial(_delete, id_))

    def entry(
        self, order: Order, state: str, began_at: float, expires_at: float | None = None
    ) -> Also:
        """Return the operation that writes a row, to be joined to another transaction."""
        row = {
            "worker": self._worker,
            "state": state,
            "began_at": began_at,
            "expires_at": expires_at,
            "record": json.dumps(msgspec.to_builtins(order)),
        }
        return partial(_upsert, order.id, row)

    async def left(self) -> list[tuple[Order, str]]:
        """Return what an earlier process has not finished, with its state."""
        query = (
            select(recordings.c.record, recordings.c.state)
            .where(recordings.c.worker == self._worker, recordings.c.state != KEPT)
            .order_by(recordings.c.began_at)
        )
        try:
            rows = await self._database.run(lambda connection: connection.execute(query).all())
        except StoreError as error:
            log.error("recordings.unreadable", reason=str(error))
            return []
        return [(_order(record), state) for record, state in rows]

    async def expired(self, now: float) -> list[Order]:
        """Return some that have been kept for long enough."""
        query = (
            select(recordings.c.record)
            .where(
                recordings.c.worker == self._worker,  # others have folders of their own
                recordings.c.state == KEPT,
                recordings.c.expires_at <= now,
            )
            .limit(_SOME)
        )
        try:
            rows = await self._database.run(lambda connection: [*connection.scalars(query)])
        except StoreError as error:
            log.error("recordings.unreadable", reason=str(error))
            return []
        return [_order(record) for record in rows]

    async def orphans(self, now: float) -> list[tuple[Order, str]]:
        """Return what workers that are dead have not finished, or not removed, with its state."""
        try:
            return await self._database.run(partial(_orphans, self._worker, now))
        except StoreError as error:
            log.error("recordings.unreadable", reason=str(error))
            return []

    async def adopt(self, id_: str) -> bool:
        """Make another worker's recording ours; False where somebody was first."""
        theirs = update(recordings).where(
            recordings.c.id == id_,
            recordings.c.worker != self._worker,
            recordings.c.worker.not_in(select(workers.c.name)),
        )
        taking = theirs.values(worker=self._worker)
        try:
            return bool(await self._database.run(lambda c: c.execute(taking).rowcount))
        except StoreError as error:
            log.error("recordings.unreadable", reason=str(error))
            return False

    async def known(self, id_: str) -> bool:
        """Tell whether somebody, perhaps another worker, keeps a recording; raises StoreError."""
        query = select(recordings.c.id).where(recordings.c.id == id_)
        return await self._database.run(lambda connection: connection.scalar(query)) is not None

    def _submit(self, id_: str, operation: Also) -> None:
        done = self._database.submit(operation, patience=_PATIENCE)
        done.add_done_callback(partial(_say, id_))


def _orphans(mine: str, now: float, connection: Connection) -> list[tuple[Order, str]]:
    alive = {mine, *connection.scalars(select(workers.c.name))}
    dead = [name for name in _owners(connection) if name not in alive]
    query = select(recordings.c.record, recordings.c.state).where(
        recordings.c.worker == bindparam("of"),
        or_(recordings.c.state != KEPT, recordings.c.expires_at <= now),
    )
    return [
        (_order(record), state)
        for name in dead
        for record, state in connection.execute(query, {"of": name})
    ]


def _owners(connection: Connection) -> Iterator[str]:
    """Yield the workers that have recordings, by leaps over the index: there may be a million."""
    name = connection.scalar(select(func.min(recordings.c.worker)))
    while name is not None:
        yield name
        name = connection.scalar(
            select(func.min(recordings.c.worker)).where(recordings.c.worker > name)
        )


def _order(record: str) -> Order:
    return msgspec.convert(json.loads(record), Order)


def _upsert(id_: str, row: dict[str, object], connection: Connection) -> None:
    known = update(recordings).where(recordings.c.id == id_)
    if connection.execute(known.values(row)).rowcount == 0:
        connection.execute(insert(recordings).values(id=id_, **row))


def _delete(id_: str, connection: Connection) -> None:
    connection.execute(delete(recordings).where(recordings.c.id == id_))


def _advance(id_: str, connection: Connection) -> None:
    connection.execute(update(recordings).where(recordings.c.id == id_).values(state=KEPT))


def _say(id_: str, done: "asyncio.Future[object]") -> None:
    if not done.cancelled() and (error := done.exception()):
        log.error("recording.not_noted", recording=id_, reason=str(error))
