"""`ari-pivot outbox`: what is owed to web servers, sent again or dropped by hand."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Connection

from ari_pivot.complain import complain
from ari_pivot.errors import PivotError
from ari_pivot.report.listing import State, Wanted, drop, find, retry
from ari_pivot.store.database import Database

T = TypeVar("T")

outbox = typer.Typer(
    help="See, send again or drop reports.\n\n"
    "What is owed to web servers: CDRs, callbacks, webhooks. Works whether serve runs or not.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Ids = Annotated[list[str] | None, typer.Argument(help="Ids, or how they begin.")]
StateOption = Annotated[State | None, typer.Option(help="Only these.")]
Origin = Annotated[str, typer.Option(help="Only to servers with this in scheme, host and port.")]
Call = Annotated[str, typer.Option(help="Only of this call, by its id.")]
Kind = Annotated[str, typer.Option(help="Only cdr, callback, webhook …")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="ARI_PIVOT_CONFIG", help="The configuration file."),
]
_DEFAULT = Path("/etc/ari_pivot.yaml")


@outbox.command("list")
def list_reports(
    ids: Ids = None,
    *,
    state: StateOption = None,
    origin: Origin = "",
    call: Call = "",
    kind: Kind = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array, whole.")] = False,
    path: ConfigFile = _DEFAULT,
) -> None:
    """List reports, the oldest first. Exits with 1 if the database cannot be read."""
    found = _in(path, partial(find, Wanted(ids or (), state, origin, call, kind)))
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))  # noqa: T201 - for programs
        return
    for row in _table(found, time.time()):
        console.print(row)


@outbox.command("retry")
def retry_reports(
    ids: Ids = None,
    *,
    state: StateOption = None,
    origin: Origin = "",
    call: Call = "",
    kind: Kind = "",
    everything: All = False,
    yes: Yes = False,
    path: ConfigFile = _DEFAULT,
) -> None:
    """Have reports sent again, dead ones too.

    They are within seconds, if serve runs. One that is older than reports.give_up_after is tried
    once. Exits with 1 if there are none.
    """
    wanted = Wanted(ids or (), state, origin, call, kind)
    _change(wanted, "Send again", path, partial(_retry, time.time()), everything, yes)


@outbox.command("drop")
def drop_reports(
    ids: Ids = None,
    *,
    state: StateOption = None,
    origin: Origin = "",
    call: Call = "",
    kind: Kind = "",
    everything: All = False,
    yes: Yes = False,
    path: ConfigFile = _DEFAULT,
) -> None:
    """Forget reports for good.

    One that is on its way just now may still arrive. Exits with 1 if there are none.
    """
    wanted = Wanted(ids or (), state, origin, call, kind)
    _change(wanted, "Drop for good", path, drop, everything, yes)


def _change(
    wanted: Wanted,
    doing: str,
    path: Path,
    change: Callable[[list[str], Connection], int],
    everything: bool,  # noqa: FBT001 - an option
    yes: bool,  # noqa: FBT001 - an option
) -> None:
    if wanted.everything != everything:
        errors.print("name ids, or say which, or --all; not both")
        raise typer.Exit(2)
    found = _in(path, partial(find, wanted))
    if not found:
        errors.print("there are none")
        raise typer.Exit(1)
    if not yes:
        for row in _table(found, time.time()):
            errors.print(row)
        typer.confirm(f"{doing}: {len(found)}?", abort=True, err=True)
    done = _in(path, partial(change, [row["id"] for row in found]))
    console.print(f"{doing.lower()}: {done}")


def _retry(now: float, ids: list[str], connection: Connection) -> int:
    return retry(ids, now, connection)


def _in(path: Path, work: Callable[[Connection], T]) -> T:
    """Do something in the configured database, or say why not and exit."""
    from ari_pivot import config  # as in cli.py

    async def run() -> T:
        database = Database(settings.reports.database)
        try:
            return await database.run(work)
        finally:
            await database.close()

    try:
        settings = config.load(path)
        return asyncio.run(run())
    except PivotError as error:
        complain(error)
        raise typer.Exit(1) from error


def _table(found: list[dict[str, Any]], now: float) -> list[Table | str]:
    """Return what is shown: a table, and how many there are."""
    table = Table(box=None, pad_edge=False)
    for title in ("id", "kind", "state", "age", "tries", "next", "to", "call", "last error"):
        table.add_column(title, overflow="fold", no_wrap=title in {"id", "age", "next"})
    for row in found:
        due = "" if row["state"] == "dead" else _length(row["due_at"] - now)
        table.add_row(
            row["id"][:12], row["kind"], row["state"], _length(now - row["created_at"]),
            str(row["attempts"]), due, *(escape(row[x]) for x in ("origin", "call_id", "error")),
        )  # fmt: skip
    dead = sum(row["state"] == "dead" for row in found)
    return [*([table] if found else []), f"{len(found) - dead} waiting, {dead} dead"]


def _length(seconds: float) -> str:
    """Return a length of time as people say it."""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
