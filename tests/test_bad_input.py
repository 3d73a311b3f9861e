"""Whatever comes from the network: nothing crashes, no call hangs, no line is broken in two."""

import json
from urllib.parse import parse_qsl

import structlog
from board_fakes import VOICE, Board, pivot
from hypothesis import example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from web_fakes import reply

from ari_pivot import callflow
from ari_pivot.ari import events
from ari_pivot.errors import InstructionError
from ari_pivot.simulator.clock import run

DOCUMENTS = [
    b"<Response><Say>hello</Say><Redirect/></Response>",
    b'<Response><Gather numDigits="1" timeout="2"><Say>press</Say></Gather></Response>',
    b'<Response><Dial timeout="2">+15551230002</Dial><Hangup/></Response>',
    b'{"module":"play","data":{"id":"hello"},"children":{"_":{"module":"hangup","data":{}}}}',
    b'{"module":"collect_dtmf","data":{"max_digits":2,"timeout":1},"children":{}}',
    b'{"module":"pivot","data":{"voice_url":"http://web.example/voice"},"children":{}}',
]
TYPES = ["text/xml", "application/json", "text/html", "text/plain", "audio/mpeg", "x/y", ""]


@st.composite
def bodies(draw):
    """Draw a document, some of whose bytes are others, or any bytes."""
    whole = draw(st.sampled_from(DOCUMENTS))
    begin, end = sorted(draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    torn = whole[:begin] + draw(st.binary(max_size=20)) + whole[end:]
    return draw(st.sampled_from([torn, draw(st.binary(max_size=200)), whole]))


headers = st.dictionaries(
    st.sampled_from(["Content-Type", "Location", "Set-Cookie", "Cache-Control", "Date", "X-Y"]),
    st.sampled_from(TYPES) | st.text(max_size=60),
    max_size=4,
)
answers = st.tuples(st.integers(200, 599), headers, bodies())
urls = st.text(max_size=40) | st.text(max_size=40).map("http://".__add__)


def live(flow, replies=(), *, name="Ann", **page):
    """Let a call come and end; return its board and what was logged."""

    async def scenario():
        board = Board(flow, {VOICE: list(replies)} if replies else None, **page)
        board.asterisk.channels["chan-1"] = "Ring"
        board.asterisk.ours.add("chan-1")
        caller = events.Name(name, name)
        channel = events.Channel("chan-1", state="Ring", caller=caller)
        board.asterisk.hear(events.StasisStart(channel))
        await board.over()
        return board

    with capture_logs() as logs:
        board = run(scenario())
    return board, logs


def ended_well(board, logs):
    assert "call.crashed" not in [line["event"] for line in logs]
    assert board.switchboard.calls == board.switchboard.lines == {}
    assert len(board.reported) == 1
    assert board.told[-1] in {"hangup 16", "continue"}


def unbroken(logs):
    """No line of the log, in either of its forms, is two."""
    for line in logs:
        said = {key: value for key, value in line.items() if key != "exc_info"}
        for form in (structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer()):
            assert not set("\r\n") & set(form(None, "", dict(said)))


@settings(max_examples=150)
@given(st.lists(answers, min_size=1, max_size=3), st.sampled_from(["twiml", "kazoo"]))
@example([(200, {"Content-Type": "text/xml"}, DOCUMENTS[0])], "twiml")
@example([(302, {"Location": "\x00http://"}, b"")], "kazoo")
@example([(200, {"Content-Type": "text/plain", "Cache-Control": "\n"}, b"\xff")], "twiml")
def test_any_answer_leads_a_call_to_an_end(given_answers, req_format):
    replies = [(status, named, body) for status, named, body in given_answers]
    flow = pivot(req_format=req_format)
    board, logs = live(flow, replies, limits={"documents": 5})
    ended_well(board, logs)
    unbroken(logs)


@settings(max_examples=150)
@given(urls)
@example("http://[::ffff:127.0.0.1]/")
@example("http://169.254.169.254/latest")
@example("http://u:p@[/")
def test_any_voice_url_leads_a_call_to_an_end(url):
    flow = {"module": "pivot", "data": {"voice_url": url}, "children": {}}
    try:
        callflow.build(flow)
    except InstructionError:
        return
    board, logs = live(flow)
    ended_well(board, logs)
    unbroken(logs)


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example('O\'Neill "Bob" <x>\r\nX-Evil: 1')
@example("\N{PILE OF POO}" * 2500)
def test_any_name_of_a_caller_comes_through_whole_and_breaks_nothing(name):
    answer = reply(200, "<Response/>", content_type="text/xml")
    board, logs = live(pivot(), [answer], name=name)
    (asked,) = board.web.asked
    assert dict(parse_qsl(asked.body.decode(), keep_blank_values=True))["CallerName"] == name
    assert not any(set("\r\n") & set(value) for value in asked.headers.values())
    unbroken(logs)

    board, _ = live(pivot(method="get", req_format="kazoo"), [reply(204)], name=name)
    (asked,) = board.web.asked
    assert asked.url.isascii()
    assert not set(" \r\n") & set(asked.url)
    board, _ = live(pivot(req_format="kazoo", req_body_format="json"), [reply(204)], name=name)
    assert json.loads(board.web.asked[0].body)["Caller-ID-Name"] == name
