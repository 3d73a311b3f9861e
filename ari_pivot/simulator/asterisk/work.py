"""What a channel does, one thing after the other."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


class Work:
    """Something that everything after it waits for."""

    __slots__ = ()

    def begin(self) -> bool:
        """Start; True when it is over already. Otherwise it calls `Turns.done` at its end."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Come to an end because the channel does."""

    def key(self, digit: str) -> None:
        """Take note of a key that the far end has pressed."""

    def voice(self) -> None:
        """Take note that the far end begins or ends to speak."""


@dataclass(slots=True, eq=False)
class Order(Work):
    """A command that waits for its turn, and whose sender waits for it."""

    action: Callable[[], None]
    carried_out: "asyncio.Future[None]"

    def begin(self) -> bool:
        self.action()
        if not self.carried_out.done():
            self.carried_out.set_result(None)
        return True


class Turns:
    """One work at a time; `idle` is called whenever there is none left."""

    __slots__ = ("_idle", "_waiting", "current")

    def __init__(self, idle: Callable[[], None]) -> None:
        self.current: Work | None = None
        self._waiting: deque[Work] = deque()
        self._idle = idle

    def submit(self, work: Work) -> None:
        """Do it when everything before it is over."""
        self._waiting.append(work)
        if self.current is None:
            self._advance()

    def order(self, action: Callable[[], None]) -> "asyncio.Future[None] | None":
        """Do it when everything before it is over: at once, or when the future says so."""
        if self.current is None:
            action()
            return None
        carried_out = asyncio.get_running_loop().create_future()
        self.submit(Order(action, carried_out))
        return carried_out

    def done(self, work: Work) -> None:
        """Go on after a work that took its time."""
        if self.current is work:
            self.current = None
            self._advance()

    def abandon(self) -> None:
        """End what goes on, then begin and end all that waits."""
        if work := self.current:
            work.abandon()
            self.done(work)

    def _advance(self) -> None:
        while self._waiting:
            work = self.current = self._waiting.popleft()
            if not work.begin():
                return
            self.current = None
        self._idle()
