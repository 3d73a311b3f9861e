"""The connection, and what it says to the rest."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Address, Connection


class Line:
    """A connection that runs, its commands, and the events that came."""

    def __init__(self, asterisk, *, user="pivot", password="secret", tls=True, patience=30):
        self.ari = Ari(patience=patience)
        self.events = []
        self.heard = asyncio.Event()
        self.set_ups = 0
        address = Address(asterisk.url, user, password, "pivot", tls)
        self.connection = Connection(address, self.ari, self._hear, self._set_up)
        self.task = asyncio.create_task(self.connection.run())

    def _hear(self, event):
        self.events.append(event)
        self.heard.set()

    async def _set_up(self):
        self.set_ups += 1
        self.heard.set()

    async def until(self, condition):
        """Wait until it holds; looked at after each event and set-up."""
        while not condition():
            self.heard.clear()
            await self.heard.wait()


@pytest.fixture
def connected_to():
    @asynccontextmanager
    async def connected(asterisk, **more):
        line = Line(asterisk, **more)
        try:
            yield line
        finally:
            line.task.cancel()
            await asyncio.gather(line.task, return_exceptions=True)

    return connected
