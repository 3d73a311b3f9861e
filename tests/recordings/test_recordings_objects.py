"""Recordings in S3-compatible storage: a real server of that protocol, in memory."""

import sys

import aiohttp
import pytest
from moto.server import ThreadedMotoServer

from ari_pivot.errors import ConfigError
from ari_pivot.recordings.objects import Objects
from ari_pivot.settings import Storage

ID = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
async def bucket(endpoint):
    """Return the settings of a bucket that is there."""
    async with aiohttp.ClientSession() as session, session.put(f"{endpoint}/calls") as made:
        assert made.status == 200
    return Storage(bucket="calls", prefix="2026", endpoint=endpoint, key_id="ann", secret="secret")


def files(folder, content=b"RIFF"):
    made = {suffix: folder / f"made.{suffix}" for suffix in ("wav", "mp3")}
    for path in made.values():
        path.write_bytes(content)
    return made


async def content(found):
    return b"".join([piece async for piece in found.pieces])


async def test_what_is_put_there_is_had_from_there_and_leaves_nothing_here(bucket, tmp_path):
    shelf = Objects(bucket)
    large = b"RIFF" * 200_000
    await shelf.put(ID, files(tmp_path, large))
    for suffix in ("wav", "mp3"):
        found = await shelf.get(ID, suffix)
        assert found.size == len(large)
        assert await content(found) == large
    assert list(tmp_path.iterdir()) == []


async def test_what_is_removed_is_gone_and_may_be_removed_again(bucket, tmp_path):
    shelf = Objects(bucket)
    await shelf.put(ID, files(tmp_path))
    await shelf.remove(ID)
    await shelf.remove(ID)
    assert await shelf.get(ID, "wav") is None


async def test_a_bucket_that_there_is_not_is_a_failure_of_the_storage(bucket, tmp_path):
    shelf = Objects(bucket.model_copy(update={"bucket": "nowhere"}))
    with pytest.raises(OSError, match=r"NoSuchBucket|404"):
        await shelf.put(ID, files(tmp_path))


async def test_without_the_library_the_configuration_is_refused(bucket, monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(ConfigError, match="pip install"):
        Objects(bucket)
