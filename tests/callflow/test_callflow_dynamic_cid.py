"""dynamic_cid: another caller id."""

import pytest
from flows import act, asked, heard, run

NEXT = act("pivot", {"voice_url": "http://web.test/next"})
ENTER = "Please enter the caller ID, followed by the pound key."
INVALID = "That is not valid. Your own caller ID is used."
ACCEPTED = "440/250,0/50"
LISTS = {
    "lists": {
        "ids": {
            "length": 1,
            "entries": [
                {"cid_key": "1", "cid_name": "Sales", "cid_number": "+15550000001"},
                {"cid_key": "2", "cid_number": "+15550000002"},
                {"cid_key": "3", "cid_name": "Nobody"},
            ],
        }
    }
}


def press(at, keys):
    return {"at": at, "press": keys}


def caller(result):
    params = asked(result)
    return params["Caller-ID-Name"], params["Caller-ID-Number"]


@pytest.mark.parametrize(
    ("data", "keys", "number", "said"),
    [
        ({}, "5550001111", "5550001111", [ENTER, ACCEPTED]),
        ({}, "555#", "+15551230001", [ENTER, INVALID]),
        ({"min_digits": 3}, "555#", "555", [ENTER, ACCEPTED]),
        ({"min_digits": 1, "max_digits": 2}, "5512", "55", [ENTER, ACCEPTED]),
        ({"whitelist_regex": "^4"}, "5550001111", "+15551230001", [ENTER, INVALID]),
        ({"whitelist_regex": "^5"}, "5550001111", "5550001111", [ENTER, ACCEPTED]),
        ({"action": "manual", "media_id": "tts://who"}, "5550001111", "5550001111", ["who", ACCEPTED]),
        ({"action": "lists", "id": "ids"}, "5550001111", "5550001111", [ENTER, ACCEPTED]),
    ],
)  # fmt: skip
def test_the_caller_enters_one(data, keys, number, said):
    result = run(act("dynamic_cid", data, _=NEXT), do=[press(1, keys)], directory=LISTS)
    assert caller(result) == ("unknown", number)
    assert heard(result) == said


def test_who_enters_nothing_keeps_theirs():
    result = run(act("dynamic_cid", {}, _=NEXT))
    assert caller(result) == ("unknown", "+15551230001")
    assert heard(result) == [ENTER, INVALID]


@pytest.mark.parametrize(
    ("caller_id", "shown", "said"),
    [
        ({"name": "Desk", "number": "+15550000009"}, ("Desk", "+15550000009"), []),
        ({"number": "+15550000009"}, ("unknown", "+15550000009"), []),
        ({"name": "Desk"}, ("Desk", "+15551230001"), [INVALID]),
        (None, ("unknown", "+15551230001"), [INVALID]),
    ],
)
def test_a_fixed_one(caller_id, shown, said):
    data = {"action": "static"} | ({"caller_id": caller_id} if caller_id else {})
    result = run(act("dynamic_cid", data, _=NEXT))
    assert caller(result) == shown
    assert heard(result) == said


def by_list(keys, **data):
    """Dial *5, the key of a list, and a number."""
    flow = act("dynamic_cid", {"action": "lists", "id": "ids"} | data, _="after")
    quiet = {"max_extension_length": 6, "media": {"transfer_media": False}}
    return run(
        act("menu", {"id": "m"}),
        do=[press(1, keys)],
        directory=LISTS
        | {
            "menus": {"m": quiet},
            "callflows": {
                "cid": {"patterns": [r"^\*5(?P<key>\d)?(\d*)$", r"^\*5(\d+)$"], "flow": flow},
                "all": {"numbers": ["no_match"], "flow": NEXT},
                "mine": {"numbers": ["200"], "flow": NEXT},
                "premium": {"numbers": ["900"], "flow": NEXT},
            },
            "classifiers": {"short": "^9"},
            "account": {"call_restriction": {"short": {"action": "deny"}}},
        },
    )


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("*51777#", ("Sales", "+15550000001")),
        ("*52777#", ("unknown", "+15550000002")),
        ("*53777#", ("Nobody", "+15551230001")),
        ("*59777#", ("unknown", "+15551230001")),
    ],
)
def test_one_of_a_list_by_the_first_digit(keys, shown):
    result = by_list(keys)
    assert caller(result) == shown
    assert asked(result)["Request"] == "777"


def test_a_callflow_of_its_own_is_called_only_where_that_is_permitted():
    assert heard(by_list("*51200#"))[-1] == "pbx-invalid"
    assert asked(by_list("*51200#", permit_custom_callflow=True))["Request"] == "200"


def test_a_class_of_numbers_can_be_denied():
    denied = by_list("*51900#", permit_custom_callflow=True)
    assert heard(denied)[-1] == "feature-not-avail-line"
    allowed = by_list("*51900#", permit_custom_callflow=True, enforce_call_restriction=False)
    assert asked(allowed)["Request"] == "900"


def test_a_list_that_is_not_there_ends_the_call():
    result = by_list("*51777#", id="nowhere")
    assert heard(result)[-1] == "Your call cannot be completed at this time."
    assert result.ended_by == "pivot"


def test_keys_without_a_number_behind_them_call_nobody():
    assert heard(by_list("*51#"))[-1] == "pbx-invalid"


def test_who_is_asked_for_a_number_is_answered():
    assert run(act("dynamic_cid", {"action": "manual"})).answered_at == 0
