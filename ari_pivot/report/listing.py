"""The outbox for people: what waits and what is dead, sent again or dropped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, select, true, update

from ari_pivot import redact
from ari_pivot.report.workers import tell_changed
from ari_pivot.store.schema import reports

State = Literal["waiting", "dead"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports are meant: those that fit all of it; an empty part fits every one.

    `ids` may be cut short, `origin` is any part of scheme, host and port.
    """

    ids: Sequence[str] = ()
    state: State | None = None
    origin: str = ""
    call: str = ""
    kind: str = ""

    @property
    def everything(self) -> bool:
        return self == Wanted()

    def where(self) -> ColumnElement[bool]:
        """Return the condition, but for what stands in a report's text."""
        parts: list[ColumnElement[bool]] = []
        if self.state:
            parts.append(reports.c.state == self.state)
        if self.origin:
            parts.append(reports.c.origin.contains(self.origin, autoescape=True))
        return and_(true(), *parts)

    def fits(self, row: dict[str, Any]) -> bool:
        named = not self.ids or any(row["id"].startswith(one) for one in self.ids)
        call, kind = self.call in {"", row["call_id"]}, self.kind in {"", row["kind"]}
        return named and call and kind


def find(wanted: Wanted, connection: Connection) -> list[dict[str, Any]]:
    """Return reports with what is known of them, the oldest first; URLs without secrets."""
    query = select(reports).where(wanted.where()).order_by(reports.c.sequence)
    rows = (_shown(dict(row)) for row in connection.execute(query).mappings())
    return [row for row in rows if wanted.fits(row)]


def retry(ids: Sequence[str], now: float, connection: Connection) -> int:
    """Have reports sent again now, the dead ones too; return how many there still were."""
    again = {"state": "waiting", "attempts": 0, "due_at": now}
    changed = sum(
        connection.execute(update(reports).where(reports.c.id == one).values(**again)).rowcount
        for one in ids
    )
    tell_changed(connection)
    return changed


def drop(ids: Sequence[str], connection: Connection) -> int:
    """Forget reports for good; return how many there still were."""
    changed = sum(
        connection.execute(delete(reports).where(reports.c.id == one)).rowcount for one in ids
    )
    tell_changed(connection)
    return changed


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    report = json.loads(row["report"])
    names = ("id", "state", "origin", "attempts", "created_at", "due_at", "worker")
    return {name: row[name] for name in names} | {
        "error": json.loads(row["error"]),
        "kind": report["kind"],
        "call_id": report["call_id"],
        "method": report["method"],
        "url": redact.urls(report["url"]),
        "params": report["params"],
    }
