"""From the tracks that Asterisk has recorded to the files that are kept."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ari_pivot.call.recordings import Order
from ari_pivot.recordings.audio import convert
from ari_pivot.recordings.box import Box
from ari_pivot.recordings.shelf import Shelf

_AT_ONCE = 2  # conversions


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made of a recording; `seconds` is its length after trimming."""

    seconds: float


class Maker:
    """`workshop` is a folder of its own, beside the shelf if that is a folder, too."""

    def __init__(self, box: Box, shelf: Shelf, workshop: Path) -> None:
        self._box = box
        self.shelf = shelf
        self._workshop = workshop
        self._converting = asyncio.Semaphore(_AT_ONCE)

    async def make(self, order: Order) -> Kept | None:
        """Take a recording and put it on the shelf; None where there is nothing to keep.

        Raises AsteriskError, MediaError and OSError.
        """
        self._workshop.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._workshop.mkdir(mode=0o700, exist_ok=True)
        with TemporaryDirectory(dir=self._workshop) as folder:
            tracks = [Path(folder) / f"{name}.track" for name in order.names]
            for name, track in zip(order.names, tracks, strict=True):
                if not await self._box.fetch(name, track):
                    return None
            suffixes: set[str] = {"wav", *order.formats}
            files = {suffix: Path(folder) / f"made.{suffix}" for suffix in suffixes}
            async with self._converting:
                seconds = await asyncio.to_thread(convert, tracks, files, trim=order.trim)
            if seconds == 0 or seconds < order.at_least:
                return None
            await self.shelf.put(order.id, {one: files[one] for one in order.formats})
        return Kept(seconds)

    async def waits(self, order: Order) -> bool:
        """Tell whether a recording is in our Asterisk; raises AsteriskError."""
        for name in order.names:
            if not await self._box.has(name):
                return False
        return True

    async def clear(self, order: Order) -> None:
        """Remove a recording from Asterisk; raises AsteriskError."""
        await self._box.remove(order.names)

    def open(self) -> None:
        """Remove what an earlier process has left half made."""
        shutil.rmtree(self._workshop, ignore_errors=True)

    async def close(self) -> None:
        await self._box.close()
