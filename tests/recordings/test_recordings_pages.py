"""Recordings over our HTTP, and played from there."""

import aiohttp
import pytest
from programs import free_port
from tapes import write

from ari_pivot.ari.connection import basic_auth
from ari_pivot.errors import WebError
from ari_pivot.recordings.own import fetcher
from ari_pivot.recordings.shelf import Folder, Stream
from ari_pivot.server.http import Server
from ari_pivot.server.recordings import RecordingPages

ID = "0123456789abcdef" * 2


@pytest.fixture
async def page(tmp_path):
    """Return what asks a path of a server with one recording; `find` replaces how it is found."""
    servers = []

    async def ask(path, *, find=None, authorization="", **request):
        folder = Folder(tmp_path)
        for suffix in ("wav", "mp3"):
            write(tmp_path / f"{ID}.{suffix}", (440, 1))
        pages = RecordingPages(find or folder.get, authorization)
        server, port = Server(lambda _: None, dict, pages.routes()), free_port()
        servers.append(server)
        await server.start("127.0.0.1", port)
        async with (
            aiohttp.ClientSession() as session,
            session.request("GET", f"http://127.0.0.1:{port}{path}", **request) as answer,
        ):
            return answer.status, answer.headers, await answer.read()

    yield ask
    for server in servers:
        await server.close()


@pytest.mark.parametrize(
    ("ending", "kind"), [("", "audio/wav"), (".wav", "audio/wav"), (".mp3", "audio/mpeg")]
)
async def test_the_ending_chooses_the_format(page, tmp_path, ending, kind):
    status, headers, body = await page(f"/recordings/RE{ID}{ending}")
    assert (status, headers["Content-Type"]) == (200, kind)
    assert body == (tmp_path / f"{ID}.wav").read_bytes()


async def test_a_part_can_be_asked_for(page):
    status, _, body = await page(f"/recordings/RE{ID}", headers={"Range": "bytes=0-3"})
    assert (status, body) == (206, b"RIFF")


@pytest.mark.parametrize(
    "name", ["", ID, f"RE{ID[:-1]}", f"RE{ID}.ogg", f"RE{'f' * 32}", f"RE{ID}%2F..%2Fx", "..%2Fx"]
)
async def test_nothing_else_is_there(page, name):
    assert (await page(f"/recordings/{name}"))[0] == 404


@pytest.mark.parametrize("name", [f"RE{ID}", "x"])
async def test_strangers_are_told_no_versions(page, name):
    _, headers, _ = await page(f"/recordings/{name}")
    assert (headers["Server"], headers["X-Content-Type-Options"]) == ("ari_pivot", "nosniff")


async def test_a_protected_one_wants_the_account_and_its_token(page):
    wanted = basic_auth("AC1", "secret")
    assert (await page(f"/recordings/RE{ID}", authorization=wanted))[0] == 401
    for given, status in ((wanted, 200), (basic_auth("AC1", "other"), 401), ("ü", 401)):
        got = await page(
            f"/recordings/RE{ID}", authorization=wanted, headers={"Authorization": given}
        )
        assert got[0] == status


async def test_one_that_lies_elsewhere_comes_in_pieces(page):
    async def pieces():
        yield b"one "
        yield b"two"

    async def find(id_, suffix):
        return Stream(7, pieces())

    status, headers, body = await page(f"/recordings/RE{ID}.mp3", find=find)
    assert (status, headers["Content-Length"], body) == (200, "7", b"one two")


async def test_a_storage_that_does_not_answer_is_said(page):
    async def find(id_, suffix):
        raise OSError("the bucket is gone")

    assert (await page(f"/recordings/RE{ID}", find=find))[0] == 503


class Kept:
    base_url = "https://pivot.example/recordings/"

    async def read(self, name):
        if name.startswith("f"):
            raise OSError("no disk")
        return b"RIFF" if name == f"{ID}.wav" else None


async def elsewhere(url, headers):
    return url


async def test_what_we_have_recorded_is_played_without_asking_the_network():
    fetch = fetcher(Kept(), elsewhere)
    assert (await fetch(f"{Kept.base_url}RE{ID}", {})).body == b"RIFF"
    assert (await fetch(f"{Kept.base_url}RE{'0' * 32}", {})).status == 404
    with pytest.raises(WebError):
        await fetch(f"{Kept.base_url}RE{'f' * 32}.mp3", {})
    for other in ("https://pivot.example/recordings/x", f"https://other.example/RE{ID}"):
        assert await fetch(other, {}) == other
