"""A database on a thread of its own: what waits goes into one transaction together."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from ari_pivot.errors import StoreError
from ari_pivot.store.faults import explain, own_fault
from ari_pivot.store.schema import prepare

T = TypeVar("T")
Operation = Callable[[Connection], T]

#: In seconds but the last, in milliseconds: a server that is gone is noticed.
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

_PACE = 0.005  # seconds from one transaction to the next: under load they are shared, not many


class _DownError(StoreError):
    """The database does not work at all: whatever else waits would fail alike."""


@dataclass(slots=True)
class _Job:
    operation: Operation[Any]
    result: "asyncio.Future[Any]"


class Database:
    """Runs operations in the order given; after a failure the next one opens it anew.

    An operation may run twice, when another one of its batch fails: it changes nothing but the
    database. `threaded=False` runs it on the loop itself, for virtual time and memory.
    `lock_wait` is how many seconds another process may hold a SQLite file locked.
    """

    def __init__(self, url: str, *, threaded: bool = True, lock_wait: float = 5.0) -> None:
        self._engine = _engine(url, lock_wait)
        self._where = self._engine.url.render_as_string(hide_password=True)
        self._thread = ThreadPoolExecutor(1, "database") if threaded else None
        self._connection: Connection | None = None
        self._waiting: list[_Job] = []
        self._again: list[_Job] = []  # of a batch that failed: one at a time
        self._work: asyncio.Future[list[Any]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._soonest = 0.0  # when the pace allows the next transaction
        self._latest = inf  # when the least patient of those waiting wants it
        self._closed = False

    async def open(self) -> None:
        """Make what is missing; StoreError says why it cannot be used. A later try may succeed."""
        await self.run(lambda _: None)

    def submit(self, operation: Operation[T], *, patience: float = 0.0) -> "asyncio.Future[T]":
        """Run an operation without waiting for it; its failure is in the future.

        It may wait `patience` seconds for others to share its transaction, which is what costs.
        """
        loop = asyncio.get_running_loop()
        job = _Job(operation, loop.create_future())
        if self._closed:
            job.result.set_exception(StoreError("it is closed", where=self._where))
        else:
            self._waiting.append(job)
            self._latest = min(self._latest, loop.time() + patience)
            self._next()
        return job.result

    async def run(self, operation: Operation[T], *, patience: float = 0.0) -> T:
        """Return what an operation returned, once it is durable; raises StoreError."""
        return await self.submit(operation, patience=patience)

    async def close(self) -> None:
        """Finish what waits, then let go of the database."""
        if self._closed:
            return
        self._closed = True
        if not self._work:
            self._begin()
        while self._work:
            await asyncio.wait([self._work])
            await asyncio.sleep(0)
        if self._thread:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
            self._thread.shutdown()
        else:
            self._disconnect()

    def _next(self) -> None:
        if self._work or not (self._again or self._waiting):
            return
        loop = asyncio.get_running_loop()
        at = self._soonest if self._again else max(self._soonest, self._latest)
        if self._closed or not self._thread or at <= loop.time():
            self._begin()
        elif self._timer is None or at < self._timer.when():
            if self._timer:
                self._timer.cancel()
            self._timer = loop.call_at(at, self._begin)

    def _begin(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._again:
            batch = [self._again.pop(0)]
        else:
            batch, self._waiting = self._waiting, []
            self._latest = inf
        if batch:
            self._soonest = asyncio.get_running_loop().time() + _PACE
            self._work = self._transact([job.operation for job in batch])
            self._work.add_done_callback(lambda done: self._resolve(batch, done))

    def _transact(self, operations: list[Operation[Any]]) -> "asyncio.Future[list[Any]]":
        loop = asyncio.get_running_loop()
        if self._thread:
            return loop.run_in_executor(self._thread, self._apply, operations)

        async def inline() -> list[Any]:
            return self._apply(operations)

        return loop.create_task(inline())

    def _resolve(self, batch: list[_Job], done: "asyncio.Future[list[Any]]") -> None:
        self._work = None
        error = StoreError("interrupted") if done.cancelled() else done.exception()
        if error is None:
            for job, result in zip(batch, done.result(), strict=True):
                if not job.result.done():
                    job.result.set_result(result)
        elif len(batch) > 1 and not isinstance(error, _DownError):
            self._again = batch
        else:
            if isinstance(error, _DownError):
                batch, self._again = batch + self._again, []
            for job in batch:
                if not job.result.done():
                    job.result.set_exception(error)
        self._next()

    def _apply(self, operations: list[Operation[Any]]) -> list[Any]:
        try:
            connection = self._connection or self._connect()
            with connection.begin():
                return [operation(connection) for operation in operations]
        except (SQLAlchemyError, OSError) as error:
            if own_fault(error):
                raise StoreError(explain(error), where=self._where) from error
            self._disconnect()
            raise _DownError(explain(error), where=self._where) from error

    def _connect(self) -> Connection:
        name = self._engine.url.database
        if self._engine.dialect.name == "sqlite" and name and name != ":memory:":
            Path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with ExitStack() as opened:
            connection = opened.enter_context(self._engine.connect())
            with connection.begin():
                prepare(connection)
            opened.pop_all()
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with suppress(SQLAlchemyError):
                connection.close()


def _engine(url: str, lock_wait: float) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        patience = _POSTGRESQL if parsed.drivername == "postgresql+psycopg" else {}
        engine = create_engine(parsed, poolclass=NullPool, connect_args=patience)
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise StoreError(explain(error), where="database URL") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_set_up_sqlite, lock_wait))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(lock_wait: float, connection: Any, _: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {lock_wait * 1000:.0f}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a report outlives a power failure


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # waits for the lock here, not half way through
