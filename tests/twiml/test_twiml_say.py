"""<Say>: speak a text."""

import pytest
from twiml_calls import asked, codes, heard, twiml


def test_the_text_is_spoken_once_and_the_call_is_answered_for_it():
    result = twiml("<Say>Hello there.</Say>")
    assert heard(result) == [("say", "Hello there.", 0.0, 0.8)]
    assert result.answered_at == 0.0
    assert (result.ended_by, result.sip) == ("pivot", 200)


def test_the_next_verb_follows():
    result = twiml("<Say>Hello there.</Say><Say>Goodbye now.</Say>")
    assert [one[1] for one in heard(result)] == ["Hello there.", "Goodbye now."]


# TwiML says: "loop: int >= 0, default 1"
def test_loop_repeats_it():
    result = twiml('<Say loop="3">Hello there.</Say>')
    assert len(heard(result)) == 3


# TwiML says: "0 = until hangup, at most 1000 rounds"
def test_loop_0_goes_on_until_the_caller_hangs_up():
    result = twiml('<Say loop="0">Hello there.</Say>', do=[{"at": 5, "hangup": True}])
    assert len(heard(result)) == 7
    assert (result.ended_by, result.ended_at) == ("caller", 5.0)


def test_loop_0_ends_after_1000_rounds():
    result = twiml('<Say loop="0">Hello there.</Say>')
    assert len(heard(result)) == 1000
    assert result.ended_by == "pivot"


# TwiML says: "voice: the python SDK passes any string"; "language: BCP-47"
@pytest.mark.parametrize(
    "attributes", ['voice="alice"', 'voice="Polly.Joanna-Neural"', 'language="de-DE"']
)
def test_any_voice_and_language_is_spoken(attributes):
    result = twiml(f"<Say {attributes}>Hello there.</Say>")
    assert heard(result) == [("say", "Hello there.", 0.0, 0.8)]
    assert codes(result) == ([], [])


# TwiML says: "SSML: break emphasis lang p phoneme prosody s say-as sub w"
def test_ssml_is_spoken_and_not_read_out():
    result = twiml("<Say>One <emphasis>two</emphasis><break/> three</Say>")
    assert [one[1] for one in heard(result)] == ["One two, three"]


# TwiML says: "Text content must be trimmed of surrounding whitespace"
def test_white_space_around_the_text_is_not_part_of_it():
    result = twiml("<Say>\n   Hello there.\n  </Say>")
    assert heard(result)[0][1] == "Hello there."


def test_nothing_to_say_is_silence_and_the_next_verb_follows():
    result = twiml("<Say/><Say> </Say><Say>Hello there.</Say>")
    assert [one[1] for one in heard(result)] == ["Hello there."]


# TwiML says: "text to speak, about 4 KB/4096 chars (13520 if invalid)"
def test_a_text_of_4096_characters_is_spoken():
    assert heard(twiml(f"<Say>{'a' * 4096}</Say>"))


def test_a_longer_one_refuses_the_document_before_anything_is_heard():
    result = twiml(f"<Say>first</Say><Say>{'a' * 4097}</Say>")
    assert codes(result) == ([], [13520])
    assert [one.by for one in result.heard] == ["fallback"]


# TwiML says: "13510 Say loop", a warning
@pytest.mark.parametrize("loop", ["-1", "often"])
def test_a_loop_that_cannot_be_meant_is_a_warning_and_once(loop):
    result = twiml(f'<Say loop="{loop}">a</Say>')
    assert (codes(result), len(heard(result))) == (([13510], []), 1)


def test_a_caller_who_hangs_up_ends_it_and_nothing_else_is_asked():
    result = twiml(
        "<Say>A rather long sentence.</Say><Redirect>got</Redirect>",
        do=[{"at": 0.5, "hangup": True}],
    )
    assert [(one[2], one[3]) for one in heard(result)] == [(0.0, 0.5)]
    assert asked(result) == ["voice"]
    assert result.ended_by == "caller"


def test_keys_do_not_interrupt_it():
    result = twiml("<Say>A rather long sentence.</Say>", do=[{"at": 0.5, "press": "1"}])
    assert not result.heard[0].interrupted
