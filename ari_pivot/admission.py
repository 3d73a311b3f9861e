"""Which calls are taken: not more at once, nor in one second, than this machine is to bear."""

from collections import Counter, deque
from dataclasses import dataclass, field

from ari_pivot.errors import Code, PivotError


@dataclass(slots=True)
class Admission:
    """Not more than `at_once` live calls, nor than `per_second` new ones; 0 for no limit.

    `refused` counts, by error code, since the start.
    """

    at_once: int = 0
    per_second: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    _taken: deque[float] = field(default_factory=deque)

    def configure(self, at_once: int, per_second: int) -> None:
        """Take so many from now on."""
        self.at_once, self.per_second = at_once, per_second

    def refuse(self, living: int, now: float) -> PivotError | None:
        """Return why a call that comes `now` is not taken; `living` are those there are."""
        while self._taken and self._taken[0] <= now - 1.0:
            self._taken.popleft()
        if 0 < self.at_once <= living:
            return self._refused(f"{self.at_once} calls at once", Code.CALLS_AT_ONCE, "at_once")
        if 0 < self.per_second <= len(self._taken):
            return self._refused(f"{self.per_second} calls a second", Code.CALL_RATE, "per_second")
        self._taken.append(now)
        return None

    def _refused(self, limit: str, code: Code, key: str) -> PivotError:
        self.refused[code] += 1
        return PivotError(f"more than {limit}", code=code, where=f"calls.{key}")
