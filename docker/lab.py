"""The lab's scripted caller, for programs: places calls on the lab's Asterisk and tells their end.

`docker/lab.sh` makes the lab; `asterisk-conf/extensions_lab.conf` says what a caller can do.
"""

import asyncio
import json
import os
import shlex
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import aiohttp

SCRIPT = Path(__file__).with_name("lab.sh")
IMPOSSIBLE = 3  # the exit status of lab.sh where no Asterisk can be had


class NoLab(Exception):  # noqa: N818 - a state of the machine
    """An Asterisk cannot be had here; the message says why."""


def up(version: str = "22", progress: Callable[[str], object] = lambda _: None) -> dict[str, str]:
    """Start the lab where it does not run and return its settings; `progress` is told its steps.

    Raises NoLab where the machine cannot have one, RuntimeError where it should and did not start.
    """
    said: list[str] = []
    with subprocess.Popen(
        [SCRIPT, "up", version], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as starting:
        for line in starting.stderr or ():
            said.append(line.strip())
            progress(line.strip())
    if starting.returncode == IMPOSSIBLE:
        raise NoLab(said[-1])
    if starting.returncode:
        raise RuntimeError("the lab did not start: " + "\n".join(said[-20:]))
    return settings(version)


def runs(version: str = "22") -> bool:
    """Whether the lab is up."""
    status = subprocess.run([SCRIPT, "status"], check=False, stdout=subprocess.PIPE, text=True)
    return f"# Asterisk {version} runs" in status.stdout


def down(version: str = "22") -> None:
    """End the lab's Asterisk, with every call on it."""
    subprocess.run([SCRIPT, "down", version], check=True, stderr=subprocess.DEVNULL)


def settings(version: str = "22") -> dict[str, str]:
    """Return the lab's addresses and folders by the names that `lab.sh env` gives them."""
    lines = subprocess.run([SCRIPT, "env", version], stdout=subprocess.PIPE, text=True, check=True)
    words = shlex.split(lines.stdout)
    return dict(word.split("=", 1) for word in words)


@dataclass(slots=True)
class Caller:
    """One call as the caller knows it: `ended` gives the Q.850 cause his line ended with.

    `keys` are those that he was sent, each with the second it came in.
    """

    id: str
    capture: Path
    placed_at: float  # of the event loop's clock, seconds
    ended: "asyncio.Future[int]"
    keys: list[tuple[float, str]] = field(default_factory=list)

    async def recording(self) -> Path:
        """Return the WAV of what he heard, once it is whole: its header says how long it is."""
        for _ in range(100):
            if self.capture.exists():
                head, size = self.capture.read_bytes()[:44], self.capture.stat().st_size
                if len(head) == 44 and int.from_bytes(head[40:44], "little") == size - 44:
                    break
            await asyncio.sleep(0.05)
        return self.capture


@dataclass(slots=True)
class Lab:
    """A connection to the lab's Asterisk beside that of the application under test."""

    settings: Mapping[str, str]
    session: aiohttp.ClientSession
    callers: dict[str, Caller] = field(default_factory=dict)

    async def call(
        self, number: str, script: Sequence[str], *, caller_id: str = "<+15551230001>"
    ) -> Caller:
        """Let the scripted caller dial a number of the context `from-lab`."""
        loop = asyncio.get_running_loop()
        name = f"call-{uuid4().hex[:12]}"
        capture = Path(self.settings["CAPTURE_DIR"]) / f"{name}.wav"
        caller = Caller(name, capture, loop.time(), loop.create_future())
        self.callers[name] = caller
        wanted = {
            "endpoint": f"Local/{number}@line/n",
            "context": "caller",
            "extension": "script",
            "priority": 1,
            "channelId": name,
            "callerId": caller_id,
            "variables": {"SCRIPT": ",".join(script), "CAPTURE": name},
        }
        async with self.session.post(f"{self.settings['ARI_URL']}/channels", json=wanted) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the caller could not call: {await answer.text()}")
        return caller

    async def end(self, caller: Caller) -> None:
        """Let the caller hang up, whatever his script says."""
        await self.session.delete(f"{self.settings['ARI_URL']}/channels/{caller.id}")

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take Asterisk's events: keys sent to a caller, and why his line has ended."""
        async for message in socket:
            event = json.loads(message.data)
            caller = self.callers.get(event.get("channel", {}).get("id", ""))
            if caller and event["type"] == "ChannelDtmfReceived":
                since = asyncio.get_running_loop().time() - caller.placed_at
                caller.keys.append((since, event["digit"]))
            elif caller and event["type"] == "ChannelDestroyed" and not caller.ended.done():
                caller.ended.set_result(event["cause"])


@asynccontextmanager
async def connected(settings: Mapping[str, str]) -> AsyncIterator[Lab]:
    """Connect to the lab's Asterisk, under a name of our own."""
    secret = aiohttp.encode_basic_auth(settings["ARI_USER"], settings["ARI_PASSWORD"])
    url = f"{settings['ARI_URL']}/events"
    app = f"lab-{os.getpid()}-{uuid4().hex[:6]}"
    query = {"app": app, "subscribeAll": "true"}
    async with (
        aiohttp.ClientSession(headers={"Authorization": secret}) as session,
        session.ws_connect(url, params=query, max_msg_size=0) as socket,
    ):
        # A websocket that closes while it is subscribed to the states of devices can bring an
        # Asterisk to a standstill (asterisk/asterisk#2170).
        devices = f"{settings['ARI_URL']}/applications/{app}/subscription"
        async with session.delete(devices, params={"eventSource": "deviceState:"}):
            lab = Lab(settings, session)
        listening = asyncio.create_task(lab.listen(socket))
        try:
            yield lab
        finally:
            listening.cancel()
