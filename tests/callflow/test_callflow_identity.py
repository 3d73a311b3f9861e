"""Who is shown to be calling, and who takes no second call."""

import pytest
from line_box import Box
from line_fakes import Asterisk, call

from ari_pivot.call.dialled import Identity
from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.callflow.endpoints import Endpoints, Wish, endpoints
from ari_pivot.callflow.features import Features
from ari_pivot.callflow.identity import shown

DESK = {"internal": {"name": "Desk", "number": "101"}}
BOB = {"internal": {"name": "Bob", "number": "100"}, "external": {"number": "+15550100"}}
LTD = {"external": {"name": "Example Ltd", "number": "+15550000"}}
EMERGENCY = {"emergency": {"number": "+15550911"}}
ANN = ("Ann", "+15551230001")


def line(endpoint="PJSIP/desk", name=ANN[0], number=ANN[1], arrived=None, **facts):
    made = call(Asterisk(), endpoint=endpoint, caller_name=name, caller_number=number,
                arrived_as=arrived or (name, number), **facts)  # fmt: skip
    made.directory = ConfiguredDirectory(
        account={"caller_id": LTD | EMERGENCY},
        users={"bob": {"caller_id": BOB}},
        devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob", "caller_id": DESK}},
    )
    return made


@pytest.mark.parametrize(
    ("kind", "name", "number"),
    [
        ("internal", "Bob", "100"),
        ("external", "Example Ltd", "+15550100"),  # each from the first that has one
        ("emergency", "Ann", "+15550911"),
        ("nonsense", None, None),
    ],
)
async def test_a_telephone_shows_what_it_its_user_or_the_account_says(kind, name, number):
    identity = shown(line(), kind)
    assert identity == (Identity(number, name) if number else None)


@pytest.mark.parametrize(
    ("kind", "account", "user", "device", "shown_as"),
    [
        ("internal", {}, {"caller_id": BOB}, {"caller_id": DESK}, ("Bob", "100")),
        ("internal", {"prefer_device_caller_id": True}, {"caller_id": BOB}, {"caller_id": DESK},
         ("Desk", "101")),
        ("internal", {}, {"first_name": "Bob", "last_name": "Smart"}, {"caller_id": DESK},
         ("Bob Smart", "101")),
        ("emergency", {"caller_id": EMERGENCY}, {"caller_id": {"emergency": {"number": "1"}}},
         {"caller_id": {"emergency": {"number": "2"}}}, ("Ann", "2")),
    ],
)  # fmt: skip
async def test_a_user_comes_before_the_telephone_unless_the_account_says_otherwise(
    kind, account, user, device, shown_as
):
    """KAZOO merges account, device, owner; with prefer_device_caller_id account, owner, device."""
    made = line()
    made.directory = ConfiguredDirectory(
        account=account,
        users={"bob": user},
        devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob"} | device},
    )
    identity = shown(made, kind)
    assert (identity.name, identity.number) == shown_as


async def test_a_stranger_is_shown_as_they_came():
    assert shown(line("PJSIP/trunk"), "internal") is None
    assert shown(line("PJSIP/trunk"), "external") is None


async def test_a_number_that_came_withheld_stays_so():
    assert shown(line("PJSIP/trunk", name="", number=""), "external") is None


async def test_what_the_flow_has_made_of_the_caller_is_shown():
    changed = line("PJSIP/trunk", name="Sales", number="+15550101", arrived=ANN)
    assert shown(changed, "internal") == Identity("+15550101", "Sales")


async def test_set_cid_and_prefixes_come_above_all():
    made = line()
    made.facts.onward.name, made.facts.onward.number = "Set", "5"
    assert shown(made, "internal") == Identity("5", "Set")
    made.facts.onward.name = made.facts.onward.number = ""
    made.facts.onward.name_prefix, made.facts.onward.number_prefix = "VIP ", "9"
    assert shown(made, "internal") == Identity("9100", "VIP Bob")


@pytest.mark.parametrize(("name", "number"), [(True, False), (False, True), (True, True)])
async def test_privacy_hides(name, number):
    made = line("PJSIP/trunk")
    made.facts.onward.hide_name, made.facts.onward.hide_number = name, number
    expected = Identity(ANN[1], ANN[0], hide_number=number, hide_name=name)
    assert shown(made, "external") == expected


async def test_a_call_may_be_dialled_without_any():
    identity = shown(line(), "internal", hidden=True)
    assert (identity.hide_name, identity.hide_number) == (True, True)


FORWARDS = {"call_forward": {"enabled": True, "number": "+15550199"}}


@pytest.mark.parametrize(("keep", "number"), [(True, None), (False, "+15550100")])
async def test_a_forwarded_call_shows_the_caller_or_whom_it_was_for(keep, number):
    made = line("PJSIP/trunk")
    bob = {"caller_id": BOB, "call_forward": FORWARDS["call_forward"] | {"keep_caller_id": keep}}
    made.directory = ConfiguredDirectory(
        users={"bob": bob},
        devices={"desk": {"endpoint": "PJSIP/desk", "owner": "bob"}},
        trunks={"out": {"endpoint": "PJSIP/{number}@out", "numbers": ["*"]}},
    )

    found = await added(made, "user", "bob")
    assert [way.target.identity and way.target.identity.number for way in found.ways] == [number]
    assert [way.keypress for way in found.ways] == [True]


async def added(made, kind, id_, states=(), **wish):
    found = Endpoints(made, Features(made.directory, dict(states)))
    await found.add(kind, id_, Wish(**wish))
    return found


class Office:
    """Asterisk in memory, and a caller from outside."""

    def __init__(self, states, **device):
        self.box = Box({"alice": {"answer": True}})
        self.box.asterisk.device_states.update(states)
        self.box.call.directory = ConfiguredDirectory(
            devices={"alice": {"endpoint": "PJSIP/alice", **device}}
        )

    async def ways(self):
        found = await endpoints(self.box.call)
        await found.add("device", "alice", Wish())
        return len(found.ways), found.busy


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("states", "waiting", "found"),
    [
        ({"PJSIP/alice": "INUSE"}, True, (1, False)),
        ({"PJSIP/alice": "INUSE"}, False, (0, True)),
        ({"PJSIP/alice": "RINGING"}, False, (0, True)),
        ({"PJSIP/alice": "NOT_INUSE"}, False, (1, False)),
        ({"PJSIP/alice": "UNAVAILABLE"}, False, (1, False)),
        ({"PJSIP/alice": "INUSE", "Stasis:cw-alice": "INUSE"}, False, (1, False)),
        ({"PJSIP/alice": "INUSE", "Stasis:cw-alice": "NOT_INUSE"}, True, (0, True)),
    ],
)
async def test_who_speaks_is_called_as_call_waiting_says(states, waiting, found):
    assert await Office(states, call_waiting={"enabled": waiting}).ways() == found


@pytest.mark.parametrize(
    ("device", "user", "states", "waits"),
    [
        ({}, {}, {}, True),
        ({}, {"enabled": False}, {}, False),
        ({"enabled": True}, {"enabled": False}, {}, True),
        ({"enabled": False}, {"enabled": True}, {}, False),
        ({}, {"enabled": False}, {"cw-alice": "INUSE"}, True),
        ({}, {"enabled": True}, {"cw-ann": "NOT_INUSE"}, False),
    ],
)
def test_a_telephone_says_before_its_user_whether_it_takes_another_call(
    device, user, states, waits
):
    """KAZOO: "allow the device to override the owner preference"."""
    directory = ConfiguredDirectory(
        users={"ann": {"call_waiting": user} if user else {}},
        devices={"alice": {"endpoint": "PJSIP/alice", "owner": "ann"}
                 | ({"call_waiting": device} if device else {})},
    )  # fmt: skip
    now = Features(directory, states)
    assert now.takes_another(now.of_device("alice")) is waits


@pytest.mark.virtual
@pytest.mark.parametrize(("barge", "found"), [(False, (0, True)), (True, (1, False))])
async def test_an_intercom_call_leaves_who_speaks_alone(barge, found):
    office = Office({"PJSIP/alice": "INUSE"})
    onward = office.box.call.facts.onward
    onward.auto_answer, onward.barge = True, barge
    assert await office.ways() == found


@pytest.mark.virtual
async def test_a_busy_telephone_is_a_busy_line():
    office = Office({"PJSIP/alice": "INUSE"}, call_waiting={"enabled": False})
    heard = {"module": "play", "data": {"id": "busy"}}
    flow = {"module": "device", "data": {"id": "alice"}, "children": {"USER_BUSY": heard}}
    await build(flow).run(office.box.call)
    assert [media for media, *_ in office.box.heard] == ["sound:busy"]


@pytest.mark.virtual
async def test_where_asterisk_cannot_say_nobody_is_left_out():
    office = Office({}, call_waiting={"enabled": False})
    office.box.refuse["list"] = office.box.refuse["get"] = 500
    assert await office.ways() == (1, False)
    assert len(office.box.call.notes) == 2
