"""Recordings in S3-compatible storage, by the library obstore; it is an extra: `ari_pivot[s3]`."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ari_pivot.errors import ConfigError
from ari_pivot.recordings.shelf import SUFFIXES, Stream
from ari_pivot.settings import Storage

if TYPE_CHECKING:
    from obstore.store import S3Store

_PIECE = 262_144  # bytes


class Objects:
    """Files in a bucket. Raises ConfigError where the library is not installed."""

    def __init__(self, place: Storage) -> None:
        try:
            import obstore  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as error:
            hint = "needs a library: pip install 'ari_pivot[s3]'"
            raise ConfigError(hint, where="storage") from error
        self._library: Any = obstore
        self._store = _store(place)

    async def put(self, id_: str, files: Mapping[str, Path]) -> None:
        for suffix, file in files.items():
            await self._try(self._library.put_async(self._store, f"{id_}.{suffix}", file))
        for file in files.values():
            file.unlink()

    async def get(self, id_: str, suffix: str) -> Path | Stream | None:
        try:
            found = await self._try(self._library.get_async(self._store, f"{id_}.{suffix}"))
        except FileNotFoundError:
            return None
        return Stream(found.meta["size"], _pieces(found))

    async def remove(self, id_: str) -> None:
        names = [f"{id_}.{suffix}" for suffix in SUFFIXES]
        await self._try(self._library.delete_async(self._store, names))

    async def _try(self, work: Any) -> Any:
        try:
            return await work
        except self._library.exceptions.BaseError as error:
            raise OSError(" ".join(str(error).split())[:300]) from error


async def _pieces(found: Any) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=_PIECE):
        yield bytes(piece)


def _store(place: Storage) -> "S3Store":
    from obstore.store import S3Store  # noqa: PLC0415 - an extra

    keys: dict[str, Any] = {}
    if place.key_id:
        keys = {"access_key_id": place.key_id, "secret_access_key": place.secret}
    if place.endpoint:
        keys["endpoint"] = place.endpoint
    plain = place.endpoint.startswith("http:")
    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        region=place.region,
        client_options={"allow_http": True} if plain else None,
        **keys,
    )
