"""`make demo`: two calls on a real Asterisk, one for each language, as they happen.

KEEP=1 leaves everything up afterwards, for a telephone. Exit status 0 says that both calls went
as they should.
"""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import ears
import lab
import yaml
from programs import ARI_PIVOT, ROOT, SIMULATE, WEBAPP, Line, Program, free_port
from rich.console import Console
from timeline import Timeline

KEEP = os.environ.get("KEEP", "") not in {"", "0"}
NUMBERS = {"1000": "TwiML", "2000": "KAZOO callflow"}
DIGITS = "4711"
SCRIPT = ["w7.5", f"d{DIGITS}"]  # the tone has begun by then, and sounds for ten seconds
LONGEST = 60  # seconds a call may take

console = Console(highlight=False)


@dataclass(slots=True)
class Site:
    """The sample web application, and the keys that it and ari_pivot share."""

    program: Program
    url: str
    token: str
    key: str

    @property
    def trust(self) -> dict[str, object]:
        return {"allow": ["127.0.0.1"], "auth_token": self.token, "shared_keys": [self.key]}

    def action(self, number: str) -> dict[str, str]:
        """Return the data of the pivot action that asks it."""
        if NUMBERS[number] == "TwiML":
            return {"method": "POST", "req_format": "twiml", "cdr_url": f"{self.url}/cdr",
                    "voice_url": f"{self.url}/twiml/voice"}  # fmt: skip
        return {"voice_url": f"{self.url}/kazoo/flow"}


@dataclass(slots=True)
class Stage:
    """What the calls need: the lab, the two programs, and whose timeline they write to."""

    lab: lab.Lab
    pivot: Program
    webapp: Program
    folder: Path
    timeline: Timeline | None = None


async def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="ari_pivot-demo-"))
    demo = asyncio.current_task()
    for number in (signal.SIGHUP, signal.SIGTERM):  # nothing is left, however it is ended
        asyncio.get_running_loop().add_signal_handler(number, demo.cancel)
    async with AsyncExitStack() as stack:
        if not (KEEP or lab.runs()):
            stack.callback(lab.down)
        try:
            with working("Asterisk"):
                settings = await asyncio.to_thread(lab.up, progress=console.print)
        except lab.NoLab as reason:
            console.print(f"[yellow]No real Asterisk can be had here:[/] {reason}")
            return await simulate(folder, stack)
        stage = await set_stage(settings, folder, stack)
        results = [await call(stage, number) for number in NUMBERS]
        if KEEP:
            await keep(settings, stage)
    return 0 if all(results) else 1


async def set_stage(settings: Mapping[str, str], folder: Path, stack: AsyncExitStack) -> Stage:
    """Start the web application and ari_pivot; the stack ends them."""
    site = await web_application(stack)
    config = folder / "ari_pivot.yaml"
    config.write_text(yaml.safe_dump(configuration(settings, folder, site)))
    with working("ari_pivot"):
        pivot = await Program.start("ari_pivot", [*ARI_PIVOT, str(config)])
        stack.push_async_callback(pivot.stop)
        await pivot.until(lambda line: line["event"] == "asterisk.connected")
    console.print(f"   its configuration: {config}", soft_wrap=True)
    connection = await stack.enter_async_context(lab.connected(settings))
    return Stage(connection, pivot, site.program, folder)


async def web_application(stack: AsyncExitStack) -> Site:
    """Start it with keys of its own; the stack ends it."""
    port, token, key = free_port(), secrets.token_hex(16), secrets.token_hex(16)
    with working("the web application"):
        program = await Program.start(
            "the web application",
            WEBAPP,
            environment={"PORT": str(port), "TWIML_AUTH_TOKEN": token, "PIVOT_KEYS": key},
        )
        stack.push_async_callback(program.stop)
        await listens(port)
    return Site(program, f"http://127.0.0.1:{port}", token, key)


def configuration(settings: Mapping[str, str], folder: Path, site: Site) -> dict[str, object]:
    """Return ari_pivot's configuration: TwiML on 1000, a callflow on 2000, requests signed."""
    return {
        "asterisk": {
            "url": settings["ARI_URL"],
            "user": settings["ARI_USER"],
            "password": settings["ARI_PASSWORD"],
        },
        "routes": [
            {"numbers": [number], "flow": {"module": "pivot", "data": site.action(number)}}
            for number in NUMBERS
        ],
        "web": site.trust,
        "media": {
            "directory": settings["SOUNDS_DIR"],
            "asterisk_directory": settings["ASTERISK_SOUNDS_DIR"],
        },
        "reports": {"database": f"sqlite:///{folder}/ari_pivot.db"},
        "server": {"port": free_port()},
        "log": {"level": "debug", "format": "json"},
    }


async def call(stage: Stage, number: str) -> bool:
    """Place the call, print it as it happens, and say whether it went as it should."""
    console.rule(f"[bold]{number}: {NUMBERS[number]}")
    timeline = Timeline(console, DIGITS, wants_cdr=NUMBERS[number] == "TwiML")
    stage.pivot.on_line, stage.webapp.on_line = timeline.pivot, timeline.web
    caller = await stage.lab.call(number, SCRIPT)
    listening = asyncio.create_task(listen(timeline, caller))
    try:
        async with asyncio.timeout(LONGEST):
            cause = await caller.ended
            await stage.pivot.until(lambda _: timeline.ended)
            if timeline.wants_cdr:
                await stage.webapp.until(lambda line: line.get("path") == "/cdr")
    except TimeoutError:
        cause = 0
        await stage.lab.end(caller)
    finally:
        await asyncio.sleep(1)  # what the caller heard is being written
        listening.cancel()
    faults = timeline.faults(cause)
    for fault in faults:
        console.print(f"   [red]not so:[/] {fault}")
    if not faults:
        console.print("   [green]went as it should[/]")
    wav = Path(shutil.copy(caller.capture, stage.folder / f"heard-{number}.wav"))
    console.print(f"   what the caller heard: {wav}")
    return not faults


async def listen(timeline: Timeline, caller: lab.Caller) -> None:
    """Listen to the recording while it grows."""
    listener, growing = ears.Ears(), ears.follow(caller.capture)
    while True:
        await asyncio.sleep(0.2)
        listener.hear(next(growing))
        over = 10.0 if caller.ended.done() else 0.0
        timeline.listen(listener.sounds(), listener.seconds + over)


async def keep(settings: Mapping[str, str], stage: Stage) -> None:
    """Leave everything up until Ctrl-C, and print the calls that come."""
    console.rule("[bold]left up")
    console.print(
        f"A SIP telephone: server {settings['SIP_ADDR']} (UDP), user {settings['PHONE_USER']}, "
        f"password {settings['PHONE_PASSWORD']}.\n"
        "It must run on this machine, unless the lab was started with SIP_BIND=0.0.0.0.\n"
        "Dial 1000 for TwiML, 2000 for the callflow; the calls are printed here. Both come from\n"
        f"{ROOT / 'docker' / 'webapp' / 'app.py'}.\n"
        "Ctrl-C ends the web application and ari_pivot; `make lab-down` ends Asterisk."
    )

    timeline = Timeline(console, DIGITS, wants_cdr=True)

    def follow(line: Line) -> None:
        nonlocal timeline
        if line["event"] == "call.started":
            console.rule(f"[bold]{line['dialled']}")
            timeline = Timeline(console, DIGITS, wants_cdr=True)
            stage.webapp.on_line = timeline.web
        timeline.pivot(line)

    stage.pivot.on_line = follow
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


async def simulate(folder: Path, stack: AsyncExitStack) -> int:
    """Run the same calls in the simulator; what reached the web application is checked."""
    console.print(
        "The same two calls follow in the simulator: the real ari_pivot and the real web "
        "application, but an Asterisk in memory, no sound, and time that passes at once."
    )
    site = await web_application(stack)
    config, script = folder / "ari_pivot.yaml", folder / "script.yaml"
    config.write_text(yaml.safe_dump({"web": site.trust}))
    for number, language in NUMBERS.items():
        console.rule(f"[bold]{number}: {language}, simulated")
        action, caller = site.action(number), {"to": number, "do": [{"at": 7.5, "press": DIGITS}]}
        script.write_text(yaml.safe_dump({"caller": caller, "pivot": action}))
        command = [*SIMULATE, action["voice_url"], "--script", str(script), "-c", str(config)]
        if await (await asyncio.create_subprocess_exec(*command)).wait():
            return 1
    for what in ("/twiml/booking", "/kazoo/booking", "/cdr"):
        line = await site.program.until(lambda line, what=what: line.get("path") == what)
        if DIGITS not in line["params"].values() and what != "/cdr":
            console.print(f"   [red]not so:[/] the digits {DIGITS} reached {what}")
            return 1
    console.print("   [green]both went as they should[/], in the simulator")
    return 0


async def listens(port: int) -> None:
    """Wait until somebody listens on a port of the loopback interface."""
    async with asyncio.timeout(20):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something takes its time."""
    with console.status(f"starting {what} …"):
        yield
    console.print(f"[green]up[/] {what}")


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)
