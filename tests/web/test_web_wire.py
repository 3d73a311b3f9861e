"""Whatever bytes a server sends: a reply, or an error with a number, and nothing else."""

import asyncio
import gzip

from hypothesis import example, given, settings
from hypothesis import strategies as st
from web_servers import raw

from ari_pivot.errors import Code, InstructionError, WebError
from ari_pivot.web.address import Allowed
from ari_pivot.web.aio import AioHop
from ari_pivot.web.ask import recognise
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

LINES = [
    b"HTTP/1.1 200 OK", b"HTTP/1.0 302 X", b"HTTP/1.1 204 ", b"HTTP/1.1 100 Continue",
    b"HTTP/1.1 401 Who", b"Content-Length: 5", b"Content-Length: -1", b"Content-Type: text/xml",
    b"Content-Type: application/json; charset=\xff", b"Transfer-Encoding: chunked",
    b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: deflate, gzip",
    b"Location: /", b"Location: \xff", b"Location: http://[", b"Location: ",
    b"Set-Cookie: a=b; Max-Age=x; Expires=\xff", b"Set-Cookie: =;=;", b"\xff: \x00", b": x",
    b'WWW-Authenticate: Digest realm="a", nonce="b", algorithm=NONE, qop="auth-int"',
    b"WWW-Authenticate: Digest realm", b"Cache-Control: max-age=99999999999999999999",
    b"Date: \x00", b"Connection: upgrade", b"5\r\nhello", b"0\r\n", b"ffffffff", b"", b"",
]  # fmt: skip
BODIES = [b"<Response/>", b"{}", b"\xff\xfe", b"hello", gzip.compress(b"<Response/>"), b""]
lines = st.sampled_from(LINES) | st.binary(max_size=12)
ANSWERS = st.builds(
    lambda begin, rest, body: b"\r\n".join([begin, *rest, body]),
    st.sampled_from(LINES[:5]),
    st.lists(lines, max_size=7),
    st.sampled_from(BODIES),
)
KNOWN = {Code.PROTOCOL, Code.CONNECTION, Code.REDIRECTS, Code.INVALID_URL, Code.TOO_LARGE}


async def ask(said, cookies):
    """Ask a server that says this to everything, with a user and password; return the reply."""

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()

    hop = AioHop(Allowed(["127.0.0.1"]))
    try:
        async with raw(talk) as url:
            asked = Outgoing("instructions", "GET", url.replace("//", "//u:p@"), cookies=cookies)
            return await Client(hop, Keys()).send(asked)
    finally:
        await hop.close()


def outcome(said):
    """Return what came of an answer: a status, or the code of what is wrong with it."""
    try:
        reply = asyncio.run(ask(said, []))
        recognise(reply, "twiml")
    except InstructionError:
        return 200
    except WebError as error:
        return Code(error.code)
    return reply.status


@settings(max_examples=80)
@given(ANSWERS)
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
def test_any_answer_on_the_wire_is_a_reply_or_an_error_with_its_number(said):
    found = outcome(said)
    assert found in KNOWN or (not isinstance(found, Code) and 100 <= found <= 999)
