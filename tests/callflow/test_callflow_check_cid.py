"""check_cid: branching by the caller's number."""

import pytest
from flows import act, asked, codes, heard, run

from ari_pivot.errors import Code

NEXT = act("pivot", {"voice_url": "http://web.test/next"})


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ({}, "match"),
        ({"regex": r"^\+1555"}, "match"),
        ({"regex": "0001$"}, "match"),
        ({"regex": "5551"}, "match"),
        ({"regex": r"^\+44"}, "nomatch"),
        ({"regex": ""}, "match"),
    ],
)
def test_the_number_is_searched(data, taken):
    flow = act("check_cid", data, match="match", nomatch="nomatch", _="else")
    assert heard(run(flow)) == [taken]


@pytest.mark.parametrize("regex", ["^nobody", ".*"])
def test_without_the_child_the_wildcard_is_taken(regex):
    assert heard(run(act("check_cid", {"regex": regex}, _="else"))) == ["else"]


def test_in_absolute_mode_the_child_is_the_number():
    absolute = {"use_absolute_mode": True}
    children = {"+15551230001": "mine", "match": "match", "_": "else"}
    assert heard(run(act("check_cid", absolute, **children))) == ["mine"]
    del children["+15551230001"]
    assert heard(run(act("check_cid", absolute, **children))) == ["else"]


def test_in_absolute_mode_too_the_number_has_to_match():
    flow = act(
        "check_cid",
        {"use_absolute_mode": True, "regex": r"^\+44"},
        **{"+15551230001": "mine", "nomatch": "nomatch"},
    )
    assert heard(run(flow)) == ["nomatch"]


IDENTITY = {
    "caller_id": {"external": {"name": "Alice", "number": "+15550000009"}},
    "user_id": "alice",
}


def test_who_matches_gets_the_caller_id():
    params = asked(run(act("check_cid", IDENTITY, match=NEXT)))
    assert params["Caller-ID-Name"] == "Alice"
    assert params["Caller-ID-Number"] == "+15550000009"


def test_a_caller_id_is_only_set_whole_and_where_a_child_matches():
    del (less := dict(IDENTITY))["user_id"]
    assert asked(run(act("check_cid", less, match=NEXT)))["Caller-ID-Number"] == "+15551230001"
    assert asked(run(act("check_cid", IDENTITY, _=NEXT)))["Caller-ID-Number"] == "+15551230001"


@pytest.mark.parametrize("regex", ["(", r"(\d+)+(\d+)+(\d+)+x$|(?:(\d*)*)*y", "a" * 1001])
def test_a_pattern_that_cannot_be_used_is_noted_or_fails_in_little_time(regex):
    result = run(act("check_cid", {"regex": regex}, match="match", nomatch="nomatch", _="else"))
    assert heard(result) in (["else"], ["nomatch"])
    assert set(codes(result)) <= {Code.FLOW_SCHEMA}


def test_an_invalid_pattern_leads_to_the_wildcard():
    result = run(act("check_cid", {"regex": "("}, match="match", nomatch="nomatch", _="else"))
    assert heard(result) == ["else"]
    assert codes(result) == [Code.FLOW_SCHEMA]
