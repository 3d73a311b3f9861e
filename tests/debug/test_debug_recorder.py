"""What of a call gets into the debug log, and what never does."""

import json
from dataclasses import replace

import pytest
from board_fakes import VOICE, Board, pivot
from web_fakes import Web, reply

from ari_pivot.call.collect import pause
from ari_pivot.debug.hide import Hide
from ari_pivot.debug.recorder import Recorder
from ari_pivot.errors import Code, WebError
from ari_pivot.report.deliver import Deliverer
from ari_pivot.report.entry import Report
from ari_pivot.web.client import Client
from ari_pivot.web.signature import Keys

pytestmark = pytest.mark.virtual

GATHER = '<Response><Gather numDigits="2" action="/next"><Play>/a.wav</Play></Gather></Response>'


def twiml(text, **headers):
    return reply(200, text, content_type="text/xml", **headers)


async def board(*answers, hide=(), **action):
    made = Board(pivot(**action), {VOICE: answers}, hide=hide)
    await made.arrive()
    return made


def events(made):
    return [one.get("event") for one in made.debugged if "event" in one]


async def test_what_was_asked_and_answered_is_kept_as_kazoo_does():
    made = await board(twiml("<Response/>", X_A="b"), debug=True)
    asked, answered = (one for one in made.debugged if "event" not in one)
    assert asked["uri"] == VOICE
    assert asked["method"] == "POST"
    assert "CallStatus=ringing" in asked["req_body"]
    assert answered["resp_status_code"] == "200"
    assert answered["resp_headers"] == {"content-type": "text/xml", "x-a": "b"}
    assert answered["resp_body"] == "<Response/>"
    for document in (asked, answered):
        assert document["call_id"] == made.call.facts.id
        assert (document["iteration"], document["node"]) == (1, "pivot@test")


async def test_verbs_their_sounds_and_the_end_are_kept():
    made = await board(twiml("<Response><Play>/a.wav</Play><Pause/></Response>"), debug=True)
    assert events(made) == ["does", "answered", "plays", "played", "does", "ended"]
    assert made.debugged[-1]["status"] == "completed"
    assert made.summary["caller"] == made.call.facts.caller_number
    assert made.summary["status_code"] == "200"


async def test_an_answer_with_a_bad_status_is_kept_and_why_the_call_failed():
    made = await board(reply(500, "oops"), debug=True)
    assert [one["resp_body"] for one in made.debugged if "resp_body" in one] == ["oops"]
    (problem,) = (one for one in made.debugged if one.get("event") == "problem")
    assert (problem["code"], problem["message"]) == (11200, "answered 500")
    assert made.summary["reason"]["code"] == 11200


async def test_each_hop_of_a_redirect_is_kept():
    made = Board(pivot(debug=True), {VOICE: [reply(307, Location="/b")]})
    made.web.answers["http://web.example/b"] = [twiml("<Response/>")]
    await made.arrive()
    assert [one["uri"] for one in made.debugged if "uri" in one] == [VOICE, "http://web.example/b"]
    codes = [one["resp_status_code"] for one in made.debugged if "resp_status_code" in one]
    assert codes == ["307", "200"]


async def test_a_server_that_cannot_be_reached_is_kept():
    made = await board(WebError("refused", code=Code.CONNECTION), debug=True)
    (kept,) = (one["error"] for one in made.debugged if "error" in one)
    assert (kept["code"], kept["message"]) == (11205, "refused")


async def test_without_debug_nothing_is_kept_of_a_call_that_goes_well():
    made = await board(twiml("<Response><Play>/a.wav</Play></Response>"))
    assert made.debugged == []


async def test_without_debug_a_failure_and_the_end_are_kept():
    made = await board(reply(500, "oops"))
    assert events(made) == ["problem", "ended"]
    assert "oops" not in str(made.debugged)


async def test_debug_ends_with_an_action_that_does_not_say_it():
    inner = json.dumps(pivot("http://web.example/quiet"))
    made = Board(pivot(debug=True), {VOICE: [reply(200, inner, content_type="application/json")]})
    made.web.answers["http://web.example/quiet"] = [twiml("<Response><Pause/></Response>")]
    await made.arrive()
    assert [one["uri"] for one in made.debugged if "uri" in one] == [VOICE]
    assert events(made)[-1] == "ended"


@pytest.mark.parametrize(
    ("body", "kind", "key"),
    [
        ("<Response>", "text/xml", "schema_errors"),
        ('{"module":1}', "application/json", "schema_errors"),
        ('{"module"', "application/json", "json_errors"),
    ],
)
async def test_a_faulty_answer_is_kept_without_debug_too(body, kind, key):
    made = await board(reply(200, body, content_type=kind))
    document = made.debugged[0]
    assert document[key]
    assert document["resp_body"] == body
    assert made.summary[f"has_{key}"] is True


async def test_no_credentials_are_kept():
    url = "http://u:hidden@web.example/voice"
    made = Board(
        pivot(url, debug=True, custom_request_headers={"X-Key": "hidden"}),
        {VOICE: [reply(200, "<Response/>", content_type="text/xml", Set_Cookie="s=hidden")]},
    )
    await made.arrive()
    assert made.web.asked[0].headers["Authorization"]
    assert "hidden" not in str(made.debugged)
    headers = made.debugged[0]["req_headers"]
    assert (headers["X-Key"], headers["Authorization"]) == ("…", "…")


async def test_parameters_that_are_to_be_hidden_are_kept_without_their_values():
    made = await board(twiml("<Response/>"), hide=["From", "to"], debug=True)
    body = next(one["req_body"] for one in made.debugged if "req_body" in one)
    assert "From=…&" in body
    assert "To=…&" in body
    assert made.call.facts.caller_number.lstrip("+") not in body.replace("Caller=", "")[:40]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (b"a=1&Digits=12", "a=1&Digits=…"),
        (b"Digits%5Bpin%5D=12&a=1", "Digits%5Bpin%5D=…&a=1"),
        (b"NotDigits=12", "NotDigits=12"),
        (
            b'{"Digits": {"pin": "12"}, "a": [{"digits": 1}]}',
            '{"Digits": "…", "a": [{"digits": "…"}]}',
        ),
        (b"", ""),
        (b"\xff", "�"),
    ],
)
def test_a_hidden_parameter_is_found_however_it_is_written(said, kept):
    assert Hide(["Digits"]).body(said) == kept


def test_hidden_parameters_of_a_url():
    hide = Hide(["pin", "a.b"])
    assert hide.url("http://h/p?pin=1&x=2#f") == "http://h/p?pin=…&x=2#f"
    assert hide.url("http://h/p?axb=1&PIN=") == "http://h/p?axb=1&PIN=…"


async def test_digits_that_are_to_be_hidden_are_not_shown_as_they_are_pressed():
    for hide, kept in (([], "7"), (["Digits"], "…")):
        made = Board(pivot(debug=True), {VOICE: [twiml(GATHER)]}, hide=hide)
        made.asterisk.arrive()
        await pause_until(made, lambda made=made: "plays" in events(made))
        made.asterisk.press("7")
        await made.over()
        assert [one["digit"] for one in made.debugged if one.get("event") == "pressed"] == [kept]


async def pause_until(made, condition):
    while not condition():
        await pause(made.call, 0.1)


async def test_of_one_call_no_more_than_two_megabytes_are_kept_and_its_end():
    again = "<Response><!--" + "x" * 50_000 + '--><Redirect method="POST"/></Response>'
    made = await board(twiml(again), debug=True)
    assert len(str(made.debugged)) < 2_200_000
    assert made.debugged[-1]["event"] == "ended"
    assert made.debugged[-1]["cut"] is True


async def test_the_tries_of_a_report_are_kept_where_the_call_is():
    kept = []

    class Log:
        def write(self, call_id, document, _=None):
            kept.append((call_id, document))

    recorder = Recorder(Log(), "pivot@test")
    said = Report(
        call_id="chan-1",
        kind="cdr",
        url="http://web.example/cdr",
        params={"Call-ID": "chan-1"},
        created_at=1.0,
    )
    assert recorder.delivery(said) is None
    web = Web({said.url: [reply(500, "no"), reply(204)]})
    deliver = Deliverer(Client(web, Keys()), 5.0, recorder.delivery)
    said = replace(said, debug=True)
    with pytest.raises(WebError):
        await deliver(said)
    await deliver(said)
    assert {call_id for call_id, _ in kept} == {"chan-1"}
    assert {document["report"] for _, document in kept} == {said.id}
    assert [one.get("resp_status_code") for _, one in kept] == [None, "500", None, "204"]
    assert kept[0][1]["req_body"] == "Call-ID=chan-1"
