"""Playing what was recorded: our own URLs need no request over the network."""

from collections.abc import Mapping

from ari_pivot.errors import Code, StoreError, WebError
from ari_pivot.media.fetch import Fetch, Fetched
from ari_pivot.recordings.keeper import Keeper
from ari_pivot.recordings.names import parse


def fetcher(keeper: Keeper, otherwise: Fetch) -> Fetch:
    """Return what fetches recordings from the keeper, and everything else as before."""

    async def fetch(url: str, headers: Mapping[str, str]) -> Fetched:
        own = url.startswith(keeper.base_url)
        name = parse(url.removeprefix(keeper.base_url)) if own else None
        if name is None:
            return await otherwise(url, headers)
        try:
            body = await keeper.read(".".join(name))
        except (OSError, StoreError) as error:
            raise WebError(str(error), code=Code.RECORDING, where=url) from error
        if body is None:
            return Fetched(404, {}, b"", url)
        return Fetched(200, {"Cache-Control": "max-age=3600"}, body, url)

    return fetch
