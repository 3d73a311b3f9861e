"""Prompts by name: those that the configuration puts another sound to, in each language."""

from collections.abc import Mapping

from ari_pivot.call.source import Media, Prompt, Source

#: A sound, or one for each language: `en-us`, `fr`.
Meant = Source | Mapping[str, Source]


class Prompts:
    """A library in which some names of prompts mean other sources.

    A language that is not there falls back from `fr-ca` to `fr`, then to `default` in the same
    way, then to any. Source: KAZOO, kz_media_map.
    """

    def __init__(self, library: Media, named: Mapping[str, Meant], default: str = "en-us") -> None:
        self._library = library
        self._named = named
        self._default = default

    async def get(self, source: Source) -> str:
        return await self._library.get(self.meant(source))

    def prepare(self, source: Source) -> None:
        self._library.prepare(self.meant(source))

    def meant(self, source: Source) -> Source:
        if not isinstance(source, Prompt):
            return source
        meant = self._named.get(source.name, source)
        if not isinstance(meant, Mapping):
            return meant
        wanted = [source.language, source.language[:2], self._default, self._default[:2]]
        return next((meant[one] for one in wanted if one in meant), next(iter(meant.values())))
