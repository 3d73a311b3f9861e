"""The directory of a web server: asked once for what HTTP says may be kept."""

import asyncio
import json

import pytest
from multidict import CIMultiDict

from ari_pivot.errors import WebError
from ari_pivot.web.client import Client
from ari_pivot.web.directory import WebDirectory
from ari_pivot.web.hop import Reply
from ari_pivot.web.signature import Keys

PIECE = {"users": {"bob": {"email": "bob@example.com"}}}


class Source:
    """A web server; `replies` are its answers, the last one again and again."""

    def __init__(self, *replies):
        self.replies, self.requests, self.time = list(replies), [], 1000.0
        client = Client(self, Keys(), now=lambda: self.time)
        self.directory = WebDirectory(client, "http://web.test/d", "acc", lambda: self.time)

    async def __call__(self, request):
        self.requests.append(request)
        await asyncio.sleep(0)
        status, headers, body = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return Reply(status, CIMultiDict(headers), json.dumps(body).encode(), request.url)

    async def ask(self, id_="bob"):
        piece = await self.directory.ask("user", id_)
        return piece and [*piece.users]


async def test_it_says_what_it_is_asked_for():
    source = Source((200, {}, PIECE))
    assert await source.ask() == ["bob"]
    (request,) = source.requests
    assert request.url == "http://web.test/d?kind=user&id=bob&account_id=acc"
    assert request.headers["Accept"] == "application/json"


async def test_an_answer_is_kept_for_as_long_as_it_says():
    source = Source((200, {"Cache-Control": "max-age=60"}, PIECE))
    await source.ask()
    source.time += 59
    assert await source.ask() == ["bob"]
    assert len(source.requests) == 1
    source.time += 2
    await source.ask()
    assert len(source.requests) == 2


async def test_an_answer_that_says_nothing_is_asked_for_again_with_its_tag():
    source = Source((200, {"ETag": '"1"'}, PIECE), (304, {"Cache-Control": "max-age=60"}, None))
    await source.ask()
    assert await source.ask() == ["bob"]
    assert source.requests[1].headers["If-None-Match"] == '"1"'
    assert await source.ask() == ["bob"]
    assert len(source.requests) == 2


async def test_what_is_not_there_is_kept_too():
    source = Source((404, {"Cache-Control": "max-age=60"}, None))
    assert await source.ask() is None
    assert await source.ask() is None
    assert len(source.requests) == 1


async def test_two_who_ask_at_once_ask_once():
    source = Source((200, {}, PIECE))
    assert await asyncio.gather(source.ask(), source.ask()) == [["bob"], ["bob"]]
    assert len(source.requests) == 1


async def test_a_failure_is_not_kept():
    source = Source((500, {"Cache-Control": "max-age=60"}, None), (200, {}, PIECE))
    with pytest.raises(WebError):
        await source.ask()
    assert await source.ask() == ["bob"]
