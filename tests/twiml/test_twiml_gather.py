"""<Gather>: collect digits, while prompts play."""

import pytest
from twiml_calls import asked, codes, heard, method, told, twiml

NEXT = "<Say>Next.</Say>"


def gather(attributes="", prompts="", *, keys=(), then=NEXT, **options):
    """Run a call with a Gather; `keys` are pressed: when and which."""
    do = [{"at": at, "press": key} for at, key in keys] + options.pop("do", [])
    document = f'<Gather action="got" {attributes}>{prompts}</Gather>{then}'
    return twiml(document, do=do, **options)


# TwiML says: "Digits (terminator stripped). FinishedOnKey and msg=Gather End are sent in practice"
def test_the_digits_reach_the_action_without_the_key_that_ended_them():
    result = gather(keys=[(1, "12#")])
    params = told(result, "got")
    assert (params["Digits"], params["FinishedOnKey"], params["msg"]) == ("12", "#", "Gather End")
    assert params["CallStatus"] == "in-progress"
    assert result.answered_at == 0.0


# TwiML says: "Gather finishing: the rest of the document is abandoned"
def test_the_verbs_behind_it_are_not_reached():
    assert heard(gather(keys=[(1, "1#")])) == []


# TwiML says: "action: default current document URL"
def test_without_an_action_the_document_itself_is_asked():
    result = twiml("<Gather/>", more=[""], do=[{"at": 1, "press": "1#"}])
    assert asked(result) == ["voice", "voice"]
    assert result.requests[1].params["Digits"] == "1"


# TwiML says: "method: GET|POST, default POST"
@pytest.mark.parametrize(
    ("attribute", "said"), [("", "POST"), ('method="GET"', "GET"), ('method="post"', "POST")]
)
def test_the_action_is_asked_by_its_method(attribute, said):
    assert method(gather(attribute, keys=[(1, "1#")]), "got") == said


# TwiML says: "numDigits: int >= 1, default unlimited"
def test_it_ends_at_num_digits_at_once():
    result = gather('numDigits="2"', keys=[(1, "123")])
    assert told(result, "got")["Digits"] == "12"
    assert "FinishedOnKey" not in told(result, "got")
    assert result.ended_at == pytest.approx(1.3)


def test_without_num_digits_any_number_is_taken():
    assert told(gather(keys=[(1, "1234567890" * 3 + "#")]), "got")["Digits"] == "1234567890" * 3


# TwiML says: "finishOnKey: exactly one of 0-9 # *, or empty string; default #"
@pytest.mark.parametrize(
    ("key", "pressed", "digits"), [("*", "12*", "12"), ("5", "125", "12"), ("#", "1*#", "1*")]
)
def test_it_ends_at_its_key(key, pressed, digits):
    result = gather(f'finishOnKey="{key}"', keys=[(1, pressed)])
    assert told(result, "got")["Digits"] == digits
    assert told(result, "got")["FinishedOnKey"] == key


# TwiML says: "empty = every key is data"
def test_an_empty_finish_on_key_makes_every_key_a_digit():
    params = told(gather('finishOnKey="" numDigits="4"', keys=[(1, "1#*2")]), "got")
    assert params["Digits"] == "1#*2"


# TwiML says: "timeout: int >= 1 s, default 5; one value for both first-digit and inter-digit"
@pytest.mark.parametrize(("attribute", "end"), [("", 6.1), ('timeout="2"', 3.1),
                                                ('timeout="auto"', 6.1)])  # fmt: skip
def test_the_time_runs_from_the_last_digit(attribute, end):
    result = gather(attribute, keys=[(1, "1")])
    assert (told(result, "got")["Digits"], result.ended_at) == ("1", pytest.approx(end))


def test_each_digit_gives_it_its_time_again():
    result = gather('timeout="2"', keys=[(1, "1"), (2.5, "2"), (4, "3")])
    assert (told(result, "got")["Digits"], result.ended_at) == ("123", pytest.approx(6.1))


# TwiML says: "starts after nested prompts end"
def test_the_time_runs_from_the_end_of_the_prompts():
    result = gather('timeout="3"', "<Play>tone.wav</Play>", then="")
    assert (result.ended_at, asked(result)) == (5.0, ["voice"])


# TwiML says: "No input (timeout, or finishOnKey pressed first): fall through"
@pytest.mark.parametrize("keys", [(), [(1, "#")]], ids=["timeout", "finishOnKey only"])
def test_without_digits_the_next_verb_follows(keys):
    result = gather(keys=keys)
    assert [one[1] for one in heard(result)] == ["Next."]
    assert asked(result) == ["voice"]


# TwiML says: "with actionOnEmptyResult=true request action anyway"
@pytest.mark.parametrize("keys", [(), [(1, "#")]], ids=["timeout", "finishOnKey only"])
def test_with_action_on_empty_result_the_action_is_asked_without_digits(keys):
    result = gather('actionOnEmptyResult="true"', keys=keys)
    assert told(result, "got")["Digits"] == ""
    assert heard(result) == []


# TwiML says: "Digits typed before the verb begins: clear the DTMF buffer at Gather start"
def test_what_was_pressed_before_it_is_forgotten():
    result = twiml(
        '<Play>tone.wav</Play><Gather action="got" numDigits="1"/>',
        do=[{"at": 1, "press": "7"}, {"at": 3, "press": "8"}],
    )
    assert told(result, "got")["Digits"] == "8"


# TwiML says: "first key during a prompt stops *all* prompts and starts the inter-digit timer"
@pytest.mark.parametrize("prompt", ["<Say>A sentence of some length.</Say>", "<Pause length='9'/>",
                                    "<Play loop='0'>tone.wav</Play>"])  # fmt: skip
def test_the_first_key_ends_all_prompts(prompt):
    result = gather("", prompt + "<Play>tone.wav</Play>", keys=[(0.5, "1")], then="")
    assert result.heard[-1].until == pytest.approx(0.6)
    assert (told(result, "got")["Digits"], result.ended_at) == ("1", pytest.approx(5.6))


def test_the_prompts_are_heard_in_their_order():
    result = gather("", "<Say>Hello there.</Say><Pause/><Play>tone.wav</Play>", then="")
    assert [one[:2] for one in heard(result)] == [
        ("say", "Hello there."), ("silence", ""), ("play", "tone.wav"),
    ]  # fmt: skip


# TwiML says: "Multiple nested Play: fetch all media before starting" (here: all at once, none waits in line)
def test_the_media_of_all_prompts_is_fetched_from_the_beginning():
    result = gather("", "<Say>Hello there.</Say><Play>tone.wav</Play>")
    assert [one.at for one in result.requests if one.kind == "media"] == [0.0]


def test_a_prompt_that_cannot_be_had_is_passed_over():
    result = gather("", "<Play>no.wav</Play><Play>tone.wav</Play>", keys=[(1, "1#")])
    assert told(result, "got")["Digits"] == "1"
    assert codes(result) == ([11200], [])


# TwiML says: "13750 verb unsupported"
@pytest.mark.parametrize("said", ["speech", "dtmf speech", "speech dtmf"])
def test_speech_is_not_there_and_digits_are_taken(said):
    result = gather(f'input="{said}"', keys=[(1, "1#")])
    assert told(result, "got")["Digits"] == "1"
    assert codes(result) == ([13750], [])


# What belongs to speech only is known, and does nothing
def test_the_attributes_of_speech_are_no_warnings():
    result = gather(
        'speechTimeout="auto" maxSpeechTime="30" bargeIn="false" language="en-GB" hints="a,b" '
        'partialResultCallback="/p" partialResultCallbackMethod="GET" profanityFilter="false" '
        'speechModel="phone_call" enhanced="true" debug="true"',
        keys=[(1, "1#")],
    )
    assert told(result, "got")["Digits"] == "1"
    assert codes(result) == ([], [])


# TwiML says: "13310/13311 Gather finishOnKey (bad char / more than one char); 13312 method; 13313
# timeout; 13314 numDigits; 13320 nested verb"
@pytest.mark.parametrize(
    ("attributes", "prompts", "code"),
    [
        ('finishOnKey="12"', "", 13311),
        ('finishOnKey="x"', "", 13310),
        ('method="PUT"', "", 13312),
        ('timeout="0"', "", 13313),
        ('timeout="soon"', "", 13313),
        ('numDigits="0"', "", 13314),
        ('input="thought"', "", 12200),
        ("", "<Redirect/>", 13320),
        ("", "<Gather/>", 13320),
        ("", "<Say loop='x'>a</Say>", 13510),
    ],
)
def test_what_cannot_be_meant_is_a_warning_and_passed_over(attributes, prompts, code):
    result = gather(attributes, prompts, keys=[(1, "1#")])
    assert codes(result) == ([code], [])
    assert (told(result, "got")["Digits"], method(result, "got")) == ("1", "POST")


# TwiML says: "Caller hangs up during Gather: no action request"
@pytest.mark.parametrize("at", [0.0, 1.0, 2.0, 3.0, 4.15])
def test_a_caller_who_hangs_up_at_any_moment_ends_the_call_without_the_action(at):
    result = gather(
        'actionOnEmptyResult="true"',
        "<Play>tone.wav</Play>",
        keys=[(3.5, "12")],
        do=[{"at": at, "hangup": True}],
    )
    assert asked(result) == ["voice"]
    assert (result.ended_at, result.ended_by) == (at, "caller")
