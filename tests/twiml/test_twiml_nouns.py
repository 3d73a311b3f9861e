"""<Number>, <Sip> and <Client>: digits, screening and status callbacks of each leg."""

import pytest
from simulated import simulate
from test_twiml_dial import ALICE, BOB, TALKS, asked, codes, dial, reached, told

EVENTS = "initiated ringing answered completed"
OK = {"status": 204}


def events(result, path="event"):
    """Return the status callbacks in their order."""
    return [one.params for one in result.requests if one.url == f"http://web.test/{path}"]


def followed(attributes, to=ALICE, **options):
    """Run a call that dials with a status callback."""
    noun = f'<Number statusCallback="event" {attributes}>{to}</Number>'
    return dial("", noun, web={"event": OK}, **options)


# TwiML says: "initiated->initiated, ringing->ringing, answered->in-progress, completed->final one"
def test_each_step_of_a_leg_is_told_once_and_in_order():
    told_ = events(followed(f'statusCallbackEvent="{EVENTS}"'))
    assert [one["CallStatus"] for one in told_] == [
        "initiated", "ringing", "in-progress", "completed",
    ]  # fmt: skip
    assert [one["SequenceNumber"] for one in told_] == ["0", "1", "2", "3"]


# TwiML says: "space list"; applications write commas, too
@pytest.mark.parametrize(
    "events_", ["ringing completed", "ringing,completed", " ringing, completed "]
)
def test_the_events_are_parted_by_spaces_or_commas(events_):
    told_ = events(followed(f'statusCallbackEvent="{events_}"'))
    assert [one["CallStatus"] for one in told_] == ["ringing", "completed"]


# TwiML says: "if none listed only completed is sent"
def test_without_events_only_the_end_is_told():
    (params,) = events(followed(""))
    assert params["CallStatus"] == "completed"


# TwiML says: "CallDuration (s), Duration (whole minutes), SipResponseCode; Timestamp (RFC 2822);
# CallbackSource=call-progress-events; child legs also ParentCallSid"
def test_the_end_of_a_leg_is_told_with_all_that_is_known():
    result = followed("")
    (params,) = events(result)
    action = told(result, "got")
    wanted = {
        "CallSid": action["DialCallSid"],
        "ParentCallSid": action["CallSid"],
        "AccountSid": action["AccountSid"],
        "Direction": "outbound-dial",
        "From": "+15551230001",
        "To": ALICE,
        "CallDuration": "10",
        "Duration": "1",
        "SipResponseCode": "200",
        "CallbackSource": "call-progress-events",
        "Timestamp": "Thu, 01 Jan 2026 00:00:12 +0000",
    }
    assert {name: params.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("party", "status", "code"),
    [
        ({"busy": True}, "busy", "486"),
        ({"no_answer": True}, "no-answer", "487"),
        ({"fail": 404}, "failed", "404"),
    ],
)
def test_a_leg_that_nobody_answered_ends_with_its_reason(party, status, code):
    (params,) = events(followed("", dial={ALICE: party}))
    assert (params["CallStatus"], params["SipResponseCode"]) == (status, code)
    assert params["CallDuration"] == "0"


def test_a_leg_that_lost_was_canceled():
    both = f'<Number statusCallback="event">{ALICE}</Number><Number>{BOB}</Number>'
    result = dial("", both, dial={BOB: {"ring": 1, "answer": True, "talk": 5}}, web={"event": OK})
    (params,) = events(result)
    assert params["CallStatus"] == "canceled"


# TwiML says: "statusCallbackMethod: GET|POST, default POST"
@pytest.mark.parametrize(("attribute", "said"), [("", "POST"),
                                                 ('statusCallbackMethod="GET"', "GET")])  # fmt: skip
def test_status_callbacks_are_sent_by_their_method(attribute, said):
    result = followed(attribute)
    assert [
        one.method for one in result.requests if one.url.startswith("http://web.test/event")
    ] == [said]


@pytest.mark.parametrize("at", [0.5, 1.0, 2.0, 5.0])
def test_a_caller_who_hangs_up_leaves_no_leg_without_its_last_callback(at):
    result = followed(f'statusCallbackEvent="{EVENTS}"', do=[{"at": at, "hangup": True}])
    statuses = [one["CallStatus"] for one in events(result)]
    assert statuses[0] == "initiated"
    assert statuses[-1] in {"canceled", "completed"}
    assert len(statuses) == len(set(statuses))


# TwiML says: "url: whisper/screen TwiML on callee before bridge; caller keeps hearing ringing"
def screened(document, **options):
    return dial("", f'<Number url="screen">{ALICE}</Number>', web={"screen": document}, **options)


def test_who_answers_hears_the_document_first_while_the_caller_hears_ringing():
    result = screened("<Response><Pause length='3'/></Response>")
    assert reached(result) == [(ALICE, 5.0, 12.0)]
    assert (result.heard[0].kind, result.heard[0].until) == ("ringing", 5.0)


def test_the_document_is_asked_for_as_the_legs_own():
    result = screened("<Response/>")
    asked_for, action = told(result, "screen"), told(result, "got")
    assert asked_for["CallSid"] == action["DialCallSid"]
    assert asked_for["ParentCallSid"] == action["CallSid"]
    assert (asked_for["Direction"], asked_for["CallStatus"]) == ("outbound-dial", "in-progress")
    assert (asked_for["From"], asked_for["To"]) == ("+15551230001", ALICE)


# TwiML says: "Hangup -> declined"; "DialBridged: answered but declined in whisper"
def test_a_hangup_in_it_declines():
    result = screened("<Response><Hangup/></Response>")
    params = told(result, "got")
    assert (params["DialCallStatus"], params["DialBridged"]) == ("completed", "false")
    assert reached(result) == [(ALICE, None, 2.0)]


# TwiML says: "Dial inside a dialed leg's document: 13201"
def test_a_dial_in_it_is_refused():
    result = screened(f"<Response><Dial>{BOB}</Dial></Response>")
    assert codes(result) == ([], [13201])
    assert told(result, "got")["DialBridged"] == "false"
    assert [one.to for one in result.dialled] == [ALICE]


@pytest.mark.parametrize(("reply", "code"), [({"status": 500}, 11200), ("<Response>", 12100)])
def test_a_document_that_cannot_be_had_declines(reply, code):
    result = screened({"body": reply, "type": "text/xml"} if isinstance(reply, str) else reply)
    assert codes(result) == ([], [code])
    assert told(result, "got")["DialBridged"] == "false"


def test_its_redirects_are_followed():
    web = {"screen": "<Response><Redirect>screen2</Redirect></Response>", "screen2": "<Response/>"}
    result = dial("", f'<Number url="screen" method="GET">{ALICE}</Number>', web=web)
    assert asked(result) == ["voice", "screen", "screen2", "got"]
    assert reached(result) == [(ALICE, 2.0, 12.0)]


def test_a_callee_who_leaves_during_it_was_not_put_through():
    result = screened("<Response><Pause length='60'/></Response>")
    assert reached(result) == [(ALICE, None, 12.0)]
    assert told(result, "got")["DialBridged"] == "false"


def test_a_caller_who_hangs_up_during_it_ends_it():
    result = screened("<Response><Pause length='60'/></Response>", do=[{"at": 4, "hangup": True}])
    assert reached(result) == [(ALICE, None, 4.0)]
    assert told(result, "got")["DialCallStatus"] == "canceled"


def test_while_one_is_asked_the_others_go_on_ringing():
    both = f'<Number url="screen">{ALICE}</Number><Number>{BOB}</Number>'
    result = dial(
        "",
        both,
        dial={ALICE: {"answer": True}, BOB: {"ring": 4, "answer": True, "talk": 5}},
        web={"screen": "<Response><Pause length='60'/></Response>"},
    )
    assert reached(result) == [(ALICE, None, 4.0), (BOB, 4.0, 9.0)]


# TwiML says: "sendDigits after answer: w 0.5 s, W 1 s"
def test_digits_are_sent_to_who_answers_before_they_are_put_through():
    result = dial("", f'<Number sendDigits="wW12">{ALICE}</Number>')
    assert reached(result)[0][1] == pytest.approx(4.0)


def test_dialling_needs_a_configuration_that_allows_it():
    document = f'<Response><Dial action="got">{ALICE}</Dial></Response>'
    result = simulate(document, web={"got": "<Response/>"}, dial={ALICE: TALKS})
    assert codes(result) == ([13225], [])
    assert result.dialled == []
