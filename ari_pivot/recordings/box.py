"""Getting finished recordings out of Asterisk, and away from there."""

import asyncio
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import aiohttp

from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Address, basic_auth
from ari_pivot.ari.operations import (
    DELETE_RECORDING,
    RECORDING,
    STOP_RECORDING,
    STORED_RECORDING,
    Operation,
)
from ari_pivot.errors import AsteriskError, AsteriskUnavailable

_SOON, _LATER = 0.05, 1.0  # seconds between two looks at a recording that is being written
_WRITING = 60.0  # seconds in which a recording that is stopped is written
_SUFFIXES = ("wav", "wav16")  # Asterisk's formats are the endings of its files
_SILENCE = 30.0  # seconds without a byte
_CHUNK = 65_536  # bytes


class Box(Protocol):
    """Where Asterisk keeps what it has recorded."""

    async def fetch(self, name: str, target: Path) -> bool:
        """Write a recording to a file, once it is whole; False when there is none.

        One that still goes on is stopped. Raises AsteriskError, OSError.
        """
        ...

    async def has(self, name: str) -> bool:
        """Tell whether there is a recording of that name, whole or not. Raises AsteriskError."""
        ...

    async def remove(self, names: Sequence[str]) -> None:
        """Remove recordings; those that are not there are no problem. Raises AsteriskError."""
        ...

    async def close(self) -> None: ...


class NoBox:
    """There is nothing in it."""

    async def fetch(self, name: str, target: Path) -> bool:
        return False

    async def has(self, name: str) -> bool:
        return False

    async def remove(self, names: Sequence[str]) -> None:
        pass

    async def close(self) -> None:
        pass


class AsteriskBox:
    """The recordings of one Asterisk: over HTTP, or from its folder where we see that as `spool`.

    Files do not come over the websocket, whatever carries the commands.
    """

    def __init__(self, ari: Ari, address: Address, spool: Path | None = None) -> None:
        self._ari = ari
        self._address = address
        self._base = f"{address.url.rstrip('/').removesuffix('/ari')}/ari/recordings/stored"
        self._spool = spool
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, name: str, target: Path) -> bool:
        await self._over(name)
        if self._spool:
            return await asyncio.to_thread(_copy, self._spool, name, target)
        return await self._download(f"{self._base}/{name}/file", target)

    async def has(self, name: str) -> bool:
        return await self._known(RECORDING, name) or await self._known(STORED_RECORDING, name)

    async def remove(self, names: Sequence[str]) -> None:
        for name in names:
            await self._known(DELETE_RECORDING, name)

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def _over(self, name: str) -> None:
        """Return when Asterisk has written the last of it: it is none of the live ones then.

        Raises TimeoutError.
        """
        pause = _SOON
        async with asyncio.timeout(_WRITING):
            while await self._known(RECORDING, name):
                await self._known(STOP_RECORDING, name)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LATER)

    async def _known(self, operation: Operation, name: str) -> bool:
        """Send a command about a recording; False when Asterisk knows none of that name."""
        try:
            await self._ari.send(operation, recordingName=name)
        except AsteriskError as error:
            if error.status != 404:
                raise
            return False
        return True

    async def _download(self, url: str, target: Path) -> bool:
        session = self._session = self._session or self._open()
        try:
            async with session.get(url) as answer:
                if answer.status == 404:
                    return False
                if answer.status != 200:
                    reason = f"answered {answer.status}"
                    raise AsteriskError(reason, status=answer.status, where=url)
                with target.open("wb") as file:
                    async for chunk in answer.content.iter_chunked(_CHUNK):
                        file.write(chunk)
        except (aiohttp.ClientError, TimeoutError) as error:
            reason = f"{type(error).__name__} {error}".strip()
            raise AsteriskUnavailable(reason, where=url) from error
        return True

    def _open(self) -> aiohttp.ClientSession:
        address = self._address
        return aiohttp.ClientSession(
            headers={"Authorization": basic_auth(address.user, address.password)},
            connector=aiohttp.TCPConnector(limit=4, ssl=address.tls),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_SILENCE),
        )


def _copy(spool: Path, name: str, target: Path) -> bool:
    for suffix in _SUFFIXES:
        with suppress(FileNotFoundError):
            shutil.copyfile(spool / f"{name}.{suffix}", target)
            return True
    return False
