"""The command `ari-pivot`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from ari_pivot import __version__, app, config, logs
from ari_pivot.ari.connection import Replaced
from ari_pivot.errors import ConfigError

command = typer.Typer(
    name="ari-pivot",
    help="Webhook call control for Asterisk: KAZOO callflows and TwiML, executed through ARI.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
errors = Console(stderr=True)

_DEFAULT = Path("/etc/ari_pivot.yaml")
ConfigFile = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="ARI_PIVOT_CONFIG", help="The configuration file."),
]


def _load(path: Path) -> config.Config:
    """Read the configuration, or say what is wrong with it and exit with 2."""
    try:
        settings = config.load(path)
    except ConfigError as error:
        errors.print(f"[red]configuration:[/] {error}", highlight=False)
        raise typer.Exit(2) from error
    for name in config.unknown_variables():
        errors.print(f"[yellow]environment:[/] {name} names no setting", highlight=False)
    return settings


@command.command()
def serve(path: ConfigFile = _DEFAULT) -> None:
    """Take calls until told to stop: SIGTERM lets live calls finish, a second one does not."""
    settings = _load(path)
    logs.set_up(settings.log.level, settings.log.format)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(app.serve(settings))
    except (ConfigError, Replaced) as error:
        errors.print(f"[red]{type(error).__name__}:[/] {error}", highlight=False)
        raise typer.Exit(1) from error


@command.command()
def version() -> None:
    """Print the version."""
    console.print(__version__)


def main() -> None:
    command()
