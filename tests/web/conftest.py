"""The way to the web."""

from contextlib import asynccontextmanager

import pytest

from ari_pivot.web.address import Allowed
from ari_pivot.web.aio import AioHop


@pytest.fixture
def hop_to():
    """Open a hop that may go to these hosts besides public ones."""

    @asynccontextmanager
    async def opened(*allowed, **settings):
        hop = AioHop(Allowed(allowed), **settings)
        try:
            yield hop
        finally:
            await hop.close()

    return opened
