"""A mail server for tests, a real one on a port of its own."""

import asyncio
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from programs import free_port


class Inbox:
    """Takes mail; the first `refuse` messages are to be sent again later."""

    def __init__(self, refuse=0):
        self.refuse, self.messages, self.port = refuse, [], 0
        self._came = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.messages.append(envelope)
        self._loop.call_soon_threadsafe(self._came.set)  # the server has a thread of its own
        return "250 OK"

    async def has(self, count):
        async with asyncio.timeout(30):
            while len(self.messages) < count:
                self._came.clear()
                await self._came.wait()


@contextmanager
def receiving(inbox):
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    inbox.port = server.port
    try:
        yield inbox
    finally:
        server.stop()
