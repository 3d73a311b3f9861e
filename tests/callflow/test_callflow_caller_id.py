"""set_cid, prepend_cid, privacy, set_alert_info: what those who are dialled later are shown."""

import pytest
from callflow_line import walk
from flows import act, codes, heard, run


async def onward(*actions):
    line = await walk(*actions)
    return line.facts.onward


async def test_a_caller_id_is_set_and_taken_back():
    after = await onward(("set_cid", {"caller_id_name": "Desk", "caller_id_number": "100"}))
    assert after.caller_id("Alice", "+15551230001") == ("Desk", "100")
    after = await onward(
        ("set_cid", {"caller_id_name": "Desk", "caller_id_number": "100"}),
        ("set_cid", {"caller_id_number": "200"}),
    )
    assert after.caller_id("Alice", "+15551230001") == ("Alice", "200")


@pytest.mark.parametrize(
    ("actions", "shown"),
    [
        ([{"caller_id_name_prefix": "VIP "}], ("VIP Alice", "1")),
        ([{"caller_id_name_prefix": "B "}, {"caller_id_name_prefix": "A "}], ("A B Alice", "1")),
        (
            [{"caller_id_number_prefix": "9"}, {"caller_id_number_prefix": "0"}],
            ("Alice", "091"),
        ),
        (
            [
                {"caller_id_name_prefix": "B ", "caller_id_number_prefix": "9"},
                {"caller_id_name_prefix": "A ", "apply_to": "original"},
            ],
            ("A Alice", "1"),
        ),
        ([{"caller_id_name_prefix": "B "}, {"action": "reset"}], ("Alice", "1")),
        ([{"action": "reset", "caller_id_name_prefix": "B "}], ("Alice", "1")),
    ],
)
async def test_prefixes(actions, shown):
    after = await onward(*(("prepend_cid", data) for data in actions))
    assert after.caller_id("Alice", "1") == shown


async def test_a_set_caller_id_has_no_prefix():
    after = await onward(
        ("prepend_cid", {"caller_id_name_prefix": "VIP "}), ("set_cid", {"caller_id_name": "Desk"})
    )
    assert after.caller_id("Alice", "1") == ("Desk", "1")


@pytest.mark.parametrize(
    ("data", "name", "number", "endpoint"),
    [
        ({}, True, True, False),
        ({"mode": "full"}, True, True, False),
        ({"mode": "yes"}, True, True, False),
        ({"mode": "name"}, True, False, False),
        ({"mode": "number"}, False, True, False),
        ({"endpoint_strategy": "merge"}, True, True, True),
    ],
)
async def test_privacy(data, name, number, endpoint):
    after = await onward(("privacy", data))
    assert (after.hide_name, after.hide_number) == (name, number)
    assert after.endpoint_privacy is endpoint


def test_privacy_calls_the_captured_number():
    star = {"module": "callflow", "data": {"id": "anonymous"}}
    result = run(act("menu", {"id": "m"}), do=[{"at": 1, "press": "*67200#"}],
                 directory={"menus": {"m": {"max_extension_length": 6}}})  # fmt: skip
    assert heard(result)[-1] == "reception"
    assert codes(result) == []
    assert heard(run(star | {"children": {"_": act("noop", _="after")}})) == ["after"]


def test_privacy_ends_for_a_captured_number_that_nobody_takes():
    result = run(act("menu", {"id": "m"}), do=[{"at": 1, "press": "*67999#"}],
                 directory={"menus": {"m": {"max_extension_length": 6, "media": {"transfer_media": False}}}})  # fmt: skip
    assert heard(result)[1:] == []


async def test_alert_info():
    after = await onward(("set_alert_info", {"alert_info": "info=internal"}))
    assert after.alert_info == "info=internal"


async def test_variables_for_both_legs():
    line = await walk(
        ("set_variable", {"variable": "call_priority", "value": "5", "channel": "both"}),
        ("set_variable", {"variable": "group_id", "value": "g"}),
    )
    assert line.facts.onward.channel_variables == {"call_priority": "5"}
    assert line.facts.channel_variables == {"call_priority": "5", "group_id": "g"}
