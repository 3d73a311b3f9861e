"""Getting a recording from Asterisk: when it is whole, over HTTP or from its folder."""

import json

import pytest
from aiohttp import web
from web_servers import http

from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Address, basic_auth
from ari_pivot.errors import AsteriskError, AsteriskUnavailable
from ari_pivot.recordings.box import AsteriskBox


class Link:
    """Commands to an Asterisk whose recording `going` goes on until it is stopped."""

    def __init__(self, *going, status=404):
        self.going = set(going)
        self.status = status
        self.told = []

    async def request(self, operation, params):
        name = params["recordingName"]
        self.told.append((operation.nickname, name))
        live = name in self.going
        if operation.nickname == "stop":
            self.going.discard(name)
        if operation.nickname == "deleteStored" or live:
            return 204, ""
        return self.status, json.dumps({"message": "Recording not found"})


class Asterisk:
    """Its HTTP server."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    async def handle(self, request):
        self.asked.append((request.path, request.headers.get("Authorization")))
        return self.answer


def box(link, url="http://127.0.0.1:1", spool=None):
    ari = Ari(patience=0.1)
    ari.use(link)
    return AsteriskBox(ari, Address(url, "pivot", "se:cret&", "pivot"), spool)


async def fetch(answer, tmp_path, link=None):
    asterisk = Asterisk(answer)
    async with http(asterisk.handle) as url:
        made = box(link or Link(), url)
        try:
            found = await made.fetch("abc-in", tmp_path / "track")
        finally:
            await made.close()
    return found, asterisk


@pytest.mark.parametrize("length", [0, 9, 300_000])
async def test_it_is_downloaded_with_the_password(tmp_path, length):
    found, asterisk = await fetch(web.Response(body=b"x" * length), tmp_path)
    assert found
    assert (tmp_path / "track").read_bytes() == b"x" * length
    path = "/ari/recordings/stored/abc-in/file"
    assert asterisk.asked == [(path, basic_auth("pivot", "se:cret&"))]


async def test_one_that_goes_on_is_stopped_first(tmp_path):
    link = Link("abc-in")
    await fetch(web.Response(body=b"x"), tmp_path, link)
    assert link.told == [("getLive", "abc-in"), ("stop", "abc-in"), ("getLive", "abc-in")]


async def test_one_that_there_is_not_is_not_there(tmp_path):
    found, _ = await fetch(web.Response(status=404), tmp_path)
    assert not found


async def test_a_refusal_is_none_of_that(tmp_path):
    with pytest.raises(AsteriskError) as refused:
        await fetch(web.Response(status=500), tmp_path)
    assert refused.value.status == 500


async def test_an_asterisk_that_does_not_answer_is_said(tmp_path):
    made = box(Link())
    with pytest.raises(AsteriskUnavailable):
        await made.fetch("abc-in", tmp_path / "track")
    await made.close()
    with pytest.raises(AsteriskError):
        await box(Link(status=500)).fetch("abc-in", tmp_path / "track")


@pytest.mark.parametrize("suffix", ["wav", "wav16"])
async def test_it_is_copied_from_the_folder_that_we_see(tmp_path, suffix):
    (tmp_path / f"abc-in.{suffix}").write_bytes(b"RIFF")
    made = box(Link(), spool=tmp_path)
    assert await made.fetch("abc-in", tmp_path / "track")
    assert (tmp_path / "track").read_bytes() == b"RIFF"
    assert not await made.fetch("other", tmp_path / "track")


async def test_they_are_removed_each(tmp_path):
    link = Link()
    await box(link).remove(["a-in", "a-out"])
    assert link.told == [("deleteStored", "a-in"), ("deleteStored", "a-out")]
