"""<Dial referUrl>: who was dialled asks that the caller be put through to somebody else."""

import pytest
from test_twiml_dial import asked, call, codes, heard, method, reached, told

CAROL = "sip:carol@example.com"
REFERS = {"answer": True, "talk": 3, "refer": "bob"}


def refers(attributes='referUrl="refer"', party=REFERS, **options):
    """Run a call that dials somebody who sends a REFER."""
    body = f'<Dial action="got" {attributes}><Sip>{CAROL}</Sip></Dial>'
    web = {"refer": "<Response><Dial><Client>dave</Client></Dial></Response>",
           "got": "<Response/>"}  # fmt: skip
    parties = {CAROL: party, "dave": {"answer": True, "talk": 5}}
    return call(body, dial=parties, web=web, **options)


# TwiML says: "referUrl: callee's SIP REFER -> request with ReferTransferTarget; TwiML decides"
def test_the_url_is_asked_and_says_how_the_caller_goes_on():
    result = refers()
    assert (asked(result), told(result, "refer")["ReferTransferTarget"]) == (
        ["voice", "refer"],
        "bob",
    )
    assert told(result, "refer")["CallSid"] == told(result, "voice")["CallSid"]
    assert reached(result) == [(CAROL, 0.0, 3.0), ("dave", 3.0, 8.0)]
    assert codes(result) == ([], [])


# TwiML says: "referMethod: GET|POST, default POST"
@pytest.mark.parametrize(
    ("attributes", "said"),
    [('referUrl="refer"', "POST"), ('referUrl="refer" referMethod="GET"', "GET")],
)
def test_it_is_asked_by_its_method(attributes, said):
    assert method(refers(attributes), "refer") == said


# TwiML says: "Without it REFER is refused": Asterisk's endpoint decides, we are not asked
def test_without_it_a_refer_is_asterisks_own():
    result = refers("")
    assert asked(result) == ["voice", "got"]
    assert reached(result) == [(CAROL, 0.0, 3.0)]


def test_who_leaves_without_a_refer_ends_the_dial_as_ever():
    result = refers(party={"answer": True, "talk": 3})
    assert asked(result) == ["voice", "got"]


def test_a_caller_who_hangs_up_first_is_told_of_to_the_action_once():
    result = refers(do=[{"at": 2, "hangup": True}])
    assert [one.kind for one in result.requests] == ["instructions", "callback"]
    assert told(result, "got")["DialCallStatus"] == "completed"


def test_a_url_that_cannot_be_had_is_a_failure_of_the_call():
    result = refers('referUrl="nowhere"')
    assert codes(result)[1] == [11200] or codes(result)[1] == [11210]
    assert heard(result)[-1][0] == "say"
