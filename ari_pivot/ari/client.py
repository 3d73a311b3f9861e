"""Commands to one Asterisk, whatever carries them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import msgspec

from ari_pivot.ari.operations import Operation
from ari_pivot.errors import AsteriskError, AsteriskUnavailable

_AGAIN = 0.1  # seconds from a lost command to its next try, unless the connection changes before

_decode = msgspec.json.Decoder().decode


class Link(Protocol):
    """What carries a command while the connection stands."""

    async def request(self, operation: Operation, params: dict[str, Any]) -> tuple[int, str]:
        """Return HTTP status and body; raises AsteriskUnavailable when the connection goes."""
        ...


class Ari:
    """Sends commands; waits for a lost connection to come back before it gives one up.

    `patience` is how long a command waits for the connection, `timeout` for its answer, seconds.
    """

    def __init__(self, *, patience: float = 30.0, timeout: float = 10.0) -> None:
        self._patience = patience
        self._timeout = timeout
        self._link: Link | None = None
        self._changed = asyncio.Event()
        self.connections = 0
        #: Is told of each command: Asterisk's status, 0 for no answer, and the seconds it took.
        self.observe: Callable[[Operation, int, float], None] = lambda *_: None

    @property
    def connected(self) -> bool:
        return self._link is not None

    def use(self, link: Link | None) -> None:
        """Send commands over `link` from now on; None says that the connection is lost."""
        self._link = link
        self.connections += link is not None
        self._changed.set()
        self._changed = asyncio.Event()

    async def send(self, operation: Operation, /, **params: Any) -> Any:
        """Send a command and return what Asterisk answered, parsed.

        A command that may be repeated is sent again when the connection was lost under it.
        Raises AsteriskError with Asterisk's status and reason, AsteriskUnavailable when the
        connection did not come back within the patience.
        """
        give_up = 0.0  # when; set by a first loss
        loop = asyncio.get_running_loop()
        while True:
            link = self._link or await self._wait(operation)
            began = loop.time()
            try:
                async with asyncio.timeout(self._timeout):
                    if give_up and operation.proof and await _done(link, operation.proof, params):
                        return None
                    status, body = await link.request(operation, params)
                break
            except TimeoutError:
                self.observe(operation, 0, loop.time() - began)
                raise AsteriskUnavailable("no answer", where=operation.name) from None
            except AsteriskUnavailable:
                now = loop.time()
                give_up = give_up or now + self._patience
                if not operation.repeatable or now >= give_up:
                    raise
                await self._news()
        self.observe(operation, status, loop.time() - began)
        if status < 300:
            return _decode(body) if body else None
        if give_up and status == 409:
            return None  # the first try had arrived
        raise AsteriskError(_reason(body), status=status, where=operation.name)

    async def _news(self) -> None:
        """Wait for the connection's loss to be noticed; not long: a command may fail alone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN):
                await self._changed.wait()

    async def _wait(self, operation: Operation) -> Link:
        try:
            async with asyncio.timeout(self._patience):
                while self._link is None:
                    await self._changed.wait()
        except TimeoutError:
            raise AsteriskUnavailable("not connected", where=operation.name) from None
        return self._link


def _reason(body: str) -> str:
    try:
        answer = _decode(body)
        return str(answer.get("message") or answer.get("error") or body)
    except (msgspec.DecodeError, AttributeError):
        return body[:200] or "no reason given"


async def _done(link: Link, proof: Operation, params: dict[str, Any]) -> bool:
    """Whether an earlier try has arrived after all."""
    ids = {name: value for name, value in params.items() if f"{{{name}}}" in proof.path}
    status, _ = await link.request(proof, ids)
    return status == 200
