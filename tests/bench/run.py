"""`make bench`: what ari_pivot costs, beside a bare loop that does the same on the same machine.

On a real Asterisk with SIPp's calls: the standard call is asked about, answered, hears a prompt,
cuts it off with four digits, is asked about again, hears a beep and is hung up.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from rich.console import Console
from stage import BARE, HELD, PIVOT, Controller, Round, Stage
from table import print_tables

ALONE = Path(__file__).with_name("alone.py")
ALONE_ENOUGH = 0.2  # cores that other programs may keep busy before that falsifies what we see
console = Console(highlight=False)


@dataclass(slots=True)
class Held:
    """Resident memory of a controller, bytes: before calls, with `calls` live, and after them."""

    calls: int
    before: int
    during: int
    after: int

    @property
    def each(self) -> float:
        return (self.during - self.before) / self.calls


@dataclass(slots=True)
class Results:
    """All that was measured, by the name of the program."""

    rate: float
    rounds: dict[str, list[Round]] = field(default_factory=lambda: {BARE: [], PIVOT: []})
    reached: dict[str, float] = field(default_factory=lambda: {BARE: 0.0, PIVOT: 0.0})
    held: dict[str, Held] = field(default_factory=dict)
    sockets: dict[str, tuple[int, int]] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    alone: dict[str, float] = field(default_factory=dict)


def say(text: str) -> None:
    console.print(f"[dim]{time.monotonic() - began:5.0f} s[/]  {text}")


async def hold(stage: Stage, controller: Controller, calls: int, rate: float) -> Held:
    """Hold calls, all at one time."""
    number, process = controller.number(HELD), controller.program
    before = process.memory()
    calling = asyncio.create_task(stage.caller.call("uac.xml", number, calls, rate))
    await asyncio.sleep(calls / rate + 1)
    live, during = await stage.live(controller), process.memory()
    placed = await calling
    if live < calls or placed.failed:
        say(f"[yellow]{controller.name}: {live} of {calls} live, {placed.failed} failed[/]")
    return Held(live, before, during, process.memory())


async def steady(stage: Stage, results: Results, rounds: int, seconds: float) -> None:
    """Both programs, turn by turn, at a rate that is no strain."""
    for number in range(rounds):
        for controller in stage.tapped:
            done = await stage.round(controller, round(results.rate * seconds), results.rate)
            results.rounds[controller.name].append(done)
            say(
                f"round {number + 1} of {rounds}, {controller.name}: {done.calls} calls, "
                f"{done.failed} failed, controller {done.cpu['controller'] * 1000:.2f} ms a call, "
                f"others kept {done.others:.1f} cores busy"
            )


async def climb(stage: Stage, results: Results, options: argparse.Namespace) -> None:
    """Offer both programs more and more, until calls fail or fewer are done than are offered."""
    rates = dict.fromkeys((BARE, PIVOT), options.start)
    while rates:
        for controller in stage.direct:
            rate = rates.get(controller.name)
            if rate is None:
                continue
            done = await stage.round(controller, round(rate * options.step_seconds), rate)
            say(
                f"{controller.name}: offered {rate:g} calls/s, carried {done.reached:.1f}, "
                f"{done.failed} failed"
            )
            if not done.failed:
                best = results.reached[controller.name]
                results.reached[controller.name] = max(best, done.reached)
            if done.failed or done.reached < 0.93 * rate:
                del rates[controller.name]
            else:
                rates[controller.name] = rate + options.step


async def alone(calls: int) -> dict[str, float]:
    """Run the controller on an Asterisk in memory, in a process of its own."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(ALONE), "--calls", str(calls),
            stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
        said, _ = await process.communicate()
        if process.returncode:
            log.seek(0)
            raise RuntimeError(f"in memory: {log.read()[-2000:].decode()}")
    measured: dict[str, float] = json.loads(said)
    return measured


async def measure(options: argparse.Namespace) -> Results:
    if me := asyncio.current_task():  # a SIGTERM must not leave the programs behind
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    say("Asterisk")
    results = Results(options.rate)
    async with await Stage.set(say) as stage:
        await stage.warm_up()
        sockets = {c.name: c.program.sockets() for c in stage.direct}
        say(f"{options.live} live calls")
        for controller in stage.direct:
            held = await hold(stage, controller, options.live, options.rate)
            results.held[controller.name] = held
            say(f"{controller.name}: {held.each / 1000:.1f} kB a live call")
        await steady(stage, results, options.rounds, options.seconds)
        await climb(stage, results, options)
        say(f"{options.alone} calls on an Asterisk in memory")
        results.alone = await alone(options.alone)  # meanwhile idle connections are closed
        for controller in stage.direct:
            name = controller.name
            results.sockets[name] = sockets[name], controller.program.sockets()
            results.channels[name] = await stage.live(controller)
    return results


def arguments() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=50.0, help="calls a second (%(default)g)")
    options.add_argument("--rounds", type=int, default=3, help="of each program (%(default)s)")
    options.add_argument("--seconds", type=float, default=7.0, help="a round (%(default)g)")
    options.add_argument("--start", type=float, default=45.0, help="first rate of the climb")
    options.add_argument("--step", type=float, default=15.0, help="of the climb, calls a second")
    options.add_argument("--step-seconds", type=float, default=5.0)
    options.add_argument("--live", type=int, default=300, help="calls held (%(default)s)")
    options.add_argument("--alone", type=int, default=10_000, help="calls in memory (%(default)s)")
    return options.parse_args()


def main() -> int:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            results = runner.run(measure(arguments()))
    except asyncio.CancelledError:
        return 1
    except (RuntimeError, OSError) as error:
        console.print(f"could not measure: {error}", markup=False)
        return 1
    print_tables(console, results)
    others = max(one.others for rounds in results.rounds.values() for one in rounds)
    if others > ALONE_ENOUGH:
        console.print(
            f"\n[yellow]Other programs kept up to {others:.1f} cores busy meanwhile: delays and "
            "calls/s say little.[/]"
        )
    return 0


if __name__ == "__main__":
    began = time.monotonic()
    sys.exit(main())
