"""Our HTTP server with calls in its debug log."""

import aiohttp
import pytest
from debug_stage import TOKEN, Stage


@pytest.fixture
async def stage():
    async with Stage() as made:
        await made.fill()
        yield made


@pytest.fixture
async def web(stage):
    """Return a client that has no token yet."""
    async with aiohttp.ClientSession(
        stage.url, cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as session:
        yield session


@pytest.fixture
def bearer():
    return {"Authorization": f"Bearer {TOKEN}"}
