"""<Reject>: refuse the call without answering it."""

import pytest
from twiml_calls import asked, codes, heard, twiml


# TwiML says: "Reject reason=busy -> 486; reason=rejected -> 404"
@pytest.mark.parametrize(
    ("attribute", "cause", "sip"),
    [("", 1, 404), ('reason="rejected"', 1, 404), ('reason="busy"', 17, 486)],
)
def test_the_caller_is_told_the_reason_and_is_not_answered(attribute, cause, sip):
    result = twiml(f"<Reject {attribute}/>")
    assert (result.answered_at, result.cause, result.sip) == (None, cause, sip)
    assert result.ended_by == "pivot"


# TwiML says: "later verbs ignored"
def test_the_verbs_behind_it_are_not_reached():
    result = twiml("<Reject/><Say>no</Say><Redirect>got</Redirect>")
    assert (heard(result), asked(result)) == ([], ["voice"])


# TwiML says: "Not first: treat as Hangup"
def test_on_an_answered_call_it_hangs_up():
    result = twiml('<Say>Hello there.</Say><Reject reason="busy"/>')
    assert (result.cause, result.sip, result.ended_at) == (16, 200, 0.8)


def test_behind_what_does_not_answer_it_rejects():
    assert twiml('<Pause/><Reject reason="busy"/>').sip == 486


def test_a_reason_that_cannot_be_meant_is_a_warning_and_rejected():
    result = twiml('<Reject reason="bored"/>')
    assert (codes(result), result.sip) == (([12200], []), 404)
