"""Asking for instructions, and recognising the answer by what it says it is."""

import pytest
from line_fakes import Asterisk, call, later, seconds
from multidict import CIMultiDict
from web_fakes import Web, reply

from ari_pivot.call.instructions import Action, Pivot
from ari_pivot.callflow.flow import Flow
from ari_pivot.errors import CallEnded, Code, InstructionError, WebError
from ari_pivot.twiml.document import Document
from ari_pivot.web.ask import Asker, recognise
from ari_pivot.web.client import Client
from ari_pivot.web.hop import Reply
from ari_pivot.web.signature import Keys

URL = "http://web.example/voice"
TWIML = b"<Response><Hangup/></Response>"
KAZOO = b'{"module":"hangup","data":{}}'
SPEECH = b"Good   morning,\n dear caller"


def answer(body, kind=None, req_format="twiml"):
    headers = CIMultiDict({} if kind is None else {"Content-Type": kind})
    return recognise(Reply(200, headers, body, URL, URL), req_format)


RECOGNISED = [
    # content type, body | to KAZOO, to TwiML: the language, or the code of what is wrong
    ("text/xml", TWIML, "twiml", "twiml"),
    ("application/xml", TWIML, "twiml", "twiml"),
    ("Text/XML; charset=utf-8", TWIML, "twiml", "twiml"),
    (" text/xml ;charset=utf-8", TWIML, "twiml", "twiml"),
    ("application/twiml+xml", TWIML, "twiml", "twiml"),
    ("text/html", TWIML, "twiml", "twiml"),
    ("text/plain", TWIML, "twiml", "twiml"),
    ("application/json", KAZOO, "kazoo", "kazoo"),
    ("application/json;charset=UTF-8", KAZOO, "kazoo", "kazoo"),
    ("application/vnd.kazoo+json", KAZOO, "kazoo", "kazoo"),
    ("text/html", KAZOO, "kazoo", "kazoo"),
    ("text/plain", b"\n " + KAZOO, "kazoo", "kazoo"),
    ("text/javascript", KAZOO, "kazoo", Code.CONTENT_TYPE),
    ("text/x-twiml", TWIML, "twiml", Code.CONTENT_TYPE),
    ("text/csv", b"a,b", Code.CONTENT_TYPE, Code.CONTENT_TYPE),
    ("application/json", b'{"flow":' + KAZOO + b"}", "kazoo", "kazoo"),
    (None, TWIML, "twiml", Code.CONTENT_TYPE),
    ("", TWIML, "twiml", Code.CONTENT_TYPE),
    (None, KAZOO, Code.PARSE, Code.CONTENT_TYPE),
    ("text/xml", KAZOO, Code.PARSE, Code.PARSE),
    ("application/json", TWIML, Code.JSON_SYNTAX, Code.JSON_SYNTAX),
    ("image/png", TWIML, Code.CONTENT_TYPE, Code.CONTENT_TYPE),
    ("application/octet-stream", KAZOO, Code.CONTENT_TYPE, Code.CONTENT_TYPE),
    ("audio/wav", b"RIFF", Code.CONTENT_TYPE, "twiml"),
    ("text/plain", SPEECH, Code.PARSE, "twiml"),
    ("text/html", b"<html><body>Error</body></html>", Code.ROOT, Code.ROOT),
    ("text/html", b"<html><br>Error</html>", Code.PARSE, Code.PARSE),
    ("text/plain", b"{ not json", Code.JSON_SYNTAX, Code.JSON_SYNTAX),
    ("text/plain", b"<Response><Play/></Response>", 13420, 13420),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><Response/>", Code.PARSE, Code.PARSE),
]


@pytest.mark.parametrize("req_format", ["kazoo", "twiml"])
@pytest.mark.parametrize(("kind", "body", "kazoo", "twiml"), RECOGNISED)
def test_an_answer_is_what_its_content_type_says(kind, body, kazoo, twiml, req_format):
    wanted = kazoo if req_format == "kazoo" else twiml
    if isinstance(wanted, str):
        got = answer(body, kind, req_format)
        assert got.language == wanted
        assert isinstance(got.instructions, Flow if wanted == "kazoo" else Document)
    else:
        with pytest.raises(InstructionError) as caught:
            answer(body, kind, req_format)
        assert caught.value.code == wanted


SAYS = "<Response><Say>h\u00e9</Say></Response>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SAYS.encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        (SAYS.encode("cp1252"), 'text/xml; charset="windows-1252"'),
        (SAYS.encode(), "text/xml; charset=utf-8"),
        (b"\xef\xbb\xbf" + SAYS.encode(), "text/xml"),
        (SAYS.encode("utf-16"), "text/xml; charset=iso-8859-1"),
        (f'<?xml version="1.0" encoding="utf-8"?>{SAYS}'.encode(), "text/xml; charset=iso-8859-1"),
        ("h\u00e9".encode("latin-1"), "text/plain; charset=iso-8859-1"),
    ],
)
def test_text_is_read_in_the_character_set_it_is_in(body, kind):
    assert answer(body, kind).instructions.verbs[0].text == "h\u00e9"


def test_a_byte_order_mark_before_json_is_nothing():
    body = b'\xef\xbb\xbf{"module": "hangup", "data": {}}'
    assert answer(body, "application/json").instructions.name == "hangup"


def test_plain_text_is_spoken():
    (say,) = answer(SPEECH, "text/plain").instructions.verbs
    assert say.text == "Good morning, dear caller"


def test_audio_is_played_from_where_it_was():
    (play,) = answer(b"RIFF", "audio/wav").instructions.verbs
    assert [source.url for source in play.sources()] == [URL]


def test_what_is_wrong_with_an_answer_says_where_it_came_from():
    with pytest.raises(InstructionError, match="content type 'image/png' is not known") as caught:
        answer(b"x", "image/png")
    assert caught.value.where == URL


@pytest.mark.virtual
class TestAsking:
    def asker(self, answers):
        self.web = Web({URL: answers})
        return Asker(Client(self.web, Keys()), "0" * 32)

    async def ask(self, *answers, url=URL, base="", method="POST", params=None, **action):
        asker = self.asker(answers)
        pivot = Pivot(url, method, params or {})
        self.call = call(Asterisk())
        return await asker.ask(pivot, Action(url, **action), self.call, base)

    @pytest.mark.parametrize(
        ("req_format", "status", "taken"),
        [
            ("kazoo", 200, True), ("kazoo", 206, True), ("kazoo", 201, False),
            ("kazoo", 204, False), ("kazoo", 304, False), ("kazoo", 404, False),
            ("kazoo", 500, False), ("twiml", 200, True), ("twiml", 201, True),
            ("twiml", 206, True), ("twiml", 304, False), ("twiml", 404, False),
            ("twiml", 503, False),
        ],
    )  # fmt: skip
    async def test_takes_the_statuses_of_its_language(self, req_format, status, taken):
        given = reply(status, TWIML, content_type="text/xml")
        if taken:
            assert (await self.ask(given, req_format=req_format)).instructions
        else:
            with pytest.raises(WebError, match=f"answered {status}") as caught:
                await self.ask(given, req_format=req_format)
            assert (caught.value.code, caught.value.status) == (Code.HTTP_STATUS, status)

    @pytest.mark.parametrize("body", ["", " \r\n"])
    @pytest.mark.parametrize("kind", ["text/xml", "application/json", "image/png", ""])
    async def test_an_empty_body_is_no_instructions(self, body, kind):
        got = await self.ask(reply(200, body, content_type=kind))
        assert got.instructions is None

    @pytest.mark.parametrize(
        ("req_format", "names", "timeout", "redirects"),
        [("kazoo", {"Call-ID", "Caller-ID-Number"}, 5, 4), ("twiml", {"CallSid", "From"}, 15, 10)],
    )
    async def test_each_format_has_its_parameters_and_limits(
        self, req_format, names, timeout, redirects
    ):
        with pytest.raises(WebError, match=f"more than {redirects} redirects"):
            await self.ask(reply(307, Location=URL), req_format=req_format)
        assert names <= self.web.asked[0].params.keys()
        assert self.web.asked[0].read_timeout == timeout

    async def test_the_actions_own_timeout_holds(self):
        with pytest.raises(WebError):
            await self.ask(99.0, timeout=2.5)
        assert seconds() == 2.5

    async def test_what_the_verb_adds_is_sent_too_and_wins(self):
        await self.ask(
            reply(200, TWIML, content_type="text/xml"),
            req_format="twiml",
            params={"Digits": "12", "CallStatus": "mine"},
        )
        sent = self.web.asked[0].params
        assert (sent["Digits"], sent["CallStatus"], sent["To"]) == ("12", "mine", "1000")

    async def test_the_body_of_a_post_may_be_json(self):
        await self.ask(reply(), req_body_format="json")
        assert self.web.asked[0].body.startswith(b'{"Account-ID"')

    @pytest.mark.parametrize("url", ["voice", "/voice", "//web.example/voice", ""])
    async def test_relative_urls_are_relative_to_the_base(self, url):
        await self.ask(reply(), url=url, base=URL)
        assert self.web.lines == [f"POST {URL}"]

    async def test_an_impossible_url_is_a_failure_that_can_be_handled(self):
        with pytest.raises(WebError) as caught:
            await self.ask(reply(), url="http://[", base=URL)
        assert caught.value.code == Code.INVALID_URL

    async def test_a_caller_who_hangs_up_is_not_waited_for(self):
        asterisk = Asterisk()
        line = call(asterisk)
        later(1, asterisk.hang_up)
        with pytest.raises(CallEnded):
            await self.asker([99.0]).ask(Pivot(URL), Action(URL), line, "")
        assert seconds() == 1
