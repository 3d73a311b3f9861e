"""Documents as such: what is read, what is passed over, what is refused."""

import pytest
from simulated import simulate
from twiml_calls import TONE, codes, heard, twiml

from ari_pivot.errors import InstructionError
from ari_pivot.twiml import parse
from ari_pivot.twiml.verbs import ELSEWHERE

URL = "http://web.test/voice"


# TwiML says: "Verbs run top to bottom. XML comments are ignored."
def test_verbs_run_in_their_order_and_comments_are_nothing():
    result = twiml("<!-- a --><Say>one</Say><!-- b --><Say>two</Say><?pi x?>")
    assert [one[1] for one in heard(result)] == ["one", "two"]
    assert codes(result) == ([], [])


# TwiML says: "Empty answer: accept 204 or <Response/> as an empty document and hang up"
@pytest.mark.parametrize("reply", ["<Response/>", "<Response></Response>", {"status": 204}])
def test_an_empty_document_ends_the_call(reply):
    result = simulate(reply)
    assert (result.ended_by, result.answered_at) == ("pivot", None)
    assert codes(result) == ([], [])


# TwiML says: "XML not well-formed (incl. blank line or space before <?xml, unescaped &) 12100"
@pytest.mark.parametrize(
    "document",
    [
        "<Response><Say>a & b</Say></Response>",
        "<Response>",
        '\n<?xml version="1.0"?><Response/>',
        '<!DOCTYPE Response [<!ENTITY a "b">]><Response>&a;</Response>',
    ],
)
def test_what_is_not_xml_is_refused(document):
    assert codes(simulate({"body": document, "type": "text/xml"})) == ([], [12100])


# TwiML says: "root not Response 12102"; "Names are case-sensitive"
@pytest.mark.parametrize("root", ["response", "Reponse", "html"])
def test_another_root_is_refused(root):
    assert codes(simulate({"body": f"<{root}/>", "type": "text/xml"})) == ([], [12102])


# TwiML says: "12200 schema warning, continue"
@pytest.mark.parametrize(
    ("verb", "where"),
    [
        ("<Dance/>", "/Response/Dance[1]"),
        ("<say>no</say>", "/Response/say[1]"),
        ('<Say Voice="x">a</Say>', "/Response/Say[1]/@Voice"),
        ("<Gather timeout='1'><Dance/></Gather>", "/Response/Gather[1]/Dance[1]"),
    ],
)
def test_what_is_not_known_is_a_warning_that_says_where(verb, where):
    result = twiml(f"{verb}<Play>tone.wav</Play>")
    assert [(one.code, one.where) for one in result.warnings] == [(12200, where)]
    assert heard(result)[-1][1] == "tone.wav"


def test_a_warning_names_element_attribute_value_and_place():
    (warning,) = parse(
        b'<Response><Say>a</Say><Gather/><Gather timeout="0"/></Response>', URL
    ).warnings
    assert (warning.code, warning.where) == (13313, "/Response/Gather[2]/@timeout")
    assert warning.message.startswith("<Gather> timeout='0': ")


def test_of_several_attributes_only_those_that_cannot_be_meant_fall_away():
    document = parse(
        b'<Response><Gather timeout="0" numDigits="x" finishOnKey="*"/></Response>', URL
    )
    (gather,) = document.verbs
    assert (gather.timeout, gather.num_digits, gather.finish_on_key) == (5, None, "*")
    assert [one.code for one in document.warnings] == [13313, 13314]


def test_a_refusal_names_the_element():
    with pytest.raises(InstructionError) as refused:
        parse(b"<Response><Say>a</Say><Play/></Response>", URL)
    assert (refused.value.code, refused.value.where) == (13420, "/Response/Play[1]")


# Twilio's XML validator calls these warnings; whoever wants them refused says so
@pytest.mark.parametrize("verb", ["<Dance/>", '<Pause length="x"/>', "<Pay/>", '<Say Voice="x"/>'])
def test_where_it_is_strict_a_warning_refuses_the_document(verb):
    result = twiml(f"<Say>first</Say>{verb}", settings={"web": {"strict": True}})
    assert [one.by for one in result.heard] == ["fallback"]
    assert codes(result)[0] == []


# TwiML says: "13750 verb unsupported in API version"
@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_what_is_not_there_is_passed_over_and_the_next_verb_follows(name):
    result = twiml(f"<{name}/><Play>tone.wav</Play>")
    assert codes(result) == ([13750], [])
    assert heard(result)[-1][1] == "tone.wav"


def test_attributes_may_be_written_with_space_around_their_values():
    assert twiml('<Pause length=" 3 "/>').ended_at == 3.0


# TwiML says: "The whole document is checked before anything is heard"
def test_a_fault_at_the_end_is_found_before_the_beginning_is_heard():
    result = twiml("<Say>first</Say><Play/>")
    assert [one.by for one in result.heard] == ["fallback"]


# TwiML says: "text/xml, application/xml, text/html: parse as TwiML"
@pytest.mark.parametrize(
    "kind", ["text/xml", "application/xml; charset=utf-8", "application/twiml+xml", "text/html",
             "TEXT/XML", "text/plain"]
)  # fmt: skip
def test_these_content_types_are_twiml(kind):
    result = simulate({"body": "<Response><Say>hi</Say></Response>", "type": kind})
    assert [one[1] for one in heard(result)] == ["hi"]


# TwiML says: "audio/*: play to caller, then hang up"
def test_audio_is_played_and_the_call_is_hung_up():
    result = simulate(TONE)
    assert heard(result) == [("play", "voice", 0.0, 2.0)]
    assert result.ended_by == "pivot"


# TwiML says: "text/plain: if body is valid TwiML execute it, else speak it, then hang up"
def test_plain_text_is_spoken():
    result = simulate({"body": "Just a sentence.", "type": "text/plain"})
    assert [one[:2] for one in heard(result)] == [("say", "Just a sentence.")]


# TwiML says: "missing/other: 12300 Invalid Content-Type"
@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream"])
def test_any_other_type_is_refused(kind):
    assert codes(simulate({"body": "<Response/>", "type": kind})) == ([], [12300])


# TwiML says: "TwiML response 64 kB (11750)"
def test_a_document_of_more_than_64_kb_is_refused():
    filler = f"<!--{'x' * 65536}-->"
    assert codes(twiml(filler)) == ([], [11750])


def test_what_nests_too_deep_is_refused():
    deep = 2900
    say = f"<Say>{'<prosody>' * deep}x{'</prosody>' * deep}</Say>"
    with pytest.raises(InstructionError, match="nest too deep") as refused:
        parse(f"<Response>{say}</Response>".encode(), URL)
    assert refused.value.code == 12100


def test_a_declared_encoding_is_read():
    document = '<?xml version="1.0" encoding="ISO-8859-1"?><Response><Say>é</Say></Response>'
    read = parse(document.encode("latin-1"), URL)
    assert read.verbs[0].text == "é"


# The media of the next verb is fetched while one plays
def test_the_next_verbs_media_is_fetched_while_one_plays():
    result = twiml("<Say>A sentence.</Say><Play>tone.wav</Play>")
    assert [one.at for one in result.requests if one.kind == "media"] == [0.0]
