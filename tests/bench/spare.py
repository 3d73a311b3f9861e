"""Whether the machine had processor time to spare: what waits for it says nothing of a program."""

import asyncio
import time
from bisect import bisect_left
from pathlib import Path

_EVERY = 0.1  # seconds
_LEAST = 0.2  # of all cores, idle: less is soon none for a moment


class Spare:
    """Notes, ten times a second, how much of the machine is idle; times are time.monotonic's."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._spare: list[bool] = []

    async def watch(self) -> None:
        """Go on until cancelled."""
        idle, total = _ticks()
        while True:
            await asyncio.sleep(_EVERY)
            before_idle, before_total = idle, total
            idle, total = _ticks()
            self._times.append(time.monotonic())
            self._spare.append(idle - before_idle > _LEAST * (total - before_total))

    def between(self, began: float, ended: float) -> bool:
        """Whether there was some to spare all the time between two moments."""
        first, last = bisect_left(self._times, began), bisect_left(self._times, ended)
        return all(self._spare[first : last + 1])


def _ticks() -> tuple[int, int]:
    fields = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    numbers = [int(field) for field in fields]
    return numbers[3], sum(numbers)
