"""A report, and what the outbox knows of it besides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import RowMapping

from ari_pivot.ids import new_id

State = Literal["waiting", "dead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One request owed to somebody's web server, the same on every try, `tries` at most.

    `params` keeps its order and holds any JSON value: who delivers encodes it. `scheme` says how
    it is signed, `created_at` is in seconds since the epoch, `id` is the idempotency id. `file` is
    the name of a recording that is sent instead of the parameters.
    """

    call_id: str
    kind: Literal["cdr", "callback", "webhook", "upload", "email"]
    url: str
    params: Mapping[str, Any]
    created_at: float
    method: str = "POST"
    encoding: Literal["form", "json"] = "form"
    scheme: str = "twiml"
    tries: int | None = None
    debug: bool = False  # its tries are kept in the debug log
    file: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A report and how far it has come; of one lane only the earliest is ever on its way."""

    report: Report
    sequence: int
    lane: str
    origin: str
    due_at: float
    attempts: int = 0
    state: State = "waiting"
    error: str = ""


_NAMES = [part.name for part in fields(Report)]


def new_entry(report: Report, sequence: int) -> Entry:
    """Return the entry of a report that was never tried; it is due at once."""
    lane = f"{report.call_id}\0{report.url}".encode("utf-8", "surrogatepass")
    return Entry(
        report=report,
        sequence=sequence,
        lane=blake2b(lane, digest_size=16).hexdigest(),
        origin=origin(report.url),
        due_at=report.created_at,
    )


def origin(url: str) -> str:
    """Return scheme and host of a URL, without its user and password, in printable ASCII."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "invalid"
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host}".encode("unicode_escape").decode("ascii")


def to_row(entry: Entry) -> dict[str, Any]:
    """Return the columns of the table `reports`."""
    return {
        "id": entry.report.id,
        "sequence": entry.sequence,
        "lane": entry.lane,
        "origin": entry.origin,
        "state": entry.state,
        "attempts": entry.attempts,
        "due_at": entry.due_at,
        "created_at": entry.report.created_at,
        "error": json.dumps(entry.error),
        "report": json.dumps({name: getattr(entry.report, name) for name in _NAMES}, default=str),
    }


def from_row(row: RowMapping) -> Entry:
    """Return the entry a row of the table `reports` holds."""
    return Entry(
        report=Report(**json.loads(row["report"])),
        sequence=row["sequence"],
        lane=row["lane"],
        origin=row["origin"],
        due_at=row["due_at"],
        attempts=row["attempts"],
        state=row["state"],
        error=json.loads(row["error"]),
    )
