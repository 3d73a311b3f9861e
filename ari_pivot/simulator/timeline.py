"""A simulated call for people: what happened, when, in the order it happened."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ari_pivot.simulator.result import Asked, Dialled, Heard, Problem, Result

_VERBS = {
    "say": "hears", "play": "hears", "digits": "is sent keys", "tone": "hears a tone",
    "beep": "hears a beep", "silence": "hears silence", "hold": "hears music on hold",
    "ringing": "hears ringing",
}  # fmt: skip
_BY = {"pivot": "us", "caller": "the caller", "callee": "the callee", "asterisk": "Asterisk"}


def show(result: Result, console: Console) -> None:
    """Print the timeline, then what went wrong."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    for at, _, line in sorted(_events(result), key=lambda event: event[:2]):
        table.add_row(clock(at), line)
    console.print(table, highlight=False)
    complain(result, console)


def complain(result: Result, console: Console) -> None:
    """Print what went wrong."""
    for style, problems in (("yellow", result.warnings), ("red", result.errors)):
        for problem in problems:
            console.print(_problem_line(problem, style), highlight=False, soft_wrap=True)


def clock(seconds: float) -> str:
    """Return a time as it stands at the beginning of a line."""
    return f"{seconds:.2f}"


def _events(result: Result) -> list[tuple[float, int, str]]:
    """Return what happened with its time, and its rank among what happens at one time."""
    events = [
        (asked.at, 0 if asked.kind in {"instructions", "media"} else 3, asked_line(asked))
        for asked in result.requests
    ]
    if result.answered_at is not None:
        events.append((result.answered_at, 1, "[green]answered[/]"))
    events += [(heard.at, 1, heard_line(heard)) for heard in result.heard]
    events += [(dialled.at, 1, _dialled_line(dialled)) for dialled in result.dialled]
    events += [
        (one.at, 1, f"recorded {one.duration:.1f} s: {escape(one.name)}")
        for one in result.recordings
    ]
    events.append((result.ended_at, 2, ended_line(result)))
    return events


def asked_line(asked: Asked) -> str:
    outcome = str(asked.error or asked.status)
    colour = "green" if asked.error is None and (asked.status or 0) < 400 else "red"
    url = asked.url if asked.kind == "media" else asked.url.partition("?")[0]
    line = f"{asked.kind}: {asked.method} {escape(url)} [{colour}]{outcome}[/]"
    digits = asked.params.get("Digits")
    return f"{line} [dim]Digits={escape(str(digits))}[/]" if digits else line


def heard_line(heard: Heard) -> str:
    length = heard.until - heard.at
    lasted = f"{length:.1f} s" if length > 0 else ""
    cut = ", cut off" if heard.interrupted else ""
    value = f" [bold]{escape(heard.value)}[/]" if heard.value and heard.kind != "beep" else ""
    details = ", ".join(part for part in (lasted + cut, escape(heard.by)) if part)
    return f"caller {_VERBS[heard.kind]}{value} [dim]({details})[/]"


def _dialled_line(dialled: Dialled) -> str:
    line = f"dials {escape(dialled.to)}: "
    if dialled.answered_at is not None:
        line += f"answered at {clock(dialled.answered_at)}, "
    ended = "still there" if dialled.ended_at is None else f"over at {clock(dialled.ended_at)}"
    return f"{line}{ended} [dim](cause {dialled.cause}, SIP {dialled.sip})[/]"


def ended_line(result: Result) -> str:
    by = _BY[result.ended_by]
    return f"[green]ended[/] by {by} [dim](cause {result.cause}, SIP {result.sip})[/]"


def _problem_line(problem: Problem, style: str) -> str:
    where = f"{escape(problem.where)}: " if problem.where else ""
    return f"[{style}]{problem.code}[/] {where}{escape(problem.message)}"
