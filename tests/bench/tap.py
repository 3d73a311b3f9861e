"""Between Asterisk and a controller: passes bytes on, and notes when; it looks into them later."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

_BLOCK = 65_536
_TEXT = 1  # a websocket's opcode. Source: RFC 6455 §5.2


class _Channel(msgspec.Struct):
    id: str = ""


class _Message(msgspec.Struct):
    type: str = ""
    channel: _Channel | None = None
    uri: str = ""


_parse = msgspec.json.Decoder(_Message).decode


class _Stream:
    """One direction of a connection."""

    def __init__(self) -> None:
        self._blocks: list[tuple[float, bytes]] = []
        self._rest = bytearray()
        self._begun = False

    async def carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while block := await source.read(_BLOCK):
                self._blocks.append((time.monotonic(), block))
                sink.write(block)
        sink.close()

    def messages(self) -> Iterator[tuple[float, _Message]]:
        """Yield what has come since this was last asked, and when its last byte came."""
        blocks, self._blocks = self._blocks, []
        for came, block in blocks:
            self._rest += block
            if not self._begun:  # requests may come before, on the same connection
                begin = self._rest.lower().find(b"upgrade: websocket")
                end = self._rest.find(b"\r\n\r\n", begin)
                if begin < 0 or end < 0:
                    continue
                self._begun = True
                del self._rest[: end + 4]
            while frame := _frame(self._rest):
                size, opcode, payload = frame
                del self._rest[:size]
                if opcode == _TEXT:
                    yield came, _parse(payload)


def _frame(data: bytearray) -> tuple[int, int, bytes] | None:
    """Return the size, opcode and payload of the first whole frame; None while there is none."""
    if len(data) < 2:
        return None
    at, length = 2, data[1] & 0x7F
    if length > 125:
        wide = 2 if length == 126 else 8
        length = int.from_bytes(data[2 : 2 + wide])
        at += wide
    key = b"\0\0\0\0"
    if data[1] & 0x80:
        key, at = bytes(data[at : at + 4]), at + 4
    if len(data) < at + length:
        return None
    whole = int.from_bytes(data[at : at + length])
    mask = int.from_bytes((key * (length // 4 + 1))[:length])
    return at + length, data[0] & 0x0F, (whole ^ mask).to_bytes(length)


class Tap:
    """Listens on a port of its own in place of Asterisk; times are those of time.monotonic.

    `started` is when each channel came, `commands` when each command about it went, `sent` the
    number of all commands: known up to the last `read`.
    """

    def __init__(self, asterisk: str) -> None:
        self._asterisk = urlsplit(asterisk)
        self._connections: list[tuple[_Stream, _Stream]] = []
        self._server: asyncio.Server | None = None
        self.forget()

    async def open(self) -> str:
        """Listen; return the address to give a controller in place of Asterisk's."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    def forget(self) -> None:
        """Begin anew."""
        self.read()
        self.started: dict[str, float] = {}
        self.commands: dict[str, list[float]] = defaultdict(list)
        self.sent = 0

    def read(self) -> None:
        """Look into what has passed."""
        for up, down in self._connections:
            for came, message in down.messages():
                if message.type == "StasisStart" and message.channel:
                    self.started[message.channel.id] = came
            for came, message in up.messages():
                self.sent += 1
                resource, _, rest = message.uri.partition("/")
                if resource == "channels":
                    self.commands[rest.partition("/")[0]].append(came)

    async def close(self) -> None:
        if self._server:
            self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_asterisk, to_asterisk = await asyncio.open_connection(
            self._asterisk.hostname, self._asterisk.port
        )
        up, down = _Stream(), _Stream()
        self._connections.append((up, down))
        await asyncio.gather(up.carry(reader, to_asterisk), down.carry(from_asterisk, writer))
