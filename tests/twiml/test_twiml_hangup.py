"""<Hangup>: end the call."""

from twiml_calls import asked, heard, twiml


def test_it_ends_an_answered_call_normally():
    result = twiml("<Say>Hello there.</Say><Hangup/>")
    assert (result.ended_at, result.ended_by) == (0.8, "pivot")
    assert (result.cause, result.sip) == (16, 200)


def test_it_ends_a_call_that_was_never_answered():
    result = twiml("<Hangup/>")
    assert (result.answered_at, result.cause, result.sip) == (None, 16, 603)


def test_the_verbs_behind_it_are_not_reached():
    result = twiml("<Hangup/><Say>no</Say><Redirect>got</Redirect>")
    assert (heard(result), asked(result)) == ([], ["voice"])


# TwiML says: "End of document = hang up"
def test_the_end_of_the_document_does_the_same():
    result = twiml("<Say>Hello there.</Say>")
    assert (result.ended_at, result.ended_by, result.cause) == (0.8, "pivot", 16)
