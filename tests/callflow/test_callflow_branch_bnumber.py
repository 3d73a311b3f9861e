"""branch_bnumber: branching by what a number's pattern has captured."""

import pytest
from callflow_line import walk
from flows import act, heard, run

PATTERN = r"^\*7(\d+)$"


def dial(number, data, **children):
    """Let the caller dial a number in a menu, whose pattern captures what follows *7."""
    flow = act("branch_bnumber", data, **children)
    result = run(
        act("menu", {"id": "m"}),
        do=[{"at": 2, "press": f"{number}#"}],
        directory={
            "menus": {
                "m": {
                    "max_extension_length": 6,
                    "retries": 1,
                    "media": {"transfer_media": False, "exit_media": False},
                }
            },
            "callflows": {
                "star": {"patterns": [PATTERN], "flow": flow},
                "reception": {"numbers": ["200"], "flow": {"module": "tts", "data": {"text": "reception"}}},
            },
        },
    )  # fmt: skip
    return heard(result)[1:]


def test_the_child_is_what_was_captured():
    assert dial("*7200", {}, **{"200": "mine", "_": "else"}) == ["mine"]
    assert dial("*7300", {}, **{"200": "mine", "_": "else"}) == ["else"]


@pytest.mark.parametrize(
    ("data", "taken"),
    [
        ({"hunt": True}, ["reception", "after"]),
        ({"hunt": True, "hunt_allow": "^2"}, ["reception", "after"]),
        ({"hunt": True, "hunt_allow": "^3"}, ["after"]),
        ({"hunt": True, "hunt_deny": "^2"}, ["after"]),
        ({"hunt": True, "hunt_deny": "^3"}, ["reception", "after"]),
        ({"hunt": False}, ["after"]),
    ],
)
def test_what_was_captured_is_hunted_for(data, taken):
    assert dial("*7200", data, _="after") == taken


def test_without_a_capture_it_is_the_number_that_was_dialled():
    # KAZOO, cf_branch_bnumber: the request's user where nothing was captured
    assert heard(run(act("branch_bnumber", {}, **{"1000": "mine", "_": "else"}))) == ["mine"]


def test_a_number_nobody_takes_leads_to_the_wildcard():
    assert dial("*7999", {"hunt": True}, _="after") == ["after"]


def test_without_a_capture_the_wildcard_is_taken():
    assert heard(run(act("branch_bnumber", {"hunt": True}, _="else"))) == ["else"]


async def test_the_dialplan_may_say_what_was_captured():
    line = await walk(("branch_bnumber", {}), capture="200")
    assert line.doing == "noop"
