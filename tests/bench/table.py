"""The benchmark's tables: what was measured, and which of the bars are met."""

from statistics import median, quantiles
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from stage import BARE, PIVOT, Round

if TYPE_CHECKING:
    from run import Results

CPU_BAR, REACHED_BAR = 2.0, 0.8  # of the bare loop
DELAY_BAR, MEMORY_BAR = 0.010, 100_000  # seconds, bytes a live call
FLAT_BAR = 0.02  # of the memory, over the second half of the calls


def print_tables(console: Console, results: "Results") -> None:
    console.print(_measured(results))
    console.print(_bars(results))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _measured(results: "Results") -> Table:
    table = _table("\nMeasured", "", BARE, PIVOT, "ratio")
    bare, pivot = results.rounds[BARE], results.rounds[PIVOT]

    def row(what: str, ours: float, theirs: float, form: str = "{:.2f}") -> None:
        ratio = f"{ours / theirs:.2f}" if theirs else ""
        table.add_row(what, form.format(theirs), form.format(ours), ratio)

    for process in bare[0].cpu:
        row(f"CPU a call, {process}, ms", _cpu(pivot, process) * 1e3, _cpu(bare, process) * 1e3)
    for name, percent in (("p50", 50), ("p99", 99)):
        row(f"added delay {name}, ms", _delay(pivot, percent) * 1e3, _delay(bare, percent) * 1e3)
    failed = [sum(one.failed for one in rounds) for rounds in (bare, pivot)]
    calls = sum(one.calls for one in bare)
    table.add_row(f"failed of {calls} calls at {results.rate:g}/s", *map(str, failed), "")
    row("calls/s reached, none failed", results.reached[PIVOT], results.reached[BARE], "{:.1f}")
    row("memory a live call, kB", results.held[PIVOT].each / 1e3, results.held[BARE].each / 1e3)
    for name, (before, after) in results.sockets.items():
        table.add_row(f"{name}: sockets at first, and at the end", "", f"{before}, {after}", "")
        table.add_row(f"{name}: channels left", "", str(results.channels[name]), "")
    alone = results.alone
    table.add_row("in memory, calls/s a core (Asterisk's part included)", "",
                  f"{alone['calls'] / alone['cpu']:.0f}", "")  # fmt: skip
    table.add_row("in memory, MB after half of the calls, and after all", "",
                  f"{alone['memory_half'] / 1e6:.1f}, {alone['memory'] / 1e6:.1f}", "")  # fmt: skip
    return table


def _bars(results: "Results") -> Table:
    table = _table("\nBars", "", "bar", "measured", "")

    def row(what: str, bar: str, measured: str, *, met: bool) -> None:
        table.add_row(what, bar, measured, "[green]met[/]" if met else "[bold red]not met[/]")

    ratios = [
        ours.cpu["controller"] / theirs.cpu["controller"]
        for ours, theirs in zip(results.rounds[PIVOT], results.rounds[BARE], strict=True)
    ]
    cpu = median(ratios)
    row("controller CPU a call, of the bare loop's", f"≤ {CPU_BAR}",
        f"{cpu:.2f} ({min(ratios):.2f} to {max(ratios):.2f})", met=cpu <= CPU_BAR)  # fmt: skip
    reached = results.reached[PIVOT] / results.reached[BARE]
    row("calls/s, of the bare loop's", f"≥ {REACHED_BAR}", f"{reached:.2f}",
        met=reached >= REACHED_BAR)  # fmt: skip
    delay = _delay(results.rounds[PIVOT], 99)
    row(f"added delay p99 at {results.rate:g} calls/s", f"≤ {DELAY_BAR * 1e3:g} ms",
        f"{delay * 1e3:.1f} ms", met=delay <= DELAY_BAR)  # fmt: skip
    each = results.held[PIVOT].each
    row("memory a live call", f"≤ {MEMORY_BAR // 1000} kB", f"{each / 1e3:.1f} kB",
        met=each <= MEMORY_BAR)  # fmt: skip
    alone = results.alone
    growth = alone["memory"] / alone["memory_half"] - 1
    row(f"memory from call {alone['calls'] / 2:.0f} to {alone['calls']:.0f}", "flat",
        f"{growth:+.1%}", met=growth <= FLAT_BAR)  # fmt: skip
    left = [alone["tasks_after"] - alone["tasks_before"], alone["channels"], alone["bridges"],
            results.channels[PIVOT]]  # fmt: skip
    row("tasks, channels, bridges afterwards", "as before", f"+{max(left):.0f}", met=not any(left))
    return table


def _cpu(rounds: list[Round], process: str) -> float:
    return median(one.cpu[process] for one in rounds)


def _delay(rounds: list[Round], percent: int) -> float:
    return quantiles([delay for one in rounds for delay in one.delays], n=100)[percent - 1]
