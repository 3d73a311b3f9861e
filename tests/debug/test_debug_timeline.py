"""A call's documents as people read them: on the page, and on a terminal."""

import asyncio
import io
import json

import pytest
from board_fakes import VOICE
from debug_stage import CALLS, FLOW, HOSTILE, MENU, Stage
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from ari_pivot.cli import command
from ari_pivot.debug import pretty, show
from ari_pivot.debug.timeline import timeline
from ari_pivot.simulator.clock import run


def told(number):
    """Return the documents of one of the stage's calls."""
    ago, call_id, story, _ = CALLS[number]
    return [
        document | {"created": ago + at, "call_id": call_id} for at, document, _ in run(story())
    ]


def lines(documents):
    return [" ".join(part for part in (one.title, one.text) if part) for one in timeline(documents)]


def test_a_call_is_told_line_by_line():
    assert lines(told(0)) == [
        f"POST {VOICE} 200",
        "Gather",
        "Answered",
        "Says “Welcome. For sales, press 1. For support, press 2.”",
        "Pressed 2",
        "POST http://web.example/menu 200",
        "play",
        "Plays the prompt support-queue",
        "hangup",
        "Ended by us completed, cause 16 NORMAL_CLEARING, SIP 200",
    ]


def test_a_request_holds_its_answer_and_what_it_said():
    first = timeline(told(0))[0]
    answer, parameters, *_ = first.blocks
    assert answer.language == "xml"
    assert answer.text.splitlines()[1] == '  <Gather action="/menu" numDigits="1" timeout="5">'
    assert ("From", "+15551230001") in parameters.pairs


def test_a_sound_says_how_long_it_was_heard():
    says = timeline(told(0))[3]
    assert (says.at, says.seconds) == (0.0, 2.0)


def test_a_faulty_answer_is_shown_as_it_came_with_what_is_wrong():
    answer, problem, _ = timeline(told(3))
    assert answer.tone == problem.tone == "bad"
    assert "not well-formed" in answer.text
    assert answer.blocks[0].text.startswith("<Response><Say>Hello")


def test_a_server_that_is_down_says_so_where_it_was_asked():
    asked, problem, *_ = lines(told(2))
    assert asked == f"POST {VOICE} 11205 connection refused"
    assert problem == f"11205 {VOICE}: connection refused"


def test_keys_pressed_one_after_the_other_are_one_line():
    keys = [{"event": "pressed", "digit": digit, "created": 1.0} for digit in "123"]
    assert lines(keys) == ["Pressed 1 2 3"]


def test_a_report_is_a_line_of_its_own():
    cdr = {"kind": "cdr", "created": 9.0}
    documents = [
        cdr | {"uri": "http://web.example/cdr", "method": "POST", "req_body": "a=b"},
        cdr | {"resp_status_code": "500", "resp_headers": {}, "resp_body": ""},
    ]
    assert lines(documents) == ["CDR POST http://web.example/cdr 500"]


def test_reports_on_their_way_at_once_each_have_their_own_answer():
    told = [
        {"report": "a", "uri": "http://web.example/a"},
        {"report": "b", "uri": "http://web.example/b"},
        {"report": "a", "resp_status_code": "500"},
        {"report": "b", "resp_status_code": "204"},
    ]
    callback = {"kind": "callback", "method": "POST", "created": 1.0}
    assert lines([callback | one for one in told]) == [
        "Callback POST http://web.example/a 500",
        "Callback POST http://web.example/b 204",
    ]


EVENTS = [
    ({"event": "dials", "endpoint": "PJSIP/7", "leg": "x"}, "Dials PJSIP/7"),
    ({"event": "leg", "leg": "x", "step": "ringing", "status": None, "cause": 0}, "Leg ringing"),
    ({"event": "leg", "leg": "x", "step": "completed", "status": "busy", "cause": 17},
     "Leg completed busy, cause 17"),
    ({"event": "refused", "command": "playWithId", "status": 404, "reason": "gone"},
     "Asterisk refused playWithId 404 gone"),
    ({"event": "recorded", "names": ["a"], "ended_by": "silence"}, "Recorded ended by silence"),
    ({"event": "plays", "source": "tone", "spec": "busy"}, "Plays the tone busy"),
    ({"event": "plays", "source": "audio", "url": "http://a/b"}, "Plays http://a/b"),
    ({"event": "plays", "source": "said", "how": "digits", "text": "12"}, "Says digits 12"),
    ({"event": "parked", "slot": "101"}, "parked slot 101"),
    ({"event": "ended", "status": "failed", "ended_by": "asterisk", "cause": 38, "sip": 500,
      "given_back": "90300 refused"},
     ("Ended by Asterisk failed, cause 38 NETWORK_OUT_OF_ORDER, SIP 500; given back to the dialplan: "
     "90300 refused")),
]  # fmt: skip


@pytest.mark.parametrize(("document", "line"), EVENTS)
def test_each_event_has_its_line(document, line):
    assert lines([document | {"created": 1.0}]) == [line]


@pytest.mark.parametrize(
    ("body", "text", "language"),
    [
        ("<a><b/></a>", "<a>\n  <b />\n</a>", "xml"),
        ("\ufeff <a><!--n--></a>", "<a>\n  <!--n-->\n</a>", "xml"),
        ("<a>", "<a>", "xml"),
        (
            '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
            '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
            "xml",
        ),
        ('{"a":[1,"é"]}', '{\n  "a": [\n    1,\n    "é"\n  ]\n}', "json"),
        ('{"a"', '{"a"', "json"),
        ("hello", "hello", "text"),
        ("", "", "text"),
    ],
)
def test_a_document_is_indented_where_it_can_be_parsed(body, text, language):
    assert pretty.document(body) == (text, language)


@given(st.text(), st.text())
def test_whatever_was_answered_and_asked_can_be_shown(body, url):
    pretty.document(body)
    pretty.document(f"<a>{body}</a>")
    pretty.document("[" * 5000 + body)
    pretty.parameters(url, body)
    pretty.parameters(url, f"{{{body}")


def printed(documents):
    out = io.StringIO()
    show.call(documents, Console(file=out, width=200))
    return out.getvalue()


def test_the_terminal_shows_the_same():
    text = printed(told(0))
    for line in lines(told(0)):
        assert line in text
    assert "CallStatus in-progress" in text
    assert "<Say>Goodbye.</Say>" in text


def test_a_strangers_text_neither_colours_nor_moves_a_terminal():
    hostile = [
        {"event": "plays", "source": "speech", "text": "[red]x[/] \x1b[2J \r gone", "created": 1.0},
        {"uri": "http://a/", "method": "POST", "req_body": "a=%1B%5B2J", "created": 2.0},
        {"resp_status_code": "200", "resp_body": "<a>\x1b[2J", "created": 2.0},
    ]
    text = printed([one | {"call_id": "x"} for one in hostile])
    assert "\x1b" not in text
    assert "[red]x[/]" in text


def test_the_command_lists_calls_and_shows_one(tmp_path):
    settings = tmp_path / "pivot.yaml"
    settings.write_text(f"reports: {{database: 'sqlite:///{tmp_path}/pivot.db'}}\n")
    runner = CliRunner()
    empty = runner.invoke(command, ["debug", "--config", str(settings)])
    assert (empty.exit_code, empty.output.strip()) == (1, "Nothing is kept.")
    _fill(tmp_path / "pivot.db")
    listed = runner.invoke(command, ["debug", "--config", str(settings)])
    assert listed.exit_code == 0
    assert HOSTILE[:8] in listed.output
    found = runner.invoke(command, ["debug", "--failed", "--json", "--config", str(settings)])
    assert len(json.loads(found.output)) == 3
    one = runner.invoke(command, ["debug", CALLS[0][1], "--config", str(settings)])
    assert one.exit_code == 0
    assert "Pressed 2" in one.output
    assert MENU[:10] in one.output
    assert str(FLOW["data"]["id"]) in one.output
    assert runner.invoke(command, ["debug", "none", "--config", str(settings)]).exit_code == 1


def _fill(file):
    async def fill():
        async with Stage(database=f"sqlite:///{file}") as stage:
            await stage.fill()

    asyncio.run(fill())
