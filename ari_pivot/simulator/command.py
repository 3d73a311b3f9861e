"""What `ari-pivot simulate` does."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from ari_pivot.complain import complain
from ari_pivot.config import Config
from ari_pivot.errors import ConfigError
from ari_pivot.simulator import timeline
from ari_pivot.simulator.clock import run
from ari_pivot.simulator.everybody import everybody
from ari_pivot.simulator.interactive import Terminal
from ari_pivot.simulator.result import Result
from ari_pivot.simulator.run import Scene, simulate
from ari_pivot.simulator.script import Script, load
from ari_pivot.simulator.target import Target, aim

#: Exit statuses: all well; instructions or a report failed; the arguments cannot be used. Who asks
#: for JSON finds failures in it.
WELL, FAILED, UNUSABLE = 0, 1, 2
_PATIENCE = 10.0  # seconds a person waits for reports


def simulate_command(
    target: str, script: Path | None, settings: Config, *, json: bool = False
) -> int:
    """Simulate a call to `target` and print what came of it; returns the exit status.

    Without a script on a terminal the caller is the one who sits there, in real time; else all is
    virtual time. `json` prints one object and nothing else on standard output.
    """
    out = Console()
    try:
        aimed, scripted = aim(target), load(script) if script else Script()
        settings = _reaching(aimed, everybody(settings, scripted))
        if script is None and not json and sys.stdin.isatty():
            result = asyncio.run(_interactive(aimed, scripted, settings, out))
        else:
            result = run(simulate(Scene(aimed, scripted, settings)))
            if json:
                sys.stdout.buffer.write(result.model_dump_json().encode() + b"\n")
                return WELL
            timeline.show(result, out)
    except ConfigError as error:
        complain(error)
        return UNUSABLE
    return FAILED if result.errors else WELL


def _reaching(target: Target, settings: Config) -> Config:
    """Allow the host that was named on the command line: who names it means it."""
    host = "" if target.document is not None else urlsplit(target.url).hostname
    if not host:
        return settings
    web = settings.web.model_copy(update={"allow": [*settings.web.allow, host]})
    return settings.model_copy(update={"web": web})


async def _interactive(target: Target, script: Script, settings: Config, out: Console) -> Result:
    terminal = Terminal(out)
    scene = Scene(target, script, settings, terminal, _PATIENCE)
    try:
        result = await simulate(scene, lambda simulation: terminal.listen(simulation.caller))
    finally:
        terminal.stop()
    at = timeline.clock(result.ended_at)
    out.print(f"[dim]{at:>8}[/] {timeline.ended_line(result)}", highlight=False)
    timeline.complain(result, out)
    return result
