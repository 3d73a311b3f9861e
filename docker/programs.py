"""Programs of ours that run beside a test or a demonstration, and what they say."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ARI_PIVOT = [sys.executable, "-m", "ari_pivot", "serve", "-c"]
SIMULATE = [sys.executable, "-m", "ari_pivot", "simulate"]
WEBAPP = [sys.executable, str(ROOT / "docker" / "webapp" / "app.py")]

Line = dict[str, Any]


@dataclass(slots=True)
class Program:
    """A program that writes a line of JSON for each thing that happens; `lines` keeps them."""

    name: str
    process: asyncio.subprocess.Process
    on_line: Callable[[Line], None] = lambda _: None
    lines: list[Line] = field(default_factory=list)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[Line], None] = lambda _: None,
    ) -> "Program":
        """Start it in a session of its own, so that a Ctrl-C for us does not reach it first."""
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=2**20,
        )
        program = cls(name, process, on_line)
        program._reading = asyncio.create_task(program._read())
        return program

    async def _read(self) -> None:
        if not self.process.stdout:
            return
        async for raw in self.process.stdout:
            text = raw.decode(errors="replace").rstrip()
            line = json.loads(text) if text.startswith("{") else {"event": text}
            self.lines.append(line)
            self.on_line(line)
            self._wake()
        self._wake()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    async def until(self, found: Callable[[Line], object], timeout: float = 20.0) -> Line:
        """Return the first line for which `found` holds, said already or to come.

        Raises RuntimeError with what it said when it ends first, or `timeout` seconds pass.
        """
        seen = 0
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for line in self.lines[seen:]:
                        seen += 1
                        if found(line):
                            return line
                    if self._reading is None or self._reading.done():
                        raise RuntimeError(f"{self.name} ended: {self.lines[-5:]}")
                    await self._grown.wait()
        except TimeoutError:
            raise RuntimeError(f"{self.name} does not go on: {self.lines[-5:]}") from None

    async def stop(self, number: int = signal.SIGTERM, timeout: float = 20.0) -> int:
        """End it by a signal, by force after `timeout` seconds; return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
            try:
                await asyncio.wait_for(self.process.wait(), timeout)
            except TimeoutError:
                self.process.kill()
        status = await self.process.wait()
        if self._reading:
            await self._reading
        return status


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
