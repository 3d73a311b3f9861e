"""Documents kept for as long as their server allows; nobody is given somebody else's."""

import pytest
from line_fakes import EPOCH, seconds
from web_fakes import Web, reply

from ari_pivot.errors import Code, WebError
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

pytestmark = pytest.mark.virtual

URL = "http://app.example/voice"
LASTING = reply(200, "one", Cache_Control="max-age=60", Content_Type="text/xml")
TAGGED = reply(200, "one", ETag='"1"')
CHANGED = reply(200, "two", ETag='"2"')
SAME = reply(304, ETag='"1"')


class Line:
    """Asks by way of a cache; `later` is how many seconds have gone by since the beginning."""

    def __init__(self, *answers, keys=None):
        self.web = Web({URL: answers})
        self.later = 0.0
        self.client = Client(self.web, keys or Keys(), now=lambda: EPOCH + self.later)
        self.cache = self.client.documents

    async def ask(self, method="GET", kind="instructions", url=URL, **more):
        """Return the body of the answer."""
        got = await self.client.send(Outgoing(kind, method, url, **more))
        assert got.status == 200
        return got.body.decode()

    async def twice(self, **second):
        """Return how often the server is asked by two requests, the second a bit different."""
        await self.ask()
        await self.ask(**second)
        return len(self.web.asked)


async def test_an_answer_is_used_for_as_long_as_its_server_says():
    line = Line(LASTING, CHANGED)
    assert [await line.ask() for _ in range(3)] == ["one"] * 3
    line.later = 59
    assert await line.ask() == "one"
    assert len(line.web.asked) == 1
    line.later = 61
    assert await line.ask() == "two"
    assert (line.cache.hits, line.cache.misses) == (3, 2)


async def test_an_answer_with_a_validator_is_asked_about_and_used_if_it_is_the_same():
    line = Line(TAGGED, SAME, CHANGED)
    assert [await line.ask() for _ in range(3)] == ["one", "one", "two"]
    assert [one.headers.get("If-None-Match") for one in line.web.asked] == [None, '"1"', '"1"']


async def test_the_date_of_the_last_change_is_a_validator_too():
    line = Line(reply(200, "one", Last_Modified="Sun, 01 Nov 2026 00:00:00 GMT"), SAME)
    assert await line.ask() == await line.ask() == "one"
    assert line.web.asked[1].headers["If-Modified-Since"] == "Sun, 01 Nov 2026 00:00:00 GMT"


async def test_an_answer_that_says_nothing_is_not_kept():
    assert await Line(reply(200, "one")).twice() == 2


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, "one", Cache_Control="no-store, max-age=60", ETag='"1"'),
        reply(200, "one", Cache_Control="max-age=0"),
        reply(200, "one", Cache_Control="max-age=60", Vary="*"),
        reply(200, "one", Cache_Control="max-age=60", Set_Cookie="a=b"),
        reply(200, "one", Cache_Control="max-age=-1"),
        reply(200, "one", Cache_Control="max-age=soon"),
        reply(200, "one", Expires="yesterday"),
    ],
)
async def test_an_answer_that_may_not_be_kept_is_asked_for_each_time(answer):
    assert await Line(answer).twice() == 2


@pytest.mark.parametrize(
    "second",
    [
        {"params": {"CallSid": "CA2"}},
        {"method": "POST"},
        {"kind": "media"},
        {"headers": {"X-Tenant": "2"}},
        {"private": {"X-Tenant": "2"}},
        {"url": "http://u:p@app.example/voice"},
        {"url": URL + "?x=1"},
    ],
)
async def test_a_request_that_differs_in_anything_has_an_answer_of_its_own(second):
    assert await Line(LASTING).twice(**second) == 2


async def test_calls_never_share_an_answer_though_they_ask_the_same_url():
    line = Line(LASTING, keys=Keys(auth_token="12345"))
    for call in ("CA1", "CA2", "CA1"):
        await line.ask(params={"CallSid": call}, scheme="twiml")
    assert len(line.web.asked) == 2


async def test_what_differs_each_time_and_says_nothing_of_the_document_does_not_count():
    line = Line(LASTING, keys=Keys(shared=["key"]))
    for n in range(3):
        line.later = n
        await line.ask(scheme="kazoo", headers={"traceparent": f"00-{n}"})
    assert len(line.web.asked) == 1


async def test_a_post_is_never_kept():
    line = Line(LASTING)
    await line.ask("POST")
    await line.ask("POST")
    assert len(line.web.asked) == 2


async def test_an_error_is_not_kept_and_forgets_what_was():
    line = Line(TAGGED, reply(500), TAGGED)
    await line.ask()
    await line.client.send(Outgoing("instructions", "GET", URL))
    await line.ask()
    assert "If-None-Match" not in line.web.asked[2].headers


async def test_it_is_bounded():
    line = Line(LASTING)
    for n in range(600):
        await line.ask(params={"CallSid": str(n)})
    assert len(line.cache._kept) == 500
    assert seconds() == 0


async def test_what_is_kept_is_used_while_its_server_is_left_alone_and_says_nothing_of_it():
    gone = WebError("no connection", code=Code.CONNECTION)
    line = Line(LASTING, gone)
    await line.ask()
    for _ in range(5):
        with pytest.raises(WebError):
            await line.ask("POST")
    assert line.client.breaker.open
    assert await line.ask() == "one"
    assert line.client.breaker.open
