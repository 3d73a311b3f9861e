"""Queues: callers who wait for others to take them, who came first being first."""

from dataclasses import dataclass, field

from ari_pivot.call.call import Call, new_id
from ari_pivot.call.waiter import Waiter

_QUEUES = 10_000
MOST = 1000  # in one queue, unless something else is said


@dataclass(slots=True, eq=False)
class Queue:
    """A queue of this worker; it stays when the last one has left it."""

    name: str
    id: str = field(default_factory=new_id)
    most: int = MOST
    waiters: list[Waiter] = field(default_factory=list)
    _takers: list[Call] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.waiters) >= self.most

    @property
    def unused(self) -> bool:
        return not (self.waiters or self._takers)

    @property
    def average(self) -> float:
        """How long those who wait have waited, in seconds."""
        return sum(one.seconds for one in self.waiters) / len(self.waiters) if self.waiters else 0.0

    def position(self, waiter: Waiter) -> int:
        """Return the place of somebody who waits, from 1."""
        return self.waiters.index(waiter) + 1 if waiter in self.waiters else 1

    def enter(self, call: Call) -> Waiter:
        """Put a caller at the end."""
        waiter = Waiter(call, call.clock())
        self.waiters.append(waiter)
        self._wake()
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Take somebody out who may be in it."""
        if waiter in self.waiters:
            self.waiters.remove(waiter)

    def put_back(self, waiter: Waiter) -> None:
        """Let somebody be first again who was taken and not spoken with."""
        if waiter.outcome is None and not waiter.gone:
            self.waiters.insert(0, waiter)
            self._wake()

    async def take(self, call: Call, timeout: float | None) -> Waiter | None:
        """Take who is first, once there is somebody, and those who asked before have theirs.

        None after `timeout` seconds. Raises CallEnded.
        """
        self._takers.append(call)
        try:
            await call.until(lambda: self.waiters and self._takers[0] is call, timeout)
            first = self.waiters and self._takers[0] is call
            return self.waiters.pop(0) if first else None
        finally:
            self._takers.remove(call)
            self._wake()

    def _wake(self) -> None:
        for taker in self._takers:
            taker.wake()


def named(queues: dict[str, Queue], name: str) -> Queue:
    """Return the queue of a name; of very many, those that are empty are forgotten."""
    if name not in queues and len(queues) >= _QUEUES:
        for empty in [one.name for one in queues.values() if one.unused]:
            del queues[empty]
    return queues.setdefault(name, Queue(name))
