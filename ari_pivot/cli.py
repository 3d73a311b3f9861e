"""The command `ari-pivot`.

What a command needs it imports itself, so that `--help` waits for nothing.
"""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from ari_pivot import __version__
from ari_pivot.complain import complain, problems
from ari_pivot.errors import PivotError, StoreError
from ari_pivot.outbox_command import outbox

if TYPE_CHECKING:
    from ari_pivot.config import Config

command = typer.Typer(
    name="ari-pivot",
    help="Webhook call control for Asterisk: KAZOO callflows and TwiML, executed through ARI.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
command.add_typer(outbox, name="outbox")
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

_DEFAULT = Path("/etc/ari_pivot.yaml")
_STATES = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "failed": "[red]failed[/]"}

ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="ARI_PIVOT_CONFIG", help="The configuration file."),
]


def _load(path: Path) -> "Config":
    """Read the configuration, or say what is wrong with it and exit with 2."""
    from ari_pivot import config

    try:
        settings = config.load(path)
    except PivotError as error:
        complain(error)
        raise typer.Exit(2) from error
    for name in config.unknown_variables():
        errors.print(f"[yellow]environment:[/] {name} names no setting")
    return settings


@command.command()
def serve(path: ConfigFile = _DEFAULT) -> None:
    """Take calls until told to stop.

    SIGTERM lets live calls finish, a second one does not; SIGHUP reads the configuration again.

    Exits with 1 where it cannot run, 2 for a configuration that is not valid, 3 when another
    program has taken its name in Asterisk.
    """
    import uvloop

    from ari_pivot import app, config, logs
    from ari_pivot.ari.connection import Replaced

    settings = _load(path)
    logs.set_up(settings.log.level, settings.log.format)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(app.serve(settings, partial(config.load, path)))
    except Replaced as error:
        complain(error)
        raise typer.Exit(3) from error
    except PivotError as error:
        complain(error)
        raise typer.Exit(1) from error


@command.command("check")
def check_files(
    files: Annotated[list[Path], typer.Argument(help="Configurations and documents.")],
    *,
    strict: Annotated[bool, typer.Option(help="Take warnings for errors.")] = False,
) -> None:
    """Check configurations, TwiML documents and KAZOO callflows.

    A .yaml file is a configuration, or a script of `simulate`; XML is TwiML, JSON a callflow. Exits
    with 1 if one of them is not valid.
    """
    from ari_pivot import check

    faulty = False
    for file in files:
        try:
            kind, warnings = check.check(file)
        except PivotError as error:
            faulty = True
            for problem in problems(error):
                console.print(
                    f"{escape(str(file))}: [red]error[/]", escape(problem), soft_wrap=True
                )
            continue
        for warning in warnings:
            console.print(f"{file}: [yellow]warning[/]", warning.code, escape(str(warning)),
                          soft_wrap=True)  # fmt: skip
        faulty = faulty or (strict and bool(warnings))
        console.print(f"{file}: valid {kind}", soft_wrap=True)
    raise typer.Exit(1 if faulty else 0)


@command.command("doctor")
def examine(path: ConfigFile = _DEFAULT) -> None:
    """Look whether everything is there that calls need.

    Says what to do about what is not. Exits with 1 if something failed.
    """
    from ari_pivot import doctor

    settings = _load(path)
    failed = False

    async def look() -> None:
        nonlocal failed
        async for finding in doctor.examine(settings):
            failed = failed or finding.state == "failed"
            found = escape(f"{finding.what}: {finding.found}")
            console.print(f"{_STATES[finding.state]:20} {found}", soft_wrap=True)
            if finding.advice:
                console.print(f"        {escape(finding.advice)}", style="dim", soft_wrap=True)

    asyncio.run(look())
    raise typer.Exit(1 if failed else 0)


@command.command()
def debug(
    call: Annotated[str, typer.Argument(help="A call's id; without it the calls are listed.")] = "",
    path: ConfigFile = _DEFAULT,
    *,
    search: Annotated[str, typer.Option(help="Only calls with these words.")] = "",
    failed: Annotated[bool, typer.Option(help="Only calls that failed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the documents as JSON.")] = False,
) -> None:
    """Show what happened on a call, or which calls there were.

    What was asked and answered, verb by verb, and why it ended. Exits with 1 if nothing is kept.
    """
    from ari_pivot.debug import show
    from ari_pivot.debug.reader import Reader, Wanted
    from ari_pivot.store.database import Database

    settings = _load(path)

    async def read() -> list[dict[str, object]]:
        database = Database(settings.reports.database)
        try:
            kept = Reader(database)
            if call:
                return await kept.documents(call)
            return await kept.calls(Wanted(search=search, failed=failed))
        finally:
            await database.close()

    try:
        documents = asyncio.run(read())
    except StoreError as error:
        complain(error)
        raise typer.Exit(1) from error
    if as_json:
        print(json.dumps(documents, indent=2, ensure_ascii=False))  # noqa: T201 - for programs
    elif call:
        show.call(documents, console)
    else:
        show.calls(documents, console)
    raise typer.Exit(0 if documents else 1)


@command.command("simulate")
def simulate_call(
    target: Annotated[str, typer.Argument(help="A voice URL, or a file with a document.")],
    script: Annotated[
        Path | None,
        typer.Option(help="YAML: the caller, the web server, the parties that are dialled."),
    ] = None,
    path: Annotated[
        Path | None, typer.Option("--config", "-c", help="A configuration, for its settings.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="A private host or network that may be asked, as `web.allow`."),
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Refuse what is passed over, as `web.strict`.")
    ] = False,
    verbose: Annotated[bool, typer.Option(help="Log what happens, to standard error.")] = False,
) -> None:
    """Try instructions without a telephone.

    A call to TARGET on an Asterisk in memory. With a script, or --json, it runs in virtual time.
    Else, on a terminal, you are the caller: what would be heard is printed, digits you type are
    pressed, `h` or Ctrl-D hangs up. What scripts and results look like: docs/simulator.md. Exits
    with 1 if instructions or a report failed, except with --json, which says so itself; with 2 if
    the arguments cannot be used.
    """
    from ari_pivot import config, logs
    from ari_pivot.simulator.command import simulate_command

    settings = _load(path) if path else config.build({}, "defaults")
    more = {
        "allow": [*settings.web.allow, *(allow or ())],
        "strict": strict or settings.web.strict,
    }
    settings = settings.model_copy(update={"web": settings.web.model_copy(update=more)})
    logs.set_up("debug" if verbose else "critical", "text" if verbose else settings.log.format)
    raise typer.Exit(simulate_command(target, script, settings, json=as_json))


@command.command()
def version() -> None:
    """Print the version."""
    console.print(__version__)


def main() -> None:
    command()
