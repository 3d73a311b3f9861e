"""collect_dtmf: digits go to a named collection, and from there to every request."""

import pytest
from flows import act, asked, run

LONG = ("tts", {"text": "x" * 60, "terminators": []})  # four seconds
NEXT = {"voice_url": "http://web.test/next"}


def collect(do, *before, then=None, **data):
    """Return the call whose flow collects digits, and asks again."""
    flow = act("collect_dtmf", data, _=act("pivot", NEXT | (then or {})))
    for name, more in reversed(before):
        flow = act(name, more, _=flow)
    return run(flow, do=[{"at": at, "press": keys} for at, keys in do])


def digits(result):
    return asked(result)["Digits"]


def when(result):
    return next(one.at for one in result.requests if "/next" in one.url)


@pytest.mark.parametrize(
    ("data", "pressed", "value", "at"),
    [
        # ref: `max_digits` 1, `timeout` 5000 ms, `interdigit_timeout` 2000 ms, terminator `#`
        ({}, "12", "1", 1.1),
        ({}, "", "", 5.0),
        ({"max_digits": 4}, "12", "12", 3.3),
        ({"max_digits": 4}, "1234", "1234", 1.7),
        ({"max_digits": 4}, "12#", "12", 1.5),
        ({"max_digits": 4}, "#", "", 1.1),
        ({"max_digits": 4, "timeout": 700}, "12", "", 0.7),
        ({"max_digits": 4, "timeout": 1500}, "12", "12", 3.3),
        ({"max_digits": 4, "interdigit_timeout": 300}, "12", "12", 1.6),
        ({"max_digits": "2", "timeout": "1500"}, "123", "12", 1.3),
        # `terminator` comes before `terminators`, and without both it is `#`
        ({"max_digits": 4, "terminator": "*"}, "1#2*", "1#2", 1.7),
        ({"max_digits": 4, "terminators": ["*", "9"]}, "1#9", "1#", 1.5),
        ({"max_digits": 4, "terminator": "*", "terminators": ["#"]}, "1#2*", "1#2", 1.7),
    ],
)
def test_a_terminator_the_last_digit_or_the_time_ends_it(data, pressed, value, at):
    result = collect([(1, pressed)] if pressed else [], **data)
    assert digits(result) == {"default": value}
    assert when(result) == pytest.approx(at)


@pytest.mark.parametrize(
    ("early", "value"),
    [("1234#456#789", "1234"), ("1234", "1234"), ("123#", "123"), ("1*2#3", "1"), ("#234", "")],
)
def test_what_was_pressed_before_is_taken_up_to_a_terminator(early, value):
    # KAZOO, cf_collect_dtmf: its own examples of what is cut off
    result = collect([(0.5, early)], LONG, max_digits=6, terminators=["#", "*"])
    assert digits(result) == {"default": value}


@pytest.mark.parametrize(
    ("early", "late", "value", "at"),
    [
        ("12345", "", "123", 4.0),  # "if already >= max_digits, the first are stored at once"
        ("12#", "", "12", 4.0),
        ("1", "", "1", 9.0),  # for the first of the rest there is `timeout` again
        ("1", "2", "12", 9.1),
        ("1", "23", "123", 7.3),
    ],
)
def test_the_rest_is_collected(early, late, value, at):
    result = collect([(0.5, early), (7, late)] if late else [(0.5, early)], LONG, max_digits=3)
    assert digits(result) == {"default": value}
    assert when(result) == pytest.approx(at)


def test_what_was_pressed_before_is_in_no_other_collection_afterwards():
    # "`collect_dtmf` takes what is there, removes `default`"
    result = collect([(0.5, "12345")], LONG, max_digits=3, collection_name="pin")
    assert digits(result) == {"pin": "123"}


def test_digits_that_nobody_collects_are_in_the_default_collection():
    result = run(act(*LONG, _=act("pivot", NEXT)), do=[{"at": 0.5, "press": "12#"}])
    assert digits(result) == {"default": "12#"}


def test_collections_stay_until_they_are_overwritten():
    second = act("collect_dtmf", {"collection_name": "b"}, _=act("pivot", NEXT))
    result = run(
        act("collect_dtmf", {"collection_name": "a"}, _=second),
        do=[{"at": 1, "press": "1"}, {"at": 2, "press": "2"}],
        web={"next": [act("collect_dtmf", {"collection_name": "a"}, _=act("pivot", NEXT)),
                      act("hangup")]},
    )  # fmt: skip
    sent = [one.params["Digits"] for one in result.requests[1:]]
    assert sent == [{"a": "1", "b": "2"}, {"b": "2", "a": ""}]


@pytest.mark.parametrize("then", [{}, {"req_format": "twiml"}])
def test_the_next_request_has_all_collections_in_whatever_format(then):
    # KAZOO: all collections as an object, in any style of parameters
    result = collect([(1, "12")], then=then, collection_name="pin", max_digits=2)
    assert "Digits[pin]=12" in result.requests[1].url
    assert digits(result) == {"pin": "12"}


def test_a_request_without_collections_has_no_digits():
    for then in ({}, {"req_format": "twiml"}):
        assert "Digits" not in asked(run(act("pivot", NEXT | then)))


def test_in_twimls_format_they_are_sent_once():
    # "`digits_collected` is erased after each send" as long as TwiML goes on
    result = run(
        act("collect_dtmf", {}, _=act("pivot", NEXT | {"req_format": "twiml"})),
        do=[{"at": 1, "press": "7"}],
        web={"next": "<Response><Redirect>/more</Redirect></Response>", "more": "<Response/>"},
    )
    assert [one.params.get("Digits") for one in result.requests[1:]] == [{"default": "7"}, None]
