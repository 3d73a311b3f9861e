"""disa: dialling on from here."""

import pytest
from flows import act, asked, heard, run

DIAL_TONE = "350+440/10000"
NEXT = {"numbers": ["300"], "flow": act("pivot", {"voice_url": "http://web.test/next"})}
ENTER, WRONG, EXCEEDED, INVALID = (
    "agent-pass",
    "vm-incorrect",
    "please-try-call-later",
    "pbx-invalid",
)


def disa(do=(), children=None, directory=None, **data):
    return run(act("disa", data, **(children or {"_": "after"})), do=do, directory=directory)


def press(at, keys):
    return {"at": at, "press": keys}


def test_a_caller_gets_a_dial_tone_and_dials_a_callflow():
    result = disa([press(2, "200#")])
    assert result.answered_at is not None
    assert heard(result) == [DIAL_TONE, "reception", "after"]
    assert result.heard[0].interrupted


def test_the_call_is_one_to_the_number_that_was_dialled():
    directory = {"callflows": {"next": NEXT}}
    params = asked(disa([press(2, "300#")], directory=directory))
    assert params["Request"] == params["To"] == "300"


def test_as_many_digits_as_a_number_may_have_are_enough():
    result = disa([press(2, "2009")], max_digits=3)
    assert heard(result)[:2] == [DIAL_TONE, "reception"]


@pytest.mark.parametrize(("data", "tone"), [({}, 6.0), ({"ring_repeat_count": 2}, 12.0)])
def test_it_may_ring_instead(data, tone):
    result = disa(retries=1, preconnect_audio="ringing", **data)
    assert heard(result) == ["440+480/2000,0/4000", "after"]
    assert result.heard[0].until - result.heard[0].at == pytest.approx(tone, abs=0.1)


def test_a_number_nobody_takes_is_said_and_costs_a_try():
    result = disa([press(2, "999#"), press(6, "200#")])
    assert heard(result) == [DIAL_TONE, INVALID, DIAL_TONE, "reception", "after"]
    result = disa([press(2, "999#")], retries=1)
    assert heard(result) == [DIAL_TONE, INVALID, "after"]


def test_nothing_dialled_costs_a_try():
    assert heard(disa(retries=2)) == [DIAL_TONE, DIAL_TONE, "after"]


def test_a_pin_lets_in():
    result = disa([press(0.5, "1234#"), press(3, "200#")], pin="1234")
    assert heard(result) == [ENTER, DIAL_TONE, "reception", "after"]


def test_a_wrong_pin_costs_a_try_and_the_last_one_ends_the_flow():
    result = disa([press(0.5, "1#"), press(3, "1234#")], pin="1234", retries=2)
    assert heard(result)[:4] == [ENTER, WRONG, ENTER, DIAL_TONE]
    result = disa([press(0.5, "1#")], pin="1234", retries=1)
    assert heard(result) == [ENTER, WRONG, EXCEEDED]


def test_the_account_is_shown_unless_the_caller_shall_be():
    directory = {"callflows": {"next": NEXT}}
    shown = asked(disa([press(2, "300#")], directory=directory))
    assert shown["Caller-ID-Number"] == "+15551230999"
    assert shown["Caller-ID-Name"] == "Example Ltd"
    own = asked(disa([press(2, "300#")], directory=directory, use_account_caller_id=False))
    assert own["Caller-ID-Number"] == "+15551230001"
    nobody = asked(disa([press(2, "300#")], directory=directory | {"account": {}}))
    assert nobody["Caller-ID-Number"] == "+15551230001"


@pytest.mark.parametrize(
    ("enforced", "ends"), [(True, "feature-not-avail-line"), (False, "premium")]
)
def test_a_class_of_numbers_can_be_denied(enforced, ends):
    directory = {"region": "US"}
    result = disa(
        [press(2, "19005550001#")], enforce_call_restriction=enforced, directory=directory
    )
    assert heard(result)[1] == ends
