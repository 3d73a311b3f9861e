"""The debug log: what was asked and answered, as KAZOO's pivot_debug documents have it."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from sqlalchemy import delete, func, insert, select

from ari_pivot import redact
from ari_pivot.errors import StoreError
from ari_pivot.store.database import Database
from ari_pivot.store.schema import debug

log = structlog.get_logger()

_PATIENCE = 0.2  # seconds: many documents share a transaction
_SWEEP = 3600.0  # seconds
_LONGEST = 65_536  # characters of a body that are kept


class DebugLog:
    """Keeps documents of calls for `keep` seconds."""

    def __init__(
        self, database: Database, *, keep: float = 604_800.0, now: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._keep = keep
        self._now = now

    def write(self, call_id: str, document: dict[str, Any]) -> None:
        """Keep one document; does not wait and never raises."""
        kept = {
            name: value[:_LONGEST] if isinstance(value, str) else value
            for name, value in document.items()
        }
        row = {
            "call_id": call_id,
            "created_at": self._now(),
            "document": redact.credentials(json.dumps(kept, default=str)),
        }
        done = self._database.submit(
            lambda connection: connection.execute(insert(debug), row), patience=_PATIENCE
        )
        done.add_done_callback(partial(_say, call_id))

    async def calls(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the calls that have documents, the latest first; raises StoreError."""
        query = (
            select(debug.c.call_id, func.min(debug.c.created_at), func.count())
            .group_by(debug.c.call_id)
            .order_by(func.min(debug.c.created_at).desc())
            .limit(limit)
        )
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [{"call_id": c, "created": created, "documents": n} for c, created, n in rows]

    async def documents(self, call_id: str) -> list[dict[str, Any]]:
        """Return a call's documents, the first first; raises StoreError."""
        query = (
            select(debug.c.created_at, debug.c.document)
            .where(debug.c.call_id == call_id)
            .order_by(debug.c.id)
        )
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [{"created": created, **json.loads(text)} for created, text in rows]

    async def run(self) -> None:
        """Sweep every hour, until cancelled."""
        while True:
            try:
                await self.sweep()
            except StoreError as error:
                log.error("debug.not_swept", reason=str(error))
            await asyncio.sleep(_SWEEP)

    async def sweep(self) -> None:
        """Forget what is older than we keep; raises StoreError."""
        old = delete(debug).where(debug.c.created_at < self._now() - self._keep)
        await self._database.run(lambda connection: connection.execute(old))


def _say(call_id: str, done: "asyncio.Future[Any]") -> None:
    if not done.cancelled() and isinstance(error := done.exception(), StoreError):
        log.error("debug.not_kept", call_id=call_id, reason=str(error))
