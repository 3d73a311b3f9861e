"""<Echo>: the caller hears himself."""

from twiml_calls import codes, heard, twiml

ECHO = {"directory": {"echo": "Local/s@pivot-echo"}}


# Twilio's SDK has: "<Echo> TwiML Verb"
def test_the_caller_hears_himself_until_he_hangs_up():
    result = twiml(
        "<Echo/><Say>no</Say>",
        settings=ECHO,
        dial={"s": {"answer": True}},
        do=[{"at": 7, "hangup": True}],
    )
    assert (result.ended_at, result.ended_by, result.answered_at) == (7.0, "caller", 0.0)
    assert [(one.to, one.bridged_at, one.ended_at) for one in result.dialled] == [("s", 0.0, 7.0)]
    assert codes(result) == ([], [])


def test_where_the_echo_ends_or_cannot_be_had_the_next_verb_follows():
    for party in ({"answer": True, "talk": 3}, {"fail": 404}):
        result = twiml("<Echo/><Play>tone.wav</Play>", settings=ECHO, dial={"s": party})
        assert heard(result)[-1][1] == "tone.wav"


def test_without_anybody_who_echoes_it_is_a_warning():
    result = twiml("<Echo/><Play>tone.wav</Play>")
    assert codes(result) == ([13750], [])
    assert heard(result)[-1][1] == "tone.wav"


def test_a_caller_who_hangs_up_while_it_begins_ends_the_call():
    result = twiml(
        "<Echo/><Redirect>got</Redirect>",
        settings=ECHO,
        dial={"s": {"ring": 3, "answer": True}},
        do=[{"at": 1, "hangup": True}],
    )
    assert (result.ended_at, len(result.requests)) == (1.0, 1)
