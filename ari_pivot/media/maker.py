"""Making sounds: text spoken, audio fetched, both converted and put into the cache."""

import asyncio
import hashlib
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from ari_pivot.call.source import Audio, File, Speech
from ari_pivot.errors import Code, MediaError
from ari_pivot.media import convert
from ari_pivot.media.cache import ONCE, PREFIX, Cache, CachedFile
from ari_pivot.media.fetch import Fetch, Validity, ask, shown
from ari_pivot.media.speech import SpeechEngine, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one audio may be (bytes, seconds), what all may, how long a sound in use is held."""

    max_bytes: int = 20_000_000
    max_seconds: float = 1800.0
    cache_bytes: int = 1_000_000_000
    hold: float = 3600.0
    conversions: int = 2


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound that can be played; `fresh_until` in seconds since the epoch."""

    file: CachedFile
    fresh_until: float = math.inf


class Maker:
    """Makes the sound of a source, or finds it where it was made before."""

    def __init__(
        self,
        cache: Cache,
        suffixes: Collection[str],
        *,
        speech: SpeechEngine,
        fetch: Fetch,
        limits: Limits,
        now: Callable[[], float],
    ) -> None:
        self._cache, self._suffixes = cache, suffixes
        self._speech, self._fetch = speech, fetch
        self._limits, self._now = limits, now
        self._converting = asyncio.Semaphore(limits.conversions)

    async def make(self, source: Speech | Audio | File) -> Sound:
        """Return the sound of a source; raises MediaError that says whose it is."""
        match source:
            case Speech():
                making, where = self._speak(source), self._speech.name
            case Audio(url):
                making, where = self._download(source), shown(url)
            case File(path):
                making, where = self._read(path), path
        try:
            return await making
        except MediaError as error:
            error.where = where
            raise

    async def _read(self, path: str) -> Sound:
        key = _digest("file", convert.VERSION, path)
        file = self._cache.find(key)
        if file is None:
            try:
                body = await asyncio.to_thread(Path(path).read_bytes)
            except OSError as error:
                raise MediaError(str(error), code=Code.MEDIA_UNPLAYABLE) from error
            file = await self._store(key, body)
        return Sound(file)

    async def _speak(self, source: Speech) -> Sound:
        markup = source.markup and spoken(source.markup)
        speech = replace(source, text=spoken(source.text), markup=markup)
        voice = await self._speech.fingerprint(speech)
        key = _digest("speech", convert.VERSION, voice, speech.text, *filter(None, [markup]))
        file = self._cache.find(key)
        if file is None:
            file = await self._store(key, await self._speech.synthesise(speech))
        return Sound(file)

    async def _download(self, source: Audio) -> Sound:
        origin = _digest("audio", convert.VERSION, source.url)[:PREFIX]
        known = await self._known(origin)
        if known and known[0].fresh_until > self._now():
            return Sound(known[1], known[0].fresh_until)
        before = known[0] if known else None
        answer = await ask(
            self._fetch, source.url, before, max_bytes=self._limits.max_bytes, now=self._now
        )
        if answer.body is None and known:
            file = known[1]
        else:
            body = answer.body or b""
            key = origin + hashlib.sha256(answer.raw.encode() + body).hexdigest()[PREFIX:]
            key += "" if answer.storable else ONCE
            file = self._cache.find(key) or await self._store(key, body, answer.raw)
        if answer.storable:
            kept = Validity(file.key, answer.headers, answer.fresh_until)
            await self._cache.note(file.key, msgspec.json.encode(kept))
        return Sound(file, answer.fresh_until)

    async def _known(self, origin: str) -> tuple[Validity, CachedFile] | None:
        """Return what we have of a URL, from this run of ours or an earlier one."""
        note = await self._cache.noted(origin)
        if note is None:
            return None
        try:
            validity = msgspec.json.decode(note, type=Validity)
        except msgspec.DecodeError:
            return None
        file = self._cache.find(validity.key)
        return (validity, file) if file else None

    async def _store(self, key: str, audio: bytes, raw: str = "") -> CachedFile:
        async with self._converting:
            contents = await asyncio.to_thread(
                convert.convert,
                audio,
                self._suffixes,
                raw=raw,
                max_seconds=self._limits.max_seconds,
            )
        return await self._cache.add(key, contents)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
