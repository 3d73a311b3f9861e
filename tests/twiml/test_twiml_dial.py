"""<Dial>: put the caller through to somebody."""

import pytest
from twiml_calls import asked, codes, heard, method, told, twiml

ALICE = "+15550002222"
BOB = "+15550003333"
SIP = "sip:carol@example.com"
DIRECTORY = {
    "trunks": {"out": {"endpoint": "PJSIP/{number}@trunk", "numbers": ["+1555*"]}},
    "devices": {"dave": {"endpoint": "PJSIP/dave"}},
    "sip": "PJSIP/trunk/{uri}",
    "sip_accounts": {"us": "PJSIP/account/{uri}"},
    "applications": {"AP1": "Local/menu@internal"},
    "caller_ids": ["+15559*"],
}
TALKS = {"ring": 2, "answer": True, "talk": 10}
NEXT = "<Say>Next.</Say>"


def call(body, *, dial=None, settings=None, **options):
    parties = {ALICE: TALKS} | (dial or {})
    given = {"directory": DIRECTORY | (settings or {})}
    return twiml(body, dial=parties, settings=given, **options)


def dial(attributes="", inside=ALICE, **options):
    """Run a call that dials, with an action."""
    return call(f'<Dial action="got" {attributes}>{inside}</Dial>{NEXT}', **options)


def reached(result):
    """Return who was dialled, and from when until when they were put through."""
    return [
        (one.to, one.bridged_at and round(one.bridged_at, 3), round(one.ended_at, 3))
        for one in result.dialled
    ]


# TwiML says: "DialCallStatus DialCallSid DialCallDuration s DialBridged true/false"
def test_the_caller_speaks_with_who_answers_and_the_action_is_asked_once_when_they_leave():
    result = dial()
    params = told(result, "got")
    assert reached(result) == [(ALICE, 2.0, 12.0)]
    assert (params["DialCallStatus"], params["DialBridged"]) == ("completed", "true")
    assert params["DialCallDuration"] == "10"
    assert params["DialCallSid"].startswith("CA")
    assert params["DialCallSid"] != params["CallSid"]
    assert params["CallStatus"] == "in-progress"
    assert (asked(result), heard(result)[1:]) == (["voice", "got"], [])
    assert codes(result) == ([], [])


# TwiML says: "No action: next verb runs if the caller is still there; none left = hang up"
def test_without_an_action_the_next_verb_follows():
    result = call(f"<Dial>{ALICE}</Dial>{NEXT}")
    assert [one[1] for one in heard(result) if one[0] == "say"] == ["Next."]
    assert asked(result) == ["voice"]


# TwiML says: "method: GET|POST, default POST"
@pytest.mark.parametrize(("attribute", "said"), [("", "POST"), ('method="GET"', "GET")])
def test_the_action_is_asked_by_its_method(attribute, said):
    assert method(dial(attribute), "got") == said


# TwiML says: "busy, no-answer, failed, canceled"; "486,600,603->busy; 480,408->no-answer;
# 404,484,5xx,unroutable->failed"
@pytest.mark.parametrize(
    ("party", "status"),
    [
        ({"busy": True}, "busy"),
        ({"reject": True}, "busy"),
        ({"reject": 480}, "no-answer"),
        ({"no_answer": True}, "no-answer"),
        ({"fail": 404}, "failed"),
        ({"fail": 503}, "failed"),
    ],
)
def test_the_action_is_told_why_nobody_was_reached(party, status):
    result = dial(dial={ALICE: party})
    params = told(result, "got")
    assert (params["DialCallStatus"], params["DialBridged"]) == (status, "false")
    assert params["DialCallDuration"] == "0"


# TwiML says: "timeout 30"
@pytest.mark.parametrize(("attribute", "seconds"), [("", 30.0), ('timeout="10"', 10.0)])
def test_it_rings_for_its_timeout(attribute, seconds):
    result = dial(attribute, dial={ALICE: {"no_answer": True}})
    assert reached(result) == [(ALICE, None, seconds)]
    assert told(result, "got")["DialCallStatus"] == "no-answer"


# TwiML says: "timeLimit: bridge duration cap"
def test_the_conversation_ends_at_its_time_limit():
    result = dial('timeLimit="5"', dial={ALICE: {"answer": True}})
    assert reached(result) == [(ALICE, 0.0, 5.0)]
    assert told(result, "got")["DialCallStatus"] == "completed"


# TwiML says: "hangupOnStar: parent presses * to drop callee"
@pytest.mark.parametrize(("attribute", "end"), [('hangupOnStar="true"', 4.1), ("", 12.0)])
def test_a_star_ends_the_conversation_only_where_that_is_wanted(attribute, end):
    result = dial(attribute, do=[{"at": 4, "press": "*"}])
    assert reached(result)[0][2] == pytest.approx(end)
    assert asked(result) == ["voice", "got"]


# TwiML says: "without answerOnBridge the caller is answered at once and hears ringback"
@pytest.mark.parametrize(("attribute", "at"), [("", 0.0), ('answerOnBridge="true"', 2.0)])
def test_the_caller_is_answered_at_once_or_when_somebody_is(attribute, at):
    result = dial(attribute)
    assert result.answered_at == at
    assert heard(result)[0] == ("ringing", "", 0.0, 2.0)


def test_with_answer_on_bridge_a_caller_nobody_was_there_for_is_not_answered():
    result = dial('answerOnBridge="true"', dial={ALICE: {"busy": True}})
    assert told(result, "got")["CallStatus"] == "ringing"
    assert result.answered_at is None


# TwiML says: "ringTone: at au bg …"
def test_the_caller_hears_the_ring_tone_of_a_country():
    result = dial('ringTone="fr"')
    assert heard(result)[0] == ("tone", "ring;tonezone=fr", 0.0, 2.0)


# TwiML says: "callerId default: caller's From. Clone policy must decide which are allowed"
@pytest.mark.parametrize("shown", ["+15551230001", "1000", "+15559999999", "client:dave"])
def test_numbers_of_the_call_and_those_of_the_configuration_may_be_shown(shown):
    noun = f'<Number statusCallback="event">{ALICE}</Number>'
    result = dial(f'callerId="{shown}"', noun, web={"event": {"status": 204}})
    assert told(result, "event")["From"] == shown.removeprefix("client:")


def test_any_other_number_is_not_shown_and_nobody_is_dialled():
    result = dial('callerId="+15550009999"')
    assert (codes(result), reached(result)) == (([13214], []), [])
    assert told(result, "got")["DialCallStatus"] == "failed"


# TwiML says: "For Sip any [A-Za-z0-9+-_.]+"
def test_a_sip_uri_may_be_shown_anything():
    noun = f'<Sip statusCallback="event">{SIP}</Sip>'
    result = dial('callerId="carol.x"', noun, dial={SIP: TALKS}, web={"event": {"status": 204}})
    assert told(result, "event")["From"] == "carol.x"


# TwiML says: "Parallel by default, first to answer wins, others cancelled"
def test_all_ring_at_once_and_the_first_who_answers_wins():
    both = f"<Number>{ALICE}</Number><Number>{BOB}</Number>"
    result = dial("", both, dial={BOB: {"ring": 1, "answer": True, "talk": 5}})
    assert reached(result) == [(ALICE, None, 1.0), (BOB, 1.0, 6.0)]
    assert asked(result) == ["voice", "got"]


# TwiML says: "sequential=true goes in order"
def test_they_ring_one_after_the_other_with_a_timeout_each():
    both = f"<Number>{ALICE}</Number><Number>{BOB}</Number>"
    parties = {ALICE: {"no_answer": True}, BOB: TALKS}
    result = dial('sequential="true" timeout="5"', both, dial=parties)
    assert [(one.to, one.at) for one in result.dialled] == [(ALICE, 0.0), (BOB, 5.0)]
    assert told(result, "got")["DialCallStatus"] == "completed"


# TwiML says: "Number: E.164 (unformatted US accepted)"
def test_a_number_may_be_written_with_spaces_and_signs():
    assert reached(dial("", " \n+1 (555) 000-22.22\n")) == [(ALICE, 2.0, 12.0)]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("+4930123456", 13225),
        ("<Number>911</Number>", 13225),
        ("<Number>nobody</Number>", 13224),
        ("<Number>1/PJSIP</Number>", 13224),
        ("<Client>mallory</Client>", 13225),
        ("<Sip>carol</Sip>", 13224),
        ("<Sip>sip:carol@example.com/x&amp;PJSIP/y</Sip>", 13224),
    ],
)
def test_what_no_pattern_allows_is_not_dialled(inside, code):
    result = dial("", inside)
    assert (codes(result), reached(result)) == (([code], []), [])
    assert told(result, "got")["DialCallStatus"] == "failed"
    assert "DialCallSid" not in told(result, "got")


def test_without_a_way_for_sip_uris_none_is_dialled():
    result = dial("", f"<Sip>{SIP}</Sip>", settings={"sip": ""})
    assert (codes(result), reached(result)) == (([13225], []), [])


def test_one_that_may_not_be_dialled_does_not_keep_the_others_from_it():
    result = dial("", f"<Number>911</Number><Number>{ALICE}</Number>")
    assert reached(result) == [(ALICE, 2.0, 12.0)]
    assert codes(result) == ([13225], [])


@pytest.mark.parametrize("inside", ["", "<Queue>nobody</Queue>"])
def test_nobody_to_dial_is_a_failure_of_the_dial(inside):
    result = dial("", inside)
    assert told(result, "got")["DialCallStatus"] == "failed"
    assert reached(result) == []


# TwiML says: "Dial+Sip: also DialSipResponseCode"
@pytest.mark.parametrize(("party", "code"), [(TALKS, "200"), ({"busy": True}, "486")])
def test_a_sip_uri_is_dialled_and_its_answer_told(party, code):
    result = dial(
        "", f"<Sip>{SIP};transport=tcp?X-Order=12</Sip>", dial={SIP: party, "carol": party}
    )
    assert told(result, "got")["DialSipResponseCode"] == code


def test_a_client_is_dialled_at_its_endpoint():
    result = dial("", "<Client>dave</Client>", dial={"dave": TALKS})
    assert reached(result) == [("dave", 2.0, 12.0)]
    assert "DialSipResponseCode" not in told(result, "got")


def test_a_client_may_be_named_by_an_identity():
    result = dial("", "<Client><Identity>dave</Identity></Client>", dial={"dave": TALKS})
    assert reached(result) == [("dave", 2.0, 12.0)]


# TwiML says: "13210 method; 13212 timeout; 13213 hangupOnStar; 13215 nested element; …"
@pytest.mark.parametrize(
    ("attributes", "inside", "code"),
    [
        ('method="PUT"', ALICE, 13210),
        ('timeout="0"', ALICE, 13212),
        ('timeout="601"', ALICE, 13212),
        ('hangupOnStar="perhaps"', ALICE, 13213),
        ('timeLimit="0"', ALICE, 13216),
        ('record="loudly"', ALICE, 13217),
        ('ringTone="xx"', ALICE, 12200),
        ("", f"{ALICE}<Say>no</Say>", 13215),
        ("", f"<Number method='PUT'>{ALICE}</Number>", 13221),
        ("", f"<Number sendDigits='x'>{ALICE}</Number>", 13222),
        ("", f"<Number>{ALICE}</Number><Sim>DE1</Sim>", 13750),
        ("", f"<Number statusCallbackEvent='born'>{ALICE}</Number>", 12200),
    ],
)
def test_what_cannot_be_meant_is_a_warning_and_passed_over(attributes, inside, code):
    result = dial(attributes, inside)
    assert (codes(result), reached(result)) == (([code], []), [(ALICE, 2.0, 12.0)])
    assert (asked(result), method(result, "got")) == (["voice", "got"], "POST")


def test_more_than_ten_to_dial_refuse_the_document():
    result = dial("", "<Number>1</Number>" * 11)
    assert (codes(result), asked(result)) == (([], [12200]), ["voice"])


# TwiML says: "exactly once on every way out"; a caller who is gone is told of, not asked for
@pytest.mark.parametrize(
    ("at", "status", "bridged"),
    [(0.001, "canceled", "false"), (1.0, "canceled", "false"), (5.0, "completed", "true")],
)
def test_a_caller_who_hangs_up_at_any_moment_ends_it_and_the_action_is_told_once(
    at, status, bridged
):
    result = dial(do=[{"at": at, "hangup": True}])
    params = told(result, "got")
    assert (params["DialCallStatus"], params["DialBridged"]) == (status, bridged)
    assert params["CallStatus"] == "completed"
    assert [one.kind for one in result.requests] == ["instructions", "callback"]
    assert (result.ended_at, result.ended_by) == (at, "caller")
    assert all(one.ended_at == at for one in result.dialled)


def test_a_caller_who_gives_up_before_an_answer_has_canceled():
    result = dial('answerOnBridge="true"', do=[{"at": 1, "hangup": True}])
    params = told(result, "got")
    assert (params["DialCallStatus"], params["CallStatus"]) == ("canceled", "canceled")


def test_a_caller_who_hangs_up_without_an_action_to_tell_ends_the_call():
    result = call(f"<Dial>{ALICE}</Dial>{NEXT}", do=[{"at": 5, "hangup": True}])
    assert [one.kind for one in result.requests] == ["instructions"]
    assert reached(result) == [(ALICE, 2.0, 5.0)]
