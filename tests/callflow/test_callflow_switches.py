"""do_not_disturb, call_waiting, manual_presence: switches that Asterisk keeps."""

import pytest
from flows import act, heard, run
from line_fakes import Asterisk, call

from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory

ON, OFF = "Do not disturb is on.", "Do not disturb is off."
WAITING, NOT_WAITING = "Call waiting is on.", "Call waiting is off."
NOT_AVAILABLE = "feature-not-avail-line"


def test_do_not_disturb_is_toggled():
    toggle = {"action": "toggle"}
    flow = act("do_not_disturb", toggle, _=act("do_not_disturb", toggle, _="after"))
    result = run(flow)
    assert result.answered_at is not None
    assert heard(result) == [ON, OFF, "after"]


@pytest.mark.parametrize(("action", "said"), [("activate", ON), ("deactivate", OFF)])
def test_do_not_disturb_is_set(action, said):
    flow = act(
        "do_not_disturb", {"action": action}, _=act("do_not_disturb", {"action": action}, _="after")
    )
    assert heard(run(flow)) == [said, said, "after"]


def test_the_switch_of_another_is_another():
    flow = act(
        "do_not_disturb",
        {"action": "toggle"},
        _=act("do_not_disturb", {"action": "toggle", "id": "desk"}, _="after"),
    )
    assert heard(run(flow)) == [ON, ON, "after"]


def test_a_stranger_has_no_switches():
    nobody = {"devices": {}}
    assert heard(run(act("do_not_disturb", {"action": "toggle"}, _="no"), directory=nobody)) == [
        NOT_AVAILABLE
    ]
    assert heard(run(act("call_waiting", {}, _="no"), directory=nobody)) == [NOT_AVAILABLE]


def test_without_an_action_nothing_is_switched():
    assert heard(run(act("do_not_disturb", {}, _="after"))) == [NOT_AVAILABLE, "after"]


def test_call_waiting_is_on_until_it_is_turned_off():
    flow = act("call_waiting", {}, _=act("call_waiting", {}, _="after"))
    assert heard(run(flow)) == [NOT_WAITING, WAITING, "after"]


@pytest.mark.parametrize(
    ("module", "document", "said"),
    [
        ("do_not_disturb", {"do_not_disturb": {"enabled": True}}, [OFF, ON]),
        ("do_not_disturb", {"do_not_disturb": {"enabled": False}}, [ON, OFF]),
        ("call_waiting", {"call_waiting": {"enabled": False}}, [WAITING, NOT_WAITING]),
        ("call_waiting", {"call_waiting": {"enabled": True}}, [NOT_WAITING, WAITING]),
    ],
)
def test_what_is_toggled_begins_as_the_directory_says(module, document, said):
    # KAZOO, cf_do_not_disturb: `enabled` of the document is what is toggled
    desk = {"endpoint": "PJSIP/caller"} | document
    toggle = {"action": "toggle"}
    flow = act(module, toggle, _=act(module, toggle))
    assert heard(run(flow, directory={"users": {}, "devices": {"desk": desk}})) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "activate"}, WAITING),
        ({"action": "deactivate"}, NOT_WAITING),
        ({"action": "deactivate", "scope": "user"}, NOT_WAITING),
    ],
)
def test_call_waiting_is_set(data, said):
    assert heard(run(act("call_waiting", data, _="after"))) == [said, "after"]


class Switchboard(Asterisk):
    """Keeps device states."""

    def __init__(self):
        super().__init__()
        self.states = {}

    def _update(self, params):
        self.states[params["deviceName"]] = params["deviceState"]
        return 204, ""


async def switched(module, data):
    asterisk = Switchboard()
    line = call(asterisk, state="Up", endpoint="PJSIP/desk")
    line.directory = ConfiguredDirectory(
        users={"bob": {}}, devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob"}}
    )
    await build({"module": module, "data": data}).run(line)
    return asterisk.states


@pytest.mark.parametrize(
    ("module", "data", "states"),
    [
        ("do_not_disturb", {"action": "activate"}, {"Stasis:dnd-bob": "INUSE"}),
        ("do_not_disturb", {"action": "deactivate", "id": "desk"}, {"Stasis:dnd-desk": "NOT_INUSE"}),
        ("call_waiting", {"action": "activate"}, {"Stasis:cw-desk": "INUSE"}),
        ("call_waiting", {"action": "deactivate", "scope": "user"}, {"Stasis:cw-bob": "NOT_INUSE"}),
        ("manual_presence", {"presence_id": "fire"}, {"Stasis:presence-fire": "NOT_INUSE"}),
        ("manual_presence", {"presence_id": "fire@example.com", "status": "busy"}, {"Stasis:presence-fire": "INUSE"}),
        ("manual_presence", {"presence_id": "a b/c", "status": "ringing"}, {"Stasis:presence-a_b_c": "RINGING"}),
        ("temporal_route", {"action": "enable", "rules": ["a", "b"]}, {"Stasis:temporal-a": "INUSE", "Stasis:temporal-b": "INUSE"}),
        ("temporal_route", {"action": "disable", "rules": ["a"]}, {"Stasis:temporal-a": "NOT_INUSE"}),
    ],
)  # fmt: skip
async def test_a_lamp_shows_it(module, data, states):
    assert await switched(module, data) == states
