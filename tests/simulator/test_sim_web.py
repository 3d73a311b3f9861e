"""The web of a simulated call."""

import asyncio
import io
import wave

import pytest
from multidict import CIMultiDict

from ari_pivot.errors import Code, WebError
from ari_pivot.simulator.script import Site
from ari_pivot.simulator.web import FileWeb, RecordedWeb, ScriptedWeb
from ari_pivot.web.hop import Reply, Request

pytestmark = pytest.mark.virtual


def web(*replies, url="http://web.test/voice"):
    return ScriptedWeb([Site(url=url, replies=list(replies))])


def request(url="http://web.test/voice", **details):
    return Request("GET", url, "instructions", **details)


async def failure(hop, **details):
    with pytest.raises(WebError) as caught:
        await hop(request(**details))
    return caught.value


async def test_there_is_one_reply_a_request_and_the_last_repeats():
    hop = web({"body": "one"}, {"body": "two"})
    assert [(await hop(request())).body for _ in range(4)] == [b"one", b"two", b"two", b"two"]


@pytest.mark.parametrize(
    "url",
    [
        "http://web.test/voice?a=b",
        "http://WEB.test:80/voice",
        "http://user:word@web.test/voice#top",
    ],
)
async def test_a_url_is_found_whatever_its_query_user_and_spelling(url):
    assert (await web({"body": "it"})(request(url))).body == b"it"


@pytest.mark.parametrize(
    "url",
    [
        "https://web.test/voice",
        "http://web.test:81/voice",
        "http://web.test/voice/",
        "http://web.test/",
        "http://other.test/voice",
    ],
)
async def test_a_url_that_is_not_listed_answers_404(url):
    assert (await web({"body": "it"})(request(url))).status == 404


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"body": " <Response/>"}, "text/xml"),
        ({"body": '{"module": "hangup"}'}, "application/json"),
        ({"body": "hello"}, "text/plain; charset=utf-8"),
        ({"audio": 0.1}, "audio/wav"),
        ({"body": "<a/>", "type": "text/html"}, "text/html"),
        ({"body": "<a/>", "headers": {"content-type": "text/html"}}, "text/html"),
        ({"status": 204}, None),
    ],
)
async def test_the_content_type_is_what_the_body_looks_like_unless_it_is_said(reply, kind):
    assert (await web(reply)(request())).headers.get("Content-Type") == kind


async def test_headers_and_status_are_those_of_the_script():
    reply = await web({"status": 302, "headers": {"Location": "/next", "X-Count": 5}})(request())
    assert reply.status == 302
    assert (reply.headers["location"], reply.headers["X-Count"]) == ("/next", "5")


async def test_audio_is_a_wav_of_that_many_seconds():
    body = (await web({"audio": 1.5})(request(limit=10**6))).body
    with wave.open(io.BytesIO(body)) as audio:
        assert audio.getnframes() / audio.getframerate() == 1.5
        assert max(audio.readframes(100)) > 0


async def test_a_reply_takes_its_delay():
    await web({"body": "x", "delay": 2.5})(request())
    assert asyncio.get_running_loop().time() == 2.5


@pytest.mark.parametrize("reply", [{"body": "x", "delay": 60}, {"error": "timeout"}])
async def test_who_waits_for_too_long_gives_up_after_the_requests_own_limit(reply):
    error = await failure(web(reply), read_timeout=4.0)
    assert (error.code, error.message) == (Code.TIMEOUT, "no answer within 4 s")
    assert asyncio.get_running_loop().time() == 4


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("dns", Code.DNS),
        ("refused", Code.CONNECTION),
        ("tls", Code.TLS),
        ("reset", Code.CONNECTION),
    ],
)
async def test_errors_have_the_codes_of_real_ones_and_take_no_time(name, code):
    error = await failure(web({"error": name}))
    assert (error.code, error.where) == (code, "http://web.test/voice")
    assert asyncio.get_running_loop().time() == 0


async def test_a_body_beyond_the_limit_is_too_large():
    error = await failure(web({"body": "x" * 101}), limit=100)
    assert error.code == Code.TOO_LARGE
    assert (await web({"body": "x" * 100})(request(limit=100))).status == 200


class Notebook:
    def __init__(self):
        self.asked, self.over = [], []

    def since(self):
        return asyncio.get_running_loop().time()

    def answered(self, asked):
        self.over.append(asked)


@pytest.mark.parametrize("name", ["dns", "refused", "tls", "reset", "timeout"])
async def test_what_failed_is_written_down_by_the_name_it_has_in_the_script(name):
    notebook = Notebook()
    await failure(RecordedWeb(web({"error": name}), notebook))
    assert [(asked.status, asked.error) for asked in notebook.over] == [(None, name)]


async def test_a_request_is_written_down_when_it_is_sent_and_completed_when_it_is_answered():
    notebook = Notebook()
    hop = RecordedWeb(web({"status": 500, "delay": 3}), notebook)
    sending = asyncio.create_task(
        hop(Request("POST", "http://web.test/voice?a=b", "cdr", {"X": "y"}, {"P": {"q": "r"}}))
    )
    await asyncio.sleep(1)
    (asked,) = notebook.asked
    assert (asked.at, asked.kind, asked.method, asked.url) == (
        0,
        "cdr",
        "POST",
        "http://web.test/voice?a=b",
    )
    assert (asked.headers, asked.params, asked.status) == ({"X": "y"}, {"P": {"q": "r"}}, None)
    await sending
    assert (asked.status, asked.error, notebook.over) == (500, None, [asked])


async def test_a_request_that_is_given_up_because_the_call_ended_says_so():
    notebook = Notebook()
    sending = asyncio.create_task(RecordedWeb(web({"delay": 9}), notebook)(request()))
    await asyncio.sleep(1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert notebook.over[0].error == "cancelled"


async def test_a_document_from_a_file_stands_alone_on_its_host(tmp_path):
    async def beyond(asked):
        return Reply(418, CIMultiDict(), b"", asked.url)

    document = "http://file.test/a%20b.xml", b"<Response/>"
    hop = FileWeb(*document, tmp_path, beyond=beyond, otherwise=ScriptedWeb([]))
    whole = await hop(request("http://file.test/a%20b.xml?x=1"))
    assert (whole.status, whole.headers["Content-Type"]) == (200, "text/xml")
    assert (await hop(request("http://file.test/next"))).status == 404
    assert (await hop(request("http://web.test/voice"))).status == 418
