"""The media library: one way to a sound, whatever it comes from."""

import asyncio
import math
import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ari_pivot.call.source import Audio, File, Prompt, Recorded, Said, Source, Speech, Tone
from ari_pivot.errors import Code, ConfigError, MediaError
from ari_pivot.media.cache import Cache
from ari_pivot.media.fetch import Fetch
from ari_pivot.media.maker import Limits, Maker, Sound
from ari_pivot.media.speech import SpeechEngine

#: What may follow the kind of a media URI that Asterisk understands by itself.
_NAMES = {
    "sound": re.compile(r"(?!.*\.\.)\w[\w.+ -]*(/\w[\w.+ -]*)*"),
    "tone": re.compile(r"[\w!+*/,.;=-]+", re.ASCII),
    "number": re.compile(r"-?[0-9]{1,15}", re.ASCII),
    "digits": re.compile(r"[0-9*#]+", re.ASCII),
    "characters": re.compile(r"[A-Za-z0-9 .@*#!+/_-]+", re.ASCII),
    "recording": re.compile(r"[A-Za-z0-9-]+", re.ASCII),
}

_CLAIM_WITHIN = 60.0
"""Seconds in which what was prepared serves one `get`, though HTTP would have us ask again."""


class MediaLibrary:
    """Speaks, fetches and converts what is to be played, keeps it, and says how Asterisk gets it.

    Asterisk reads the files itself where it sees `directory` as `asterisk_directory`; otherwise it
    fetches `BASE_URL/media/NAME` from our HTTP server, which asks `file` for NAME.
    """

    def __init__(
        self,
        directory: Path,
        *,
        speech: SpeechEngine,
        fetch: Fetch,
        asterisk_directory: str | None = None,
        base_url: str | None = None,
        limits: Limits | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        if asterisk_directory:
            self._before, self._after = f"sound:{asterisk_directory.rstrip('/')}/", ""
            suffixes = ["ulaw", "sln16"]
        elif base_url:
            self._before, self._after = f"sound:{base_url.rstrip('/')}/media/", ".wav"
            suffixes = ["wav"]
        else:
            raise ConfigError("media: Asterisk must see our folder, or reach our HTTP server")
        limits = limits or Limits()
        self._cache = Cache(
            directory,
            suffixes,
            max_bytes=limits.cache_bytes,
            hold=limits.hold,
            now=now,
            forget=self._forget,
        )
        self._maker = Maker(
            self._cache, suffixes, speech=speech, fetch=fetch, limits=limits, now=now
        )
        self._now = now
        self.asked = 0  # for sounds that are not Asterisk's own
        self._sounds: dict[Source, Sound] = {}
        self._sources: dict[str, set[Source]] = {}
        self._running: dict[Source, asyncio.Task[Sound]] = {}
        self._unclaimed: dict[Source, tuple[float, asyncio.Task[Sound]]] = {}

    @property
    def made(self) -> int:
        """How many sounds had to be made."""
        return self._cache.added

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._cache.bytes

    def meant(self, source: Source) -> Source:
        """Return the source itself: every prompt is a sound of the box."""
        return source

    async def get(self, source: Source) -> str:
        """Return the media URI of a source; raises MediaError."""
        if not isinstance(source, Speech | Audio | File):
            return _named(source)
        self.asked += 1
        sound = self._fresh(source) or await self._made(source)
        self._cache.touch(sound.file)
        return f"{self._before}{sound.file.key}{self._after}"

    def prepare(self, source: Source) -> None:
        """Begin to fetch or speak a source; what goes wrong is told by the next `get`."""
        if not isinstance(source, Speech | Audio | File):
            return
        if not (self._fresh(source) or self._prepared(source)):
            self._start(source)

    def describe(self, uri: str) -> Source | None:
        """Return the source of a media URI that `get` has returned."""
        sources = self._sources.get(uri.removeprefix(self._before).removesuffix(self._after))
        if sources:
            return next(iter(sources))
        kind, _, name = uri.partition(":")
        if kind not in _NAMES or not _NAMES[kind].fullmatch(name):
            return None
        match kind:
            case "sound":
                return Prompt(name)
            case "number" | "digits" | "characters":
                return Said(kind, name)
            case "recording":
                return Recorded(name)
        return Tone(name)

    def file(self, name: str) -> Path | None:
        """Return the file Asterisk asks our HTTP server for as `/media/NAME`, or None."""
        return self._cache.path(name)

    async def close(self) -> None:
        """Give up what is being fetched or spoken."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _fresh(self, source: Source) -> Sound | None:
        sound = self._sounds.get(source)
        return sound if sound and sound.fresh_until > self._now() else None

    async def _made(self, source: Speech | Audio | File) -> Sound:
        """Wait for a sound; who is cancelled here does not cancel it for the others."""
        task = self._prepared(source) or self._start(source)
        try:
            return await asyncio.shield(task)
        finally:
            self._unclaimed.pop(source, None)

    def _prepared(self, source: Source) -> asyncio.Task[Sound] | None:
        finished, task = self._unclaimed.get(source, (-math.inf, None))
        return task if finished + _CLAIM_WITHIN > self._now() else None

    def _start(self, source: Speech | Audio | File) -> asyncio.Task[Sound]:
        task = self._running.get(source)
        if task is None:
            task = self._running[source] = asyncio.create_task(self._make(source))
            task.add_done_callback(partial(self._done, source))
        return task

    async def _make(self, source: Speech | Audio | File) -> Sound:
        sound = self._sounds[source] = await self._maker.make(source)
        self._sources.setdefault(sound.file.key, set()).add(source)
        return sound

    def _done(self, source: Source, task: asyncio.Task[Sound]) -> None:
        """Leave what the next `get` could not find among the sounds where it will look first."""
        del self._running[source]
        if not task.cancelled() and (task.exception() or not self._fresh(source)):
            self._unclaimed.pop(source, None)
            self._unclaimed[source] = self._now(), task
        self._drop_unclaimed()

    def _drop_unclaimed(self) -> None:
        for source in list(self._unclaimed):
            if self._prepared(source):
                return  # they are in order of time
            del self._unclaimed[source]

    def _forget(self, key: str) -> None:
        for source in self._sources.pop(key, ()):
            self._sounds.pop(source, None)


def _named(source: Prompt | Said | Tone | Recorded) -> str:
    """Return the URI of what Asterisk has itself; refuse what would be more than a name."""
    match source:
        case Prompt(name):
            kind = "sound"
        case Tone(name):
            kind = "tone"
        case Recorded(name):
            kind = "recording"
        case Said(kind, name):
            pass
    if not _NAMES[kind].fullmatch(name):
        raise MediaError(f"not the name of a {kind}", code=Code.MEDIA_UNPLAYABLE, where=name)
    return f"{kind}:{name}"
