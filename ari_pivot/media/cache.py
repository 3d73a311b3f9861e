"""Sound files on disk, found by key: whole or not at all, bounded, found again after a restart."""

import asyncio
import os
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from ari_pivot.errors import Code, MediaError

log = structlog.get_logger()

ONCE = "-once"
"""The end of a key whose file is not kept: it goes when nobody can be playing it any more."""

_OURS = re.compile(r"[0-9a-f]{64}(-once)?\.(ulaw|sln16|wav)|[0-9a-f]{32}\.json|[0-9a-f-]+\.part")
PREFIX = 32
"""Characters of a key that sounds of the same origin share, and with them one note."""


@dataclass(slots=True)
class CachedFile:
    """The files of one sound; `size` in bytes, `used` in seconds since the epoch."""

    key: str
    size: int
    used: float


class Cache:
    """A folder of sounds, each in all of `suffixes`; the least recently used go first.

    A file handed out within the last `hold` seconds is never removed, so the folder may for a
    time be larger than `max_bytes`. `forget` is told a key before its files go. The folder belongs
    to one process.
    """

    def __init__(
        self,
        directory: Path,
        suffixes: Collection[str],
        *,
        max_bytes: int,
        hold: float,
        now: Callable[[], float],
        forget: Callable[[str], None],
    ) -> None:
        self.directory = directory
        self._suffixes = suffixes
        self._max_bytes, self._hold = max_bytes, hold
        self._now, self._forget = now, forget
        self._kept: OrderedDict[str, CachedFile] = OrderedDict()
        self._once: OrderedDict[str, CachedFile] = OrderedDict()
        self.bytes = 0
        self.added = 0  # sounds, since the start
        self._disk = asyncio.Lock()  # a file that is being removed is not written again meanwhile
        self._load()

    def find(self, key: str) -> CachedFile | None:
        """Return a file that is kept, as if handed out now."""
        file = self._kept.get(key)
        if file:
            self.touch(file)
        return file

    def touch(self, file: CachedFile) -> None:
        """Note that a file is handed out now."""
        file.used = self._now()
        self._files(file.key).move_to_end(file.key)

    async def add(self, key: str, contents: Mapping[str, bytes]) -> CachedFile:
        """Write the files of a key, one a suffix; raises MediaError where the disk refuses."""
        async with self._disk:
            await _whole(self._write, key, contents)
            self.added += 1
            file = self._enter(key, sum(map(len, contents.values())), self._now())
            if gone := self._evict():
                await _whole(self._remove, gone)
        return file

    def path(self, name: str) -> Path | None:
        """Return the file of that name, `KEY.SUFFIX`, if it is one of ours."""
        key, _, suffix = name.rpartition(".")
        ours = suffix in self._suffixes and key in self._files(key)
        return self.directory / name if ours else None

    async def note(self, key: str, text: bytes) -> None:
        """Write what is to be remembered beside a sound, if the disk takes it."""
        try:
            await _whole(self._write, key[:PREFIX], {"json": text})
        except MediaError as error:
            log.warning("media.not_noted", reason=error.message)

    async def noted(self, prefix: str) -> bytes | None:
        """Return what was noted beside the sound whose key begins so."""
        try:
            return await asyncio.to_thread((self.directory / f"{prefix}.json").read_bytes)
        except OSError:
            return None

    def _files(self, key: str) -> OrderedDict[str, CachedFile]:
        return self._once if key.endswith(ONCE) else self._kept

    def _enter(self, key: str, size: int, used: float) -> CachedFile:
        files = self._files(key)
        before = files.pop(key, None)
        self.bytes += size - (before.size if before else 0)
        file = files[key] = CachedFile(key, size, used)
        return file

    def _evict(self) -> list[str]:
        idle_since = self._now() - self._hold
        gone = []
        for files, limit in ((self._once, 0), (self._kept, self._max_bytes)):
            while files and self.bytes > limit:
                oldest = next(iter(files.values()))
                if oldest.used > idle_since:
                    break
                del files[oldest.key]
                self.bytes -= oldest.size
                self._forget(oldest.key)
                gone.append(oldest.key)
        if self.bytes > self._max_bytes:
            log.warning("media.cache_full", bytes=self.bytes, limit=self._max_bytes)
        return gone

    def _write(self, name: str, contents: Mapping[str, bytes]) -> None:
        part = self.directory / f"{secrets.token_hex(32)}.part"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            for suffix, content in contents.items():
                part.write_bytes(content)
                part.chmod(0o644)  # Asterisk reads it as another user
                part.replace(self.directory / f"{name}.{suffix}")
        except OSError as error:
            for path in (part, *(self.directory / f"{name}.{suffix}" for suffix in contents)):
                _unlink(path)  # a full disk needs no half sounds
            reason = f"cannot write {self.directory}: {error.strerror}"
            raise MediaError(reason, code=Code.MEDIA_UNPLAYABLE) from error

    def _remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            for suffix in self._suffixes:
                _unlink(self.directory / f"{key}.{suffix}")
            note = self.directory / f"{key[:PREFIX]}.json"
            with suppress(OSError):  # there is none, or it is about a newer version
                if key.encode() in note.read_bytes():
                    note.unlink()

    def _load(self) -> None:
        """Find the files of earlier runs; remove what is incomplete or was not to be kept."""
        entries = self._entries()
        found: dict[str, list[os.stat_result]] = {}
        for path, stat in entries.items():
            if path.suffix[1:] in self._suffixes and stat.st_size and not path.stem.endswith(ONCE):
                found.setdefault(path.stem, []).append(stat)
        whole = {key: stats for key, stats in found.items() if len(stats) == len(self._suffixes)}
        for key, stats in sorted(whole.items(), key=lambda item: item[1][0].st_mtime):
            self._enter(key, sum(stat.st_size for stat in stats), stats[0].st_mtime)
        known = whole.keys() | {key[:PREFIX] for key in whole}
        for path in entries:
            if path.stem not in known or path.suffix[1:] not in {*self._suffixes, "json"}:
                _unlink(path)

    def _entries(self) -> dict[Path, os.stat_result]:
        try:
            with os.scandir(self.directory) as entries:
                return {Path(e): e.stat() for e in entries if _OURS.fullmatch(e.name)}
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.error("media.unreadable", folder=str(self.directory), reason=error.strerror)
            return {}


def _unlink(path: Path) -> None:
    with suppress(OSError):  # gone already, or never there
        path.unlink()


async def _whole(work: Callable[..., None], *arguments: object) -> None:
    """Do something in a thread, and be back only when it is done, whoever is cancelled."""
    done = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise
