"""<Redirect>: ask another URL what to do."""

import pytest
from twiml_calls import asked, codes, heard, method, told, twiml


# TwiML says: "Redirect: POST by default; later verbs unreachable"
def test_the_other_url_takes_over():
    result = twiml(
        "<Redirect>next</Redirect><Say>not this</Say>",
        web={"next": "<Response><Say>this</Say></Response>"},
    )
    assert asked(result) == ["voice", "next"]
    assert [one[1] for one in heard(result)] == ["this"]


@pytest.mark.parametrize(
    ("attribute", "said"), [("", "POST"), ('method="GET"', "GET"), ('method="get"', "GET")]
)
def test_it_is_asked_by_its_method(attribute, said):
    assert method(twiml(f"<Redirect {attribute}>got</Redirect>"), "got") == said


# TwiML says: "Redirect keeps the call ringing"
def test_it_does_not_answer():
    result = twiml("<Redirect>got</Redirect>")
    assert told(result, "got")["CallStatus"] == "ringing"
    assert (result.answered_at, result.sip) == (None, 603)


def test_the_query_of_the_url_is_kept():
    result = twiml("<Redirect>got?a=1&amp;b=2</Redirect>")
    assert result.requests[1].url == "http://web.test/got?a=1&b=2"


# TwiML says: "An empty string = the same document URL"
@pytest.mark.parametrize("verb", ["<Redirect/>", "<Redirect> </Redirect>"])
def test_an_empty_url_is_the_documents_own(verb):
    assert asked(twiml(verb, more=[""])) == ["voice", "voice"]


# TwiML says: "RFC 3986 resolution against the URL of the document being executed"
def test_it_is_relative_to_the_document_that_says_it():
    result = twiml(
        "<Redirect>a/b.xml</Redirect>",
        web={"a/b.xml": "<Response><Redirect>c</Redirect></Response>",
             "a/c": "<Response><Redirect>../got</Redirect></Response>"},
    )  # fmt: skip
    assert asked(result) == ["voice", "a/b.xml", "a/c", "got"]


# TwiML says: "guard against tight loops"
def test_a_loop_comes_to_an_end():
    result = twiml("<Redirect/>")
    assert codes(result) == ([], [90002])
    assert len(asked(result)) == 50


@pytest.mark.parametrize(
    ("reply", "code"),
    [({"status": 404}, 11200), ({"error": "timeout"}, 11205), ({"error": "dns"}, 11210)],
)
def test_a_url_that_does_not_answer_is_a_failure(reply, code):
    result = twiml("<Redirect>bad</Redirect>", web={"bad": reply})
    assert codes(result) == ([], [code])
    assert [one.by for one in result.heard] == ["fallback"]


# TwiML says: "13710 Redirect method"
def test_a_method_that_cannot_be_meant_is_a_warning_and_a_post():
    result = twiml('<Redirect method="PUT">got</Redirect>')
    assert (codes(result), method(result, "got")) == (([13710], []), "POST")


def test_a_caller_who_hangs_up_while_it_is_asked_ends_the_call():
    slow = {"body": "<Response><Say>late</Say></Response>", "delay": 5}
    result = twiml("<Redirect>slow</Redirect>", web={"slow": slow}, do=[{"at": 2, "hangup": True}])
    assert (result.ended_at, result.ended_by, heard(result)) == (2.0, "caller", [])
