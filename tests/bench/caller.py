"""Placing calls with SIPp."""

import asyncio
import csv
import resource
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).resolve().parents[2] / "docker" / "sipp"
_PATIENCE = 30_000  # milliseconds a caller waits for what comes next
_LISTENS = 300  # milliseconds a caller listens before he presses keys


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of the calls, and SIPp's own processor time in seconds."""

    calls: int
    failed: int
    cpu: float


class Caller:
    """Calls numbers of the lab's Asterisk at `address`; `folder` is for SIPp's files."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._runs = 0

    async def call(self, scenario: str, number: str, calls: int, rate: float) -> Placed:
        """Place `calls` calls, `rate` a second, and wait for their end."""
        self._runs += 1
        statistics = self._folder / f"sipp-{self._runs}.csv"
        before = _children()
        process = await asyncio.create_subprocess_exec(
            "sipp", "-sf", str(SCENARIOS / scenario), "-s", number, "-d", str(_LISTENS),
            "-i", "127.0.0.1", "-r", str(rate), "-m", str(calls), "-l", str(calls),
            "-recv_timeout", str(_PATIENCE), "-nostdin", "-trace_stat", "-stf", str(statistics),
            "-fd", "3600", self._address,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            cwd=self._folder,
        )  # fmt: skip
        _, said = await process.communicate()
        if process.returncode not in {0, 1}:  # 1: a call failed
            raise RuntimeError(f"SIPp ended with {process.returncode}: {said.decode()[-1000:]}")
        last = list(csv.DictReader(statistics.open(), delimiter=";"))[-1]
        failed = calls - int(last["SuccessfulCall(C)"])
        statistics.unlink()
        return Placed(calls, failed, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
