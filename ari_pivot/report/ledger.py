"""What is owed: in the database, or in memory for as long as the database fails."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import structlog
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ari_pivot.errors import StoreError
from ari_pivot.report.entry import Entry, from_row, to_row
from ari_pivot.store.database import Database
from ari_pivot.store.schema import reports

log = structlog.get_logger()

Also = Callable[[Connection], object]

_PATIENCE = 0.02  # seconds: a call that has ended is in no hurry

_INSERT = insert(reports)
_DELETE = delete(reports).where(reports.c.id == bindparam("gone"))
_CHANGE = update(reports).where(
    reports.c.id == bindparam("changed"), reports.c.worker == bindparam("by")
)
_CHANGING = ("state", "attempts", "due_at", "error")

_earlier = reports.alias()
_DUE = (
    select(reports)
    .where(
        reports.c.worker == bindparam("by"),
        reports.c.state == "waiting",
        reports.c.origin == bindparam("of"),
        reports.c.id.not_in(bindparam("running", expanding=True)),
        ~select(_earlier.c.id)
        .where(
            _earlier.c.lane == reports.c.lane,
            _earlier.c.state == "waiting",
            _earlier.c.sequence < reports.c.sequence,
        )
        .exists(),
    )
    .order_by(reports.c.due_at, reports.c.sequence)
    .limit(bindparam("most"))
)


class Ledger:
    """Remembers every entry until it is removed; a broken database makes it louder, not shorter.

    `pause` is how many seconds pass between two tries of a database that failed; `on_failure` is
    told of each failure, so that somebody calls `mend` then.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], float],
        pause: float,
        on_failure: Callable[[], None],
        worker: str = "",
    ) -> None:
        self._database = database
        self._now = now
        self._pause = pause
        self._on_failure = on_failure
        self._worker = worker
        self._held: dict[str, Entry] = {}  # newer here than in the database
        self._gone: set[str] = set()  # removed here, not in the database
        self._also: list[Also] = []
        self._stored: tuple[int, float | None] = (0, None)  # when last seen
        self._try_at = 0.0
        self.broken = False

    async def add(self, entries: Sequence[Entry], also: Also | None = None) -> None:
        """Keep new entries, and do what belongs in the same transaction; never raises."""
        operations = [also] if also else []
        reason = await self._write(partial(self._insert, entries, operations), patience=_PATIENCE)
        if reason:
            self._also.extend(operations)
            for entry in entries:
                self._held[entry.report.id] = entry
                log.error(
                    "report.not_stored",
                    call_id=entry.report.call_id,
                    report=entry.report.id,
                    origin=entry.origin,
                    reason=reason,
                )

    async def change(self, entry: Entry) -> None:
        """Keep an entry as it has become, unless somebody has dropped it; never raises."""
        if await self._write(partial(self._change, entry)):
            self._held[entry.report.id] = entry

    async def remove(self, entry: Entry) -> None:
        """Forget an entry for good; never raises."""
        self._held.pop(entry.report.id, None)
        if await self._write(partial(self._replace, [], [entry.report.id], [])):
            self._gone.add(entry.report.id)

    async def mend(self) -> bool:
        """Try a database that failed again, if it is time; True when it has caught up."""
        if not self.broken or self._now() < self._try_at:
            return False
        written = 0
        while True:  # more may come while we write
            held, gone, also = dict(self._held), set(self._gone), list(self._also)
            try:
                await self._database.run(partial(self._replace, list(held.values()), gone, also))
            except StoreError as error:
                self._failed(error)
                return False
            for key, entry in held.items():
                if self._held.get(key) is entry:
                    del self._held[key]
            self._gone -= gone
            del self._also[: len(also)]
            written += len(held)
            if not (self._held or self._gone or self._also):
                self.broken = False
                log.info("database.works_again", reports=written)
                return True

    async def look(self, origin: str, limit: int, running: Mapping[str, str]) -> list[Entry]:
        """Return what waits for an origin, the soonest first, the earliest of each lane only.

        `running` maps the lanes on their way now to their reports' ids.
        """
        if not self.broken:
            try:
                return await self._database.run(
                    partial(self._look, origin, limit, running.values())
                )
            except StoreError as error:
                self._failed(error)
        first: dict[str, Entry] = {}
        for entry in sorted(self._held.values(), key=lambda entry: entry.sequence):
            if entry.origin == origin and entry.state == "waiting" and entry.lane not in running:
                first.setdefault(entry.lane, entry)
        return sorted(first.values(), key=lambda entry: entry.due_at)[:limit]

    async def origins(self) -> list[str] | None:
        """Return every origin something waits for in the database; None when it fails."""
        if self.broken:
            return None
        query = select(reports.c.origin).where(self._waiting()).distinct()
        try:
            return await self._database.run(lambda connection: [*connection.scalars(query)])
        except StoreError as error:
            self._failed(error)
            return None

    async def totals(self) -> tuple[int, float | None]:
        """Return how many reports wait, and when the oldest was made; about, if broken."""
        if not self.broken:
            try:
                self._stored = await self._database.run(self._totals)
            except StoreError as error:
                self._failed(error)
            else:
                return self._stored
        count, oldest = self._stored
        made = [e.report.created_at for e in self._held.values() if e.state == "waiting"]
        return count + len(made), min(made if oldest is None else [oldest, *made], default=None)

    async def _write(self, operation: Also, patience: float = 0.0) -> str:
        if self.broken:
            return "the database failed before"
        try:
            await self._database.run(operation, patience=patience)
        except StoreError as error:
            return self._failed(error)
        return ""

    def _failed(self, error: StoreError) -> str:
        if not self.broken:
            log.error("database.fails", reason=str(error))
        self.broken = True
        self._try_at = self._now() + self._pause
        self._on_failure()
        return str(error)

    def _waiting(self) -> ColumnElement[bool]:
        return and_(reports.c.worker == self._worker, reports.c.state == "waiting")

    def _insert(
        self, entries: Sequence[Entry], also: Iterable[Also], connection: Connection
    ) -> None:
        if entries:
            rows = [to_row(entry) | {"worker": self._worker} for entry in entries]
            connection.execute(_INSERT, rows)
        for operation in also:
            operation(connection)

    def _change(self, entry: Entry, connection: Connection) -> None:
        row = to_row(entry)
        wanted = {"changed": entry.report.id, "by": self._worker}
        connection.execute(_CHANGE, wanted | {name: row[name] for name in _CHANGING})

    def _replace(
        self,
        entries: Sequence[Entry],
        gone: Iterable[str],
        also: Iterable[Also],
        connection: Connection,
    ) -> None:
        ids = [*gone, *(entry.report.id for entry in entries)]
        if ids:
            connection.execute(_DELETE, [{"gone": key} for key in ids])
        self._insert(entries, also, connection)

    def _totals(self, connection: Connection) -> tuple[int, float | None]:
        query = select(func.count(), func.min(reports.c.created_at))
        count, oldest = connection.execute(query.where(self._waiting())).one()
        return count, oldest

    def _look(
        self, origin: str, limit: int, running: Iterable[str], connection: Connection
    ) -> list[Entry]:
        wanted = {"by": self._worker, "of": origin, "most": limit, "running": list(running)}
        return [from_row(row) for row in connection.execute(_DUE, wanted).mappings()]
