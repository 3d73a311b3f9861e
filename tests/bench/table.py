"""The benchmark's tables: what was measured, and which of the bars are met."""

import os
from math import nan
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
ENOUGH = 100  # calls to judge delays by
_VERDICTS = {True: "[green]met[/]", False: "[bold red]not met[/]", None: "[yellow]too few calls[/]"}


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
    cores = os.cpu_count() or 1

    def row(what: str, ours: float, theirs: float, form: str = "{:.2f}") -> None:
        ratio = f"{ours / theirs:.2f}" if theirs else ""
        table.add_row(what, form.format(theirs), form.format(ours), ratio)

    row("ARI commands a call", _middle(pivot, "commands"), _middle(bare, "commands"))
    row("requests a call", _middle(pivot, "requests"), _middle(bare, "requests"))
    for process in bare[0].cpu:
        row(f"CPU a call, {process}, ms", _cpu(pivot, process) * 1e3, _cpu(bare, process) * 1e3)
    for which, when in (("delays", ""), ("unhindered", ", a core to spare")):
        for name, percent in (("p50", 50), ("p99", 99)):
            row(f"added delay {name}{when}, ms",
                _delay(pivot, which, percent) * 1e3, _delay(bare, which, percent) * 1e3)  # fmt: skip
    failed = [sum(one.failed for one in rounds) for rounds in (bare, pivot)]
    calls = sum(one.calls for one in bare)
    table.add_row(f"failed of {calls} calls at {results.rate:g}/s", *map(str, failed), "")
    row("calls/s reached, none failed", results.reached[PIVOT], results.reached[BARE], "{:.1f}")
    row(f"calls/s that {cores} cores have time for", *(
        cores / sum(_cpu(rounds, process) for process in bare[0].cpu) for rounds in (pivot, bare)
    ), "{:.1f}")  # fmt: skip
    row("cores kept busy by others meanwhile", _middle(pivot, "others"), _middle(bare, "others"))
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

    def row(what: str, bar: str, measured: str, *, met: bool | None) -> None:
        table.add_row(what, bar, measured, _VERDICTS[met])

    ratios = [
        ours.cpu["controller"] / theirs.cpu["controller"]
        for ours, theirs in zip(results.rounds[PIVOT], results.rounds[BARE], strict=True)
    ]
    cpu = median(ratios)
    row("controller CPU a call, of the bare loop's", f"≤ {CPU_BAR}",
        f"{cpu:.2f} ({min(ratios):.2f} to {max(ratios):.2f})", met=cpu <= CPU_BAR)  # fmt: skip
    bare = results.reached[BARE]
    reached = results.reached[PIVOT] / bare if bare else 0.0
    row("calls/s, of the bare loop's", f"≥ {REACHED_BAR}", f"{reached:.2f}",
        met=reached >= REACHED_BAR)  # fmt: skip
    rounds = results.rounds[PIVOT]
    judged = sum(len(one.unhindered) for one in rounds)
    delay = _delay(rounds, "unhindered", 99)
    row(f"added delay p99 at {results.rate:g} calls/s, {judged} of {sum(r.calls for r in rounds)} "
        "calls: those while the machine had time to spare", f"≤ {DELAY_BAR * 1e3:g} ms",
        f"{delay * 1e3:.1f} ms", met=delay <= DELAY_BAR if judged >= ENOUGH else None)  # fmt: skip
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


def _middle(rounds: list[Round], what: str) -> float:
    return median(getattr(one, what) for one in rounds)


def _cpu(rounds: list[Round], process: str) -> float:
    return median(one.cpu[process] for one in rounds)


def _delay(rounds: list[Round], which: str, percent: int) -> float:
    delays = [delay for one in rounds for delay in getattr(one, which)]
    return quantiles(delays, n=100)[percent - 1] if len(delays) > 1 else nan
