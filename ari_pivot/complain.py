"""What went wrong, on the terminal."""

from rich.console import Console
from rich.markup import escape

from ari_pivot.errors import ConfigError, InstructionError, PivotError

_errors = Console(stderr=True, highlight=False)


def complain(error: PivotError) -> None:
    """Say on standard error what went wrong, a line each."""
    where = f"{error.where}: " if isinstance(error, ConfigError) and error.where else ""
    for problem in problems(error):
        _errors.print("[red]error:[/]", escape(where + problem), soft_wrap=True)


def problems(error: PivotError) -> list[str]:
    """Return what is to be said of an error: of instructions with its code."""
    if isinstance(error, ConfigError):
        return error.problems
    return [f"{error.code} {error}" if isinstance(error, InstructionError) else str(error)]
