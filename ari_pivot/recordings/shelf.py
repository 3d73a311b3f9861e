"""Where finished recordings lie: a folder of ours, or an object store beside it."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SUFFIXES = ("wav", "mp3")


@dataclass(frozen=True, slots=True)
class Stream:
    """A file that comes in pieces; `size` in bytes."""

    size: int
    pieces: AsyncIterator[bytes]


async def content(found: Path | Stream | None) -> bytes | None:
    """Return all of a file; raises OSError."""
    if isinstance(found, Path):
        return await asyncio.to_thread(found.read_bytes)
    return b"".join([piece async for piece in found.pieces]) if found else None


class Shelf(Protocol):
    """Files by id and suffix; raises OSError where they cannot be had or kept."""

    async def put(self, id_: str, files: Mapping[str, Path]) -> None:
        """Take files, one a suffix: all of them or none is ever found. They are moved."""
        ...

    async def get(self, id_: str, suffix: str) -> Path | Stream | None:
        """Return a file, None when there is none."""
        ...

    async def remove(self, id_: str) -> None:
        """Remove all files of an id; none is no problem."""
        ...


class Folder:
    """A folder that is ours alone."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def put(self, id_: str, files: Mapping[str, Path]) -> None:
        await asyncio.to_thread(self._put, id_, files)

    async def get(self, id_: str, suffix: str) -> Path | Stream | None:
        path = self._path(id_, suffix)
        return path if await asyncio.to_thread(path.is_file) else None

    async def remove(self, id_: str) -> None:
        await asyncio.to_thread(self._remove, id_)

    def _put(self, id_: str, files: Mapping[str, Path]) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for suffix, file in files.items():
            with file.open("rb") as written:
                os.fsync(written.fileno())  # Asterisk's copy is removed next
            file.replace(self._path(id_, suffix))

    def _remove(self, id_: str) -> None:
        for suffix in SUFFIXES:
            with suppress(FileNotFoundError):
                self._path(id_, suffix).unlink()

    def _path(self, id_: str, suffix: str) -> Path:
        return self._directory / f"{id_}.{suffix}"
