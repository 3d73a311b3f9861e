"""`make demo`: two calls on a real Asterisk, one for each language, as they happen.

KEEP=1 leaves everything up afterwards, for a telephone. Exit status 0 says that both calls went
as they should.
"""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import ears
import lab
import yaml
from programs import ARI_PIVOT, ROOT, WEBAPP, Program, free_port
from rich.console import Console
from timeline import Timeline

KEEP = os.environ.get("KEEP", "") not in {"", "0"}
NUMBERS = {"1000": "TwiML", "2000": "KAZOO callflow"}
DIGITS = "4711"
SCRIPT = ["w7.5", f"d{DIGITS}"]  # the tone has begun by then, and sounds for ten seconds
LONGEST = 60  # seconds a call may take

console = Console(highlight=False)


@dataclass(slots=True)
class Stage:
    """What the calls need: the lab, the two programs, and whose timeline they write to."""

    lab: lab.Lab
    pivot: Program
    webapp: Program
    folder: Path
    timeline: Timeline | None = None


async def main() -> int:
    try:
        with working("Asterisk"):
            settings = await asyncio.to_thread(lab.up, progress=console.print)
    except lab.NoLab as reason:
        return simulate(str(reason))
    folder = Path(tempfile.mkdtemp(prefix="ari_pivot-demo-"))
    async with AsyncExitStack() as stack:
        stage = await set_stage(settings, folder, stack)
        results = [await call(stage, number) for number in NUMBERS]
        if KEEP:
            await keep(settings)
    return 0 if all(results) else 1


async def set_stage(settings: Mapping[str, str], folder: Path, stack: AsyncExitStack) -> Stage:
    """Start the web application and ari_pivot; the stack ends them."""
    port, token, key = free_port(), secrets.token_hex(16), secrets.token_hex(16)
    web = f"http://127.0.0.1:{port}"
    config = folder / "ari_pivot.yaml"
    config.write_text(yaml.safe_dump(configuration(settings, folder, web, token, key)))
    with working("the web application"):
        webapp = await Program.start(
            "the web application",
            WEBAPP,
            environment={"PORT": str(port), "TWIML_AUTH_TOKEN": token, "PIVOT_KEYS": key},
        )
        stack.push_async_callback(webapp.stop)
    with working("ari_pivot"):
        pivot = await Program.start("ari_pivot", [*ARI_PIVOT, str(config)])
        stack.push_async_callback(pivot.stop)
        await pivot.until(lambda line: line["event"] == "asterisk.connected")
    console.print(f"  configuration and web application: {config}, {web}")
    connection = await stack.enter_async_context(lab.connected(settings))
    return Stage(connection, pivot, webapp, folder)


def configuration(
    settings: Mapping[str, str], folder: Path, web: str, token: str, key: str
) -> dict[str, object]:
    """Return ari_pivot's configuration: TwiML on 1000, a callflow on 2000, requests signed."""
    twiml = {"method": "POST", "req_format": "twiml", "voice_url": f"{web}/twiml/voice",
             "cdr_url": f"{web}/cdr"}  # fmt: skip
    return {
        "asterisk": {
            "url": settings["ARI_URL"],
            "user": settings["ARI_USER"],
            "password": settings["ARI_PASSWORD"],
        },
        "routes": [
            {"numbers": ["1000"], "flow": {"module": "pivot", "data": twiml}},
            {"numbers": ["2000"], "voice_url": f"{web}/kazoo/flow"},
        ],
        "web": {"allow": ["127.0.0.1"], "auth_token": token, "shared_keys": [key]},
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


async def keep(settings: Mapping[str, str]) -> None:
    console.rule("[bold]left up")
    console.print(
        f"A SIP telephone: server {settings['SIP_ADDR']} (UDP), user {settings['PHONE_USER']}, "
        f"password {settings['PHONE_PASSWORD']}.\n"
        "It must run on this machine, unless the lab was started with SIP_BIND=0.0.0.0.\n"
        f"Dial 1000 for TwiML, 2000 for the callflow. Calls to {ROOT / 'docker' / 'webapp'}.\n"
        "Ctrl-C ends the web application and ari_pivot; `make lab-down` ends Asterisk."
    )
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


def simulate(reason: str) -> int:
    """Run the same calls in the simulator."""
    console.print(f"[yellow]No real Asterisk can be had here:[/] {reason}")
    return 1


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something takes its time."""
    with console.status(f"starting {what} …"):
        yield
    console.print(f"[green]up[/] {what}")


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except KeyboardInterrupt:
        sys.exit(130)
