"""One request over a real network, and what each way it can go wrong is called."""

import asyncio
import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime
from itertools import count

import pytest
from aiohttp import web
from web_servers import ELSEWHERE, http, presenting, raw, saying, trusting

from ari_pivot.errors import Code, WebError
from ari_pivot.web.hop import Request

HERE = "127.0.0.1"


def get(url, **more):
    return Request("GET", url, "instructions", **more)


async def failure(hop, request):
    with pytest.raises(WebError) as caught:
        await hop(request)
    return caught.value


async def test_the_reply_is_status_headers_and_the_whole_body(hop_to):
    async def answer(request):
        return web.Response(status=418, text="x" * 50_000, headers={"X-A": "b"})

    async with http(answer) as url, hop_to(HERE) as hop:
        reply = await hop(get(f"{url}/voice?x=1"))
    assert (reply.status, reply.headers["x-a"], len(reply.body)) == (418, "b", 50_000)
    assert reply.url == f"{url}/voice?x=1"


async def test_the_request_arrives_as_it_was_made(hop_to):
    seen = {}

    async def answer(request):
        seen.update(method=request.method, target=request.raw_path, headers=request.headers)
        seen["body"] = await request.read()
        return web.Response()

    async with http(answer) as url, hop_to(HERE) as hop:
        target = "/a%2Fb/%zz?q=%20a+b&to=%2B1"
        headers = {"X-A": "ü", "Content-Type": "text/x"}
        await hop(Request("POST", url + target, "instructions", headers, body=b"\x00a=b"))
    assert (seen["method"], seen["target"], seen["body"]) == ("POST", target, b"\x00a=b")
    assert seen["headers"]["User-Agent"] == "ari-pivot"
    assert seen["headers"]["Accept"] == "*/*"
    assert seen["headers"]["Content-Type"] == "text/x"


async def test_no_redirect_is_followed_and_no_cookie_kept(hop_to):
    seen = []

    async def answer(request):
        seen.append(request.cookies)
        raise web.HTTPFound("/elsewhere", headers={"Set-Cookie": "a=b"})

    async with http(answer) as url, hop_to(HERE) as hop:
        replies = [await hop(get(url)) for _ in range(2)]
    assert [reply.status for reply in replies] == [302, 302]
    assert seen == [{}, {}]


async def test_a_host_that_has_no_address_is_a_dns_failure(hop_to):
    async with hop_to() as hop:
        error = await failure(hop, get("http://nowhere.invalid/"))
    assert (error.code, error.where) == (Code.DNS, "http://nowhere.invalid/")


async def test_nobody_listening_is_a_connection_failure(hop_to):
    async with raw(saying(b"")) as url:
        pass
    async with hop_to(HERE) as hop:
        error = await failure(hop, get(url))
    assert error.code == Code.CONNECTION
    assert "refused" in error.message.lower()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"", Code.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Code.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Code.CONNECTION),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", Code.CONNECTION),
        (b"220 mail.example.com ESMTP\r\n", Code.PROTOCOL),
        (b"<Response/>", Code.PROTOCOL),
        (b"\x16\x03\x01\x02\x00", Code.PROTOCOL),
        (b"HTTP/1.1 999999 What\r\n\r\n", Code.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Code.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n", Code.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", Code.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot hex\r\n", Code.PROTOCOL),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nnotgzip",
            Code.PROTOCOL,
        ),
    ],
)
async def test_a_server_that_goes_away_and_one_that_does_not_speak_http(hop_to, said, code):
    async with raw(saying(said)) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url))
    assert error.code == code, str(error)


@pytest.mark.virtual
async def test_a_server_that_does_not_answer_is_given_up_after_the_read_timeout(hop_to):
    async def silent(reader, writer):
        await asyncio.Event().wait()

    async with raw(silent) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url, read_timeout=7))
        assert asyncio.get_running_loop().time() == pytest.approx(7, abs=0.1)
    assert error.code == Code.TIMEOUT
    assert error.message == "no answer within 7 s"


@pytest.mark.virtual
async def test_a_server_that_answers_byte_by_byte_has_no_more_time_than_others(hop_to):
    async def slow(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(1)

    async with raw(slow) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url, read_timeout=9.5))
        assert asyncio.get_running_loop().time() == pytest.approx(9.5, abs=0.1)
    assert error.code == Code.TIMEOUT


@pytest.mark.virtual
async def test_a_handshake_that_does_not_end_is_given_up_after_the_connect_timeout(hop_to):
    async def silent(reader, writer):
        await asyncio.Event().wait()

    async with raw(silent) as url, hop_to(HERE) as hop:
        error = await failure(
            hop, get(url.replace("http:", "https:"), connect_timeout=3, read_timeout=9)
        )
    assert (error.code, error.message) == (Code.TIMEOUT, "no connection within 3 s")


async def test_a_body_over_the_limit_is_refused_unread(hop_to):
    sent = 0

    async def endless(request):
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for sent in count(65_536, 65_536):  # noqa: B007 - looked at below
            await response.write(bytes(65_536))
        return response

    async with http(endless) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url, limit=1000))
    assert error.code == Code.TOO_LARGE
    assert "1000 bytes" in error.message
    assert sent < 20_000_000


async def test_a_body_as_large_as_the_limit_is_taken(hop_to):
    async def answer(request):
        return web.Response(body=bytes(1000))

    async with http(answer) as url, hop_to(HERE) as hop:
        reply = await hop(get(url, limit=1000))
    assert len(reply.body) == 1000


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_compressed_bomb_is_not_unpacked(hop_to, encoding):
    bomb = (gzip if encoding == "gzip" else zlib).compress(bytes(200_000_000), 9)

    async def answer(request):
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    async with http(answer) as url, hop_to(HERE) as hop:
        tracemalloc.start()
        error = await failure(hop, get(url))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert error.code == Code.TOO_LARGE
    assert peak < 20_000_000


async def test_a_compressed_body_is_unpacked(hop_to):
    async def answer(request):
        response = web.Response(text="<Response/>")
        response.enable_compression(web.ContentCoding.gzip)
        return response

    async with http(answer) as url, hop_to(HERE) as hop:
        assert (await hop(get(url))).body == b"<Response/>"


async def ok(request):
    return web.Response(text="ok")


async def test_a_certificate_of_a_known_authority_is_trusted(hop_to):
    async with http(ok, tls=presenting("127.0.0.1")) as url, hop_to(HERE, tls=trusting()) as hop:
        assert (await hop(get(url))).body == b"ok"


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        (presenting("127.0.0.1", by=ELSEWHERE), "self-signed|self signed|unable to get"),
        (presenting("other.example.com"), "not valid for"),
        (presenting("127.0.0.1", until=datetime(2020, 1, 1, tzinfo=UTC)), "expired"),
    ],
)
async def test_a_certificate_that_proves_nothing_is_a_tls_failure(hop_to, certificate, reason):
    async with http(ok, tls=certificate) as url, hop_to(HERE, tls=trusting()) as hop:
        with pytest.raises(WebError, match=reason) as caught:
            await hop(get(url))
    assert caught.value.code == Code.TLS


async def test_without_an_authority_of_ones_own_those_of_the_system_are_asked(hop_to):
    async with http(ok, tls=presenting("127.0.0.1")) as url, hop_to(HERE) as hop:
        assert (await failure(hop, get(url))).code == Code.TLS


async def test_tls_to_a_server_without_it_is_a_tls_failure(hop_to):
    async with http(ok) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url.replace("http:", "https:")))
    assert error.code == Code.TLS


async def test_a_server_that_hangs_up_in_the_handshake_is_a_failure_of_connection_or_tls(hop_to):
    async def rude(reader, writer):
        await reader.read(10)

    async with raw(rude) as url, hop_to(HERE) as hop:
        error = await failure(hop, get(url.replace("http:", "https:")))
    assert error.code in {Code.CONNECTION, Code.TLS}


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http://[::1",
        "http://h:99999/",
        "http://h:port/",
        "http://" + "a" * 300 + ".example.com/",
        "http://a..b/",
        "http://.example.com/",
        "ftp://h/",
        "http://\x00/",
        "http://h\udc80/",
    ],
)
async def test_what_is_not_a_url_is_said_to_be_none(hop_to, url):
    async with hop_to(HERE) as hop:
        error = await failure(hop, get(url))
    assert error.code in {Code.INVALID_URL, Code.DNS}


async def test_one_slow_origin_takes_only_its_own_connections(hop_to):
    arrived = asyncio.Event()

    async def slow(request):
        arrived.set()
        await asyncio.Event().wait()

    async with http(slow) as stuck, http(ok) as well, hop_to(HERE, per_host=1) as hop:
        waiting = [asyncio.create_task(hop(get(stuck))) for _ in range(3)]
        await arrived.wait()
        assert (await hop(get(well))).body == b"ok"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
