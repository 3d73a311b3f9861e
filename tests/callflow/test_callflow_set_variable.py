"""set_variable and branch_variable."""

import pytest
from flows import act, codes, heard, run

from ari_pivot.errors import Code


def then_branch(data, branch, **children):
    return run(act("set_variable", data, _=act("branch_variable", branch, **children)))


def test_the_value_of_a_variable_names_the_child():
    result = then_branch(
        {"variable": "call_priority", "value": "7"},
        {"variable": "call_priority"},
        **{"7": "seven", "8": "eight", "_": "else"},
    )
    assert heard(result) == ["seven"]


def test_a_variable_is_read_by_its_name_as_a_header_has_it():
    result = then_branch(
        {"variable": "group_id", "value": "a"}, {"variable": "Group-ID"}, a="a", _="else"
    )
    assert heard(result) == ["a"]


def test_a_value_without_a_child_and_a_variable_without_a_value_take_the_wildcard():
    assert heard(
        then_branch(
            {"variable": "call_priority", "value": "9"},
            {"variable": "call_priority"},
            **{"7": "seven", "_": "else"},
        )
    ) == ["else"]
    assert heard(run(act("branch_variable", {"variable": "call_priority"}, _="else"))) == ["else"]


@pytest.mark.parametrize(
    "data", [{"variable": "other", "value": "1"}, {"variable": "call_priority"}, {}]
)
def test_other_variables_and_empty_values_are_noted_and_not_set(data):
    result = run(act("set_variable", data, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNSUPPORTED]


@pytest.mark.parametrize(
    ("scope", "variable", "child"),
    [
        ("account", "plan", "gold"),
        ("user", "floor", "2"),
        ("device", "colour", "red"),
        ("merged", "colour", "red"),
        ("merged", "floor", "2"),
        ("merged", "plan", "gold"),
        ("custom_channel_vars", "owner_id", "bob"),
        ("custom_channel_vars", "Authorizing-ID", "desk"),
        ("custom_channel_vars", "Authorizing-Type", "device"),
        ("custom_channel_vars", "Account-ID", "0" * 32),
        ("custom_channel_vars", "plan", "_"),
        ("device", "plan", "_"),
    ],
)
def test_scopes_are_the_directorys(scope, variable, child):
    flow = act(
        "branch_variable", {"scope": scope, "variable": variable}, **{child: "taken", "_": "taken"}
        if child == "_" else {child: "taken", "_": "else"}
    )  # fmt: skip
    assert heard(run(flow)) == ["taken"]


def test_a_stranger_has_neither_telephone_nor_user():
    flow = act(
        "branch_variable", {"scope": "user", "variable": "floor"}, **{"2": "no", "_": "else"}
    )
    assert heard(run(flow, directory={"devices": {}})) == ["else"]


def test_custom_application_variables_are_not_read():
    flow = act(
        "set_variables",
        {"custom_application_vars": {"tier": "gold"}},
        _=act("branch_variable", {"variable": "tier"}, gold="no", _="else"),
    )
    assert heard(run(flow)) == ["else"]
