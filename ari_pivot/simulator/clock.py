"""Virtual time: an event loop whose clock jumps to the next timer when nothing else is to do."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.BaseSelector):
    """Waits for sockets in no time, unless something real is awaited."""

    def __init__(self) -> None:
        self._real = selectors.DefaultSelector()
        self.now = 0.0
        self.working = 0  # threads at work: the clock stands still
        self.outside = 0  # requests to real servers: the clock goes at its true speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if self.outside:
            began = time.monotonic()
            ready = self._real.select(timeout)
            self.now += time.monotonic() - began
            return ready
        if self.working or timeout is None:
            return self._real.select(None)
        self.now += timeout
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


async def _done(func: Callable[..., T], *args: Any) -> T:
    return func(*args)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` begins at 0 and jumps over every wait.

    What is for threads is done between two of its rounds, so that runs repeat exactly; inside
    `real()` there are threads, and it goes as fast as the wall's.
    """

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now

    @contextmanager
    def real(self) -> Iterator[None]:
        """Let the clock go at its true speed: something outside is waited for."""
        self._virtual.outside += 1
        try:
            yield
        finally:
            self._virtual.outside -= 1

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        """Run it soon, on the loop: of two threads now one, now the other would be ready first.

        While something real is waited for it is a thread, which must not hold that up.
        """
        if not self._virtual.outside:
            return self.create_task(_done(func, *args))
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self._virtual.working += 1
        future.add_done_callback(self._idle)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for the threads; a time limit would be over at once."""
        self._virtual.working += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._virtual.working -= 1

    def _idle(self, _: Any) -> None:
        self._virtual.working -= 1


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
