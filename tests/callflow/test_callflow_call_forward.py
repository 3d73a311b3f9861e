"""call_forward: what the caller hears and presses, and where calls go afterwards."""

import pytest
from flows import act, heard, run

PEOPLE = {
    "users": {"bob": {}, "ann": {}},
    "devices": {
        "desk": {"endpoint": "PJSIP/caller", "owner": "bob"},
        "bob2": {"endpoint": "PJSIP/bob2", "owner": "bob"},
        "lone": {"endpoint": "PJSIP/lone"},
    },
    "trunks": {"out": {"endpoint": "PJSIP/{number}@trunk", "numbers": ["*"]}},
    "callflows": {
        "on": {"patterns": [r"^\*72(\d*)$"], "flow": {"module": "call_forward", "data": {"action": "activate"}}},
    },
}  # fmt: skip
PARTIES = {"bob2": {"busy": True}, "15550199": {"busy": True}, "15550188": {"busy": True}}
NOW, OFF, SAVED = "Your calls now go to", "Call forwarding is off.", "vm-msgsaved"
ENTER = "Please enter the number, followed by the pound key."
MENU_ON = "Call forwarding is on. To turn it off, press 1. To change the number, press 2."
MENU_OFF = "Call forwarding is off. To turn it on, press 1. To change the number, press 2."
RING = ("user", {"id": "bob", "can_call_self": True})


def forward(*actions, do=(), bob=None, people=None):
    """Do each action, then ring bob; return what was heard and who was dialled."""
    flow = act(*RING)
    for action in reversed(actions):
        flow = {"module": "call_forward", "data": {"action": action}, "children": {"_": flow}}
    users = PEOPLE["users"] | {"bob": {"call_forward": bob or {}}}
    directory = PEOPLE | {"users": users} | (people or {})
    result = run(flow, do=do, directory=directory, dial=PARTIES)
    return heard(result), [one.to for one in result.dialled]


def test_the_caller_is_asked_for_the_number_and_calls_go_there():
    said, dialled = forward("activate", do=[{"at": 1, "press": "15550199#"}])
    assert said[-3:] == [SAVED, NOW, "15550199"]
    assert dialled == ["15550199"]


def test_what_was_set_is_turned_off_and_on_again_without_being_asked_again():
    said, dialled = forward("toggle", "toggle", bob={"enabled": True, "number": "15550199"})
    assert said == [OFF, NOW, "15550199"]
    assert dialled == ["15550199"]


def test_off_is_off_whatever_the_directory_says():
    said, dialled = forward("deactivate", bob={"enabled": True, "number": "15550199"})
    assert said == [OFF]
    assert "15550199" not in dialled


def test_another_number_takes_the_place_of_the_one_before():
    said, dialled = forward("update", "activate", bob={"number": "15550199"},
                            do=[{"at": 1, "press": "15550188#"}, {"at": 7, "press": "15550199#"}])  # fmt: skip
    assert said.count(ENTER) == 2
    assert dialled == ["15550199"]


def test_a_menu_goes_on_until_nothing_is_chosen():
    said, dialled = forward("menu", bob={"number": "15550199"}, do=[{"at": 1, "press": "1"}])
    assert said == [MENU_OFF, NOW, "15550199", MENU_ON]
    assert dialled == ["15550199"]


def test_too_short_a_number_is_asked_for_again_and_in_the_end_nothing_changes():
    said, dialled = forward("activate", do=[{"at": 1, "press": "12#"}])
    assert said == [ENTER, ENTER, ENTER]
    assert "bob2" in dialled


def test_a_stranger_is_told_and_the_flow_stops():
    said, dialled = forward("activate", people={"devices": {}})
    assert said == ["feature-not-avail-line"]
    assert dialled == []


def test_without_an_action_it_says_so_and_goes_on():
    assert heard(run(act("call_forward", {}, _="after"))) == ["feature-not-avail-line", "after"]


@pytest.mark.parametrize("at", [0.5, 1.1, 3.0])
def test_who_hangs_up_before_it_is_done_has_changed_nothing(at):
    said, dialled = forward("activate", do=[{"at": at, "hangup": True}])
    assert dialled == []
    assert NOW not in said
