"""The programs of the benchmark, and what each uses of the machine."""

import asyncio
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from caller import Placed

_TICKS = os.sysconf("SC_CLK_TCK")
_ENDING = 10  # seconds


class Process:
    """A running process and its children."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu(self, *, children: bool = True) -> float:
        """Return the processor time used so far, seconds; that of ended children too."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[11 : 15 if children else 13]) / _TICKS

    def memory(self) -> int:
        """Return the resident memory, bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ProcessLookupError(self.pid)

    def sockets(self) -> int:
        """Return the number of open sockets."""
        found = 0
        for descriptor in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                found += descriptor.readlink().name.startswith("socket:")
            except FileNotFoundError:
                continue
        return found


class Meter:
    """What some processes, and the rest of the machine, use from now until it is read."""

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self._processes = processes
        self._me = Process(os.getpid())
        self._before = self._now()
        self._busy, self._began = _busy(), time.monotonic()

    def read(self, placed: Placed) -> tuple[dict[str, float], float]:
        """Return seconds of each process, SIPp's too, and how many cores all others kept busy."""
        used = {name: seconds - self._before[name] for name, seconds in self._now().items()}
        mine = used.pop("")
        used["SIPp"] = placed.cpu
        others = _busy() - self._busy - sum(used.values()) - mine
        return used, max(0.0, others) / (time.monotonic() - self._began)

    def _now(self) -> dict[str, float]:
        processes = {**self._processes, "": self._me}
        return {name: process.cpu(children=bool(name)) for name, process in processes.items()}


def _busy() -> float:
    """Return the processor time of the whole machine so far, seconds; stolen time counts."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / _TICKS  # without idle, and waiting for disks


class Program(Process):
    """A program of ours, its output in a file; like a service, in a session of its own.

    `nice` is its priority, lower first; where we may not give it, it runs as all others do.
    """

    def __init__(self, command: Sequence[str], output: Path, nice: int = 0) -> None:
        with output.open("wb") as file:
            self._running = subprocess.Popen(  # noqa: S603 - ours
                ["/usr/bin/nice", "-n", str(nice), *command],
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self._output = output
        super().__init__(self._running.pid)

    async def until(self, said: str, seconds: float = 20.0) -> None:
        """Wait until its output holds `said`; raises RuntimeError with what it did say."""
        deadline = time.monotonic() + seconds
        while said not in self._output.read_text():
            if self._running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self._output.stem}: {self._output.read_text()[-2000:]}")
            await asyncio.sleep(0.05)

    def stop(self) -> None:
        self._running.terminate()
        try:
            self._running.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


def listener(address: str) -> int:
    """Return the process that has the UDP socket of an address, whoever started it.

    Raises RuntimeError if there is none, or none that we may see.
    """
    port = f":{int(address.rpartition(':')[2]):04X}"
    sockets = (line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:])
    wanted = {f"socket:[{socket[9]}]" for socket in sockets if socket[1].endswith(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if descriptor.readlink().name in wanted:
                return int(descriptor.parts[2])
        except OSError:
            continue
    raise RuntimeError(f"nobody listens on {address}")
