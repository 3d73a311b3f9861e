"""temporal_route: branching by the time. Simulated calls arrive on Thursday 2026-01-01, 0:00 UTC."""

import pytest
from flows import act, heard, run

RULES = {
    "thursdays": {"cycle": "weekly", "wdays": ["thursday"]},
    "wednesdays": {"cycle": "weekly", "wdays": ["wensday"]},
    "nights": {"cycle": "daily", "time_window_start": 0, "time_window_stop": 3600},
    "days": {"cycle": "daily", "time_window_start": 3600},
    "on": {"cycle": "date", "start_date": "2000-01-01", "enabled": True},
    "off": {"cycle": "daily", "enabled": False},
}
SETS = {
    "open": {"temporal_rules": ["days", "wednesdays"]},
    "closed": {"temporal_rules": ["off", "nights"]},
}


def route(data=None, directory=None, **children):
    return run(
        act("temporal_route", data or {}, **children),
        directory={
            "account": {},
            "temporal_rules": RULES,
            "temporal_rule_sets": SETS,
            **(directory or {}),
        },
    )


def children(*names):
    return {name: name for name in (*names, "_")}


def test_the_first_child_whose_rule_applies_is_taken():
    assert heard(route(**children("wednesdays", "nights", "thursdays"))) == ["nights"]


def test_rules_come_before_children_and_name_the_child():
    assert heard(route({"rules": ["thursdays"]}, **children("nights", "thursdays"))) == [
        "thursdays"
    ]


def test_where_no_rule_applies_the_wildcard_is_taken():
    assert heard(route(**children("wednesdays", "days", "off", "nowhere"))) == ["_"]
    assert heard(route({"rules": ["thursdays"]}, _="else")) == ["else"]


def test_a_rule_may_be_on_or_off_whatever_the_time():
    assert heard(route(**children("off", "on"))) == ["on"]


def test_a_set_of_rules_is_a_child():
    assert heard(route(**children("open", "closed"))) == ["closed"]
    assert heard(route({"rule_set": "closed"}, **children("rule_set"))) == ["rule_set"]
    assert heard(route({"rule_set": "nowhere"}, **children("rule_set"))) == ["_"]


@pytest.mark.parametrize(
    ("data", "directory", "taken"),
    [
        ({"timezone": "America/New_York"}, {}, "wednesdays"),
        ({}, {"timezone": "America/New_York"}, "wednesdays"),
        ({}, {"account": {"timezone": "America/New_York"}}, "wednesdays"),
        ({}, {"users": {"bob": {"timezone": "America/New_York"}}}, "wednesdays"),
        ({"timezone": "Europe/Berlin"}, {"timezone": "America/New_York"}, "thursdays"),
        ({"timezone": "Nowhere/Land"}, {"timezone": "America/New_York"}, "wednesdays"),
        ({"timezone": "../etc"}, {}, "thursdays"),
        ({}, {}, "thursdays"),
    ],
)
def test_the_time_is_that_of_the_nearest_timezone(data, directory, taken):
    assert heard(route(data, directory, **children("thursdays", "wednesdays"))) == [taken]


@pytest.mark.parametrize(
    ("action", "said", "taken"),
    [("enable", "activated", "off"), ("disable", "de-activated", "nights")],
)
def test_rules_are_switched_for_all_calls(action, said, taken):
    switch = act("temporal_route", {"action": action, "rules": ["off"]})
    route_ = act("temporal_route", {}, **children("off", "nights"))
    result = run(
        act("callflow", {"id": "switch"}, _=route_),
        directory={
            "account": {},
            "temporal_rules": RULES,
            "callflows": {"switch": {"flow": switch}},
        },
    )
    assert heard(result) == [said, taken]
    assert result.answered_at is not None


def test_a_switched_rule_follows_the_clock_again_after_a_reset():
    disable, reset = (
        {"flow": act("temporal_route", {"action": action, "rules": ["nights"]})}
        for action in ("disable", "reset")
    )
    then = act("temporal_route", {}, **children("nights"))
    result = run(
        act("callflow", {"id": "disable"}, _=act("callflow", {"id": "reset"}, _=then)),
        directory={
            "account": {},
            "temporal_rules": RULES,
            "callflows": {"disable": disable, "reset": reset},
        },
    )
    assert heard(result)[-1] == "nights"


@pytest.mark.parametrize(
    ("key", "said"),
    [("1", "activated"), ("2", "de-activated"), ("3", "The schedule is followed again.")],
)
def test_the_caller_may_choose_what_is_switched(key, said):
    result = run(
        act("temporal_route", {"action": "menu", "rules": ["nights"]}, _="never"),
        do=[{"at": 1, "press": "9"}, {"at": 3, "press": key}],
        directory={"temporal_rules": RULES},
    )
    assert heard(result)[2:] == [said]
