"""<Pause>: wait in silence."""

import pytest
from twiml_calls import asked, codes, heard, told, twiml


# TwiML says: "length: int >= 1 s, default 1"
@pytest.mark.parametrize(("length", "seconds"), [("", 1.0), ('length="3"', 3.0)])
def test_it_is_silent_for_its_length(length, seconds):
    result = twiml(f"<Play>tone.wav</Play><Pause {length}/><Play>tone.wav</Play>")
    assert heard(result)[1] == ("silence", "", 2.0, 2.0 + seconds)
    assert heard(result)[2][2] == 2.0 + seconds


# TwiML says: "as FIRST verb: wait before answering"
def test_it_does_not_answer():
    result = twiml("<Pause length='2'/><Redirect>got</Redirect>")
    assert told(result, "got")["CallStatus"] == "ringing"
    assert result.answered_at is None


def test_the_verb_behind_it_answers():
    assert twiml("<Pause length='2'/><Say>Hello there.</Say>").answered_at == 2.0


def test_a_length_of_0_is_no_pause():
    assert heard(twiml('<Pause length="0"/><Play>tone.wav</Play>')) == [
        ("play", "tone.wav", 0.0, 2.0)
    ]


# TwiML says: "13910 Pause length"
@pytest.mark.parametrize("length", ["-1", "long", "1.5"])
def test_a_length_that_cannot_be_meant_is_a_warning_and_a_second(length):
    result = twiml(f'<Pause length="{length}"/>')
    assert (codes(result), result.ended_at) == (([13910], []), 1.0)


def test_a_caller_who_hangs_up_ends_the_call():
    result = twiml("<Pause length='9'/><Redirect>got</Redirect>", do=[{"at": 4, "hangup": True}])
    assert (result.ended_at, result.ended_by, asked(result)) == (4.0, "caller", ["voice"])


def test_keys_do_not_cut_it_short():
    result = twiml("<Say>a</Say><Pause length='3'/>", do=[{"at": 1, "press": "1"}])
    assert heard(result)[1][3] == 3.5
