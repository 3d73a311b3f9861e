"""Prompts by name: those that the configuration puts another sound to."""

from collections.abc import Mapping

from ari_pivot.call.source import Media, Prompt, Source


class Prompts:
    """A library in which some names of prompts mean other sources."""

    def __init__(self, library: Media, named: Mapping[str, Source]) -> None:
        self._library = library
        self._named = named

    async def get(self, source: Source) -> str:
        return await self._library.get(self._meant(source))

    def prepare(self, source: Source) -> None:
        self._library.prepare(self._meant(source))

    def _meant(self, source: Source) -> Source:
        return self._named.get(source.name, source) if isinstance(source, Prompt) else source
