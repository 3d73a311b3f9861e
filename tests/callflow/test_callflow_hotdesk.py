"""hotdesk: logging in at a telephone, out, and being rung there."""

import pytest
from flows import act, heard, run
from line_box import Box

from ari_pivot.callflow import build, params
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.callflow.identity import shown
from ari_pivot.callflow.restriction import restricted

ANN = {"id": "77", "pin": "1234", "enabled": True}
DEVICES = {
    "desk": {"endpoint": "PJSIP/caller", "owner": "bob"},
    "anns": {"endpoint": "PJSIP/anns", "owner": "ann"},
}
PARTIES = {"caller": {"busy": True}, "anns": {"busy": True}}
LOGGED_IN, LOGGED_OUT, BYE = "agent-loginok", "agent-loggedoff", "vm-goodbye"
ENTER_ID, ENTER_PIN, WRONG, ABORT = "agent-user", "agent-pass", "agent-incorrect", "sorry-youre-having-problems"  # fmt: skip
ANNS = ("user", {"id": "ann", "can_call_self": True})


def desk(*actions, do=(), devices=None, last=ANNS, **ann):
    """Do each action with ann's id, or as it is; then ring ann."""
    flow = act(*last)
    for action in reversed(actions):
        data = {"action": action, "id": "ann"} if isinstance(action, str) else action
        flow = {"module": "hotdesk", "data": data, "children": {"_": flow}}
    users = {"bob": {}, "ann": {"hotdesk": ANN | ann}}
    directory = {"users": users, "devices": DEVICES if devices is None else devices}
    result = run(flow, do=do, directory=directory, dial=PARTIES)
    return heard(result), [one.to for one in result.dialled]


def test_who_logs_in_is_rung_there_as_well():
    said, dialled = desk("login")
    assert said == [LOGGED_IN, BYE]
    assert dialled == ["anns", "caller"]


def test_and_not_any_more_after_logging_out():
    said, dialled = desk("login", "logout")
    assert said == [LOGGED_IN, BYE, LOGGED_OUT, BYE]
    assert dialled == ["anns"]


def test_a_toggle_is_one_or_the_other():
    assert desk("toggle", "toggle")[0] == [LOGGED_IN, BYE, LOGGED_OUT, BYE]


def test_a_pin_is_asked_for_where_one_is_needed():
    said, dialled = desk("login", do=[{"at": 0.5, "press": "1234#"}], require_pin=True)
    assert said == [ENTER_PIN, LOGGED_IN, BYE]
    assert dialled == ["anns", "caller"]


@pytest.mark.parametrize("pin", ["9999", ""])
def test_a_wrong_pin_three_times_is_none(pin):
    said, dialled = desk("login", do=[{"at": 0.5, "press": "1#"}], require_pin=True, pin=pin)
    assert said == [ENTER_PIN, WRONG] * 3 + [ABORT, BYE]
    assert dialled == ["anns"]


def test_without_a_user_the_caller_says_who_they_are():
    said, dialled = desk({"action": "login"}, do=[{"at": 0.5, "press": "77#"}])
    assert said == [ENTER_ID, LOGGED_IN, BYE]
    assert dialled == ["anns", "caller"]


def test_and_who_is_nobody_is_let_go():
    said, _ = desk({"action": "login"}, do=[{"at": 0.5, "press": "78#"}])
    assert said == [ENTER_ID, WRONG, ENTER_ID, ENTER_ID, ABORT]


def test_at_no_telephone_of_ours_nobody_logs_in():
    assert desk("login", devices={})[0] == [ABORT, BYE]


def test_an_unknown_user_is_told():
    assert desk({"action": "login", "id": "nobody"})[0] == [ABORT]


def test_a_bridge_rings_where_the_user_is():
    bridge = ("hotdesk", {"action": "bridge", "id": "ann"})
    # the caller's own telephone is not rung, though that is where ann is
    assert desk("login", last=bridge)[1] == []
    assert desk(last=bridge)[1] == []


def test_owners_features_do_not_hold_for_a_guest():
    quiet = {"desk": DEVICES["desk"], "anns": DEVICES["anns"]}
    flow = act("do_not_disturb", {"action": "activate", "id": "bob"},
               _=act("hotdesk", {"action": "login", "id": "ann"}, _=act(*ANNS)))  # fmt: skip
    users = {"bob": {}, "ann": {"hotdesk": ANN}}
    result = run(flow, directory={"users": users, "devices": quiet}, dial=PARTIES)
    assert [one.to for one in result.dialled] == ["anns", "caller"]


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("where", "user", "refused"), [("desk", "ann", False), ("other", "bob", True)]
)
async def test_calls_from_where_a_guest_is_are_the_guests(where, user, refused):
    """KAZOO's endpoint is merged with the users of its hotdesk, and only else with its owner."""
    box = Box()
    box.call.facts.endpoint = "PJSIP/desk"
    deny = {"all": {"action": "deny"}}
    box.call.directory = ConfiguredDirectory(
        users={"ann": {"hotdesk": ANN, "caller_id": {"internal": {"number": "77"}}}, "bob": {}},
        devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob", "call_restriction": deny}},
        classifiers={"all": "."},
    )
    box.asterisk.device_states[f"Stasis:hotdesk-ann@{where}"] = "INUSE"
    await build({"module": "noop", "data": {}}).run(box.call)
    assert params(box.call, "")["User-ID"] == user
    identity = shown(box.call, "internal")
    assert (identity.number if identity else None) == ("77" if user == "ann" else None)
    denied = [box.call.directory.denied("5", party) for party in restricted(box.call)]
    assert any(denied) is refused


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("keeps", "action", "left"),
    [(False, "login", {"desk"}), (True, "login", {"desk", "other"}),
     (False, "logout", set()), (True, "logout", {"other"})],
)  # fmt: skip
async def test_logins_elsewhere_are_kept_or_ended(keeps, action, left):
    box = Box()
    box.call.facts.endpoint = "PJSIP/desk"
    box.call.directory = ConfiguredDirectory(
        users={"ann": {"hotdesk": ANN | {"keep_logged_in_elsewhere": keeps}}},
        devices={name: {"endpoint": f"PJSIP/{name}"} for name in ("desk", "other")},
    )
    states = box.asterisk.device_states
    states["Stasis:hotdesk-ann@other"] = "INUSE"
    if action == "logout":
        states["Stasis:hotdesk-ann@desk"] = "INUSE"
    await build({"module": "hotdesk", "data": {"action": action, "id": "ann"}}).run(box.call)
    assert {name.partition("@")[2] for name in states} == left
