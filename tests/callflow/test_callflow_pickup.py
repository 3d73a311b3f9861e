"""group_pickup, intercept, eavesdrop and their features: a second caller, and the first one's call."""

import asyncio

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.call import Call
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Status, Target
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import Leg
from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import CallEnded
from ari_pivot.simulator.caller import Person

pytestmark = pytest.mark.virtual

NEVER, ANSWERS, STAYS = (
    {"no_answer": True},
    {"ring": 2, "answer": True, "talk": 9},
    {"answer": True},
)
DIRECTORY = ConfiguredDirectory(
    users={"ann": {}, "zoe": {}},
    devices={
        "anns": {"endpoint": "PJSIP/ann", "owner": "ann"},
        "bobs": {"endpoint": "PJSIP/bob"},
        "zoes": {"endpoint": "PJSIP/zoe", "owner": "zoe"},
    },
    groups={
        "sales": {"endpoints": [{"id": "ann", "endpoint_type": "user"},
                                {"id": "sales", "endpoint_type": "group"}]},
    },
    callflows={
        "401": {"numbers": ["401"], "flow": {"module": "ring_group", "data": {
            "endpoints": [{"id": "ann", "endpoint_type": "user"}]}}},
        "402": {"numbers": ["402"], "flow": {"module": "device", "data": {"id": "anns"}}},
        "403": {"numbers": ["403"], "flow": {"module": "hangup"}},
    },
)  # fmt: skip


class Office:
    """The first caller's call is dialled; the second caller, at zoe's, comes at `at` seconds."""

    def __init__(self, ann):
        self.box = Box({"ann": ann, "bob": {"answer": True}})
        self.person = Person(lambda _: None)
        self.channel = self.box.asterisk.call(self.person, "+15551230002", "*8")
        self.person.calls(self.channel, [])
        facts = Facts(id=self.channel.id, sid="CA2", started_at=EPOCH, endpoint="PJSIP/zoe")
        self.second = Call(facts, Leg(self.channel.id, self.channel.state), self.box.ari,
                           self.box.call.media, self.box.now, lines=self.box.lines)  # fmt: skip
        for call in (self.box.call, self.second):
            call.directory = DIRECTORY

    async def play(self, module, data, *, at=1.0, capture="", leaves=None, **plan):
        """Return what came of the first call and of the second one's module."""
        target = Target("PJSIP/ann")
        first = asyncio.create_task(dial(self.box.call, Plan(targets=[target], **plan)))
        await asyncio.sleep(at)
        if leaves is not None:
            self.box.later(leaves, self.channel.leave)
        self.second.facts.capture = capture
        try:
            second = await build({"module": module, "data": data}).run(self.second)
        except CallEnded:
            second = "left"
        return await first, second

    @property
    def said(self):
        return [sound.media for sound in self.person.sounds]


PICKUP = [("group_pickup", {"device_id": "anns"}), ("group_pickup", {"user_id": "ann"}),
          ("group_pickup", {"group_id": "sales"}), ("intercept", {"device_id": "anns"}),
          ("intercept", {"group_id": "sales"})]  # fmt: skip


@pytest.mark.parametrize(("module", "data"), PICKUP)
async def test_who_picks_up_speaks_with_the_caller_and_the_telephone_stops_ringing(module, data):
    office = Office(NEVER)
    office.box.later(6, office.box.channel.leave)
    dialled, _ = await office.play(module, data)
    assert dialled.status is Status.ANSWERED
    assert (dialled.seconds, dialled.ended_by) == (5, "caller")
    assert office.box.party("ann").cause == 26
    assert office.box.call.facts.answered_at == EPOCH + 1
    assert office.box.call.facts.other_leg == office.channel.id
    assert office.second.facts.bridged
    assert office.said == []
    assert "hangup 16" not in office.box.told
    assert not office.second.ended  # whose call goes on where its flow does
    assert office.box.left == {office.channel.id}


@pytest.mark.parametrize("leaves", [0.0, 3.0])
async def test_when_they_leave_the_conversation_is_over(leaves):
    office = Office(NEVER)
    dialled, second = await office.play("group_pickup", {"device_id": "anns"}, leaves=leaves)
    assert second == "left"
    if leaves:
        assert (dialled.ended_by, dialled.seconds) == ("callee", leaves)
    assert not office.box.call.ended


@pytest.mark.parametrize(
    ("module", "kind", "number"),
    [(module, *what) for module in ("group_pickup_feature", "intercept_feature")
     for what in (("extension", "401"), ("extension", "402"), ("device", "ann"), ("device", "anns"),
                  ("user", "ann"))] + [("group_pickup_feature", "group", "sales")],
)  # fmt: skip
async def test_whom_a_number_means_is_picked_up(module, kind, number):
    office = Office(NEVER)
    office.box.later(3, office.box.channel.leave)
    dialled, _ = await office.play(module, {"type": kind}, capture=number)
    assert dialled.winner


@pytest.mark.parametrize(
    ("module", "data", "capture", "prompt"),
    [
        ("group_pickup", {"device_id": "bobs"}, "", "pickup-no_channels"),
        ("group_pickup", {}, "", "pickup-no_users"),
        ("group_pickup", {"user_id": "nobody"}, "", "pickup-no_users"),
        ("group_pickup", {"device_id": "zoes"}, "", "pickup-no_users"),
        ("group_pickup", {"device_id": "anns", "approved_device_id": "bobs"}, "", "pickup-not_allowed"),
        ("group_pickup", {"device_id": "anns", "approved_user_id": "ann"}, "", "pickup-not_allowed"),
        ("intercept", {"device_id": "anns", "approved_group_id": "sales"}, "", "pickup-not_allowed"),
        ("group_pickup_feature", {"type": "extension"}, "403", "park-no_caller"),
        ("group_pickup_feature", {"type": "extension"}, "999", "park-no_caller"),
        ("intercept_feature", {"type": "device"}, "", "park-no_caller"),
        ("eavesdrop", {"device_id": "anns"}, "", "eavesdrop-not_allowed"),
        ("eavesdrop", {"device_id": "anns", "approved_user_id": "ann"}, "", "eavesdrop-not_allowed"),
        ("eavesdrop", {"device_id": "anns", "approved_user_id": "zoe"}, "", "pickup-no_channels"),
        ("eavesdrop", {"device_id": "no", "approved_user_id": "zoe"}, "", "pickup-no_users"),
        ("eavesdrop_feature", {}, "401", "eavesdrop-not_allowed"),
        ("eavesdrop_feature", {"approved_user_id": "zoe"}, "999", "pickup-no_users"),
    ],
)  # fmt: skip
async def test_where_there_is_nothing_to_take_the_caller_is_told(module, data, capture, prompt):
    office = Office({"ring": 9, "busy": True})
    dialled, second = await office.play(module, data, capture=capture)
    assert office.said == [f"sound:{prompt}"]
    assert second is None
    assert dialled.status is Status.BUSY


@pytest.mark.parametrize("data", [{"approved_device_id": "zoes"}, {"approved_user_id": "zoe"}])
async def test_who_is_approved_may(data):
    office = Office(NEVER)
    office.box.later(3, office.box.channel.leave)
    dialled, _ = await office.play("group_pickup", {"device_id": "anns"} | data)
    assert dialled.winner


async def test_a_conversation_is_intercepted_and_who_spoke_is_let_go():
    office = Office(ANSWERS)
    office.box.later(8, office.box.channel.leave)
    dialled, _ = await office.play("intercept", {"device_id": "anns"}, at=5)
    assert office.box.party("ann").ended_at == 5
    assert dialled.ended_by == "caller"
    assert office.box.seconds() == 8
    assert office.second.facts.bridged
    assert office.box.left == {office.channel.id}


async def test_but_not_picked_up():
    office = Office(ANSWERS)
    await office.play("group_pickup", {"device_id": "anns"}, at=5)
    assert office.said == ["sound:pickup-no_channels"]


async def test_of_two_the_first_has_it():
    office = Office(NEVER)
    office.box.later(4, office.box.channel.leave)
    third = Office.__new__(Office)
    third.__dict__ = dict(office.__dict__)
    third.person = Person(lambda _: None)
    third.channel = office.box.asterisk.call(third.person, "+15551230003", "*8")
    third.person.calls(third.channel, [])
    facts = Facts(id=third.channel.id, sid="CA3", started_at=EPOCH, endpoint="PJSIP/bob")
    other = Call(facts, Leg(third.channel.id, third.channel.state), office.box.ari,
                 office.box.call.media, office.box.now, lines=office.box.lines)  # fmt: skip
    other.directory = DIRECTORY
    flow = build({"module": "group_pickup", "data": {"device_id": "anns"}})

    async def later():
        await asyncio.sleep(1)
        await flow.run(other)

    (dialled, _), _ = await asyncio.gather(
        office.play("group_pickup", {"device_id": "anns"}), later()
    )
    assert dialled.winner
    assert sorted([office.second.facts.bridged, other.facts.bridged]) == [False, True]


async def test_a_listener_hears_until_the_conversation_is_over():
    office = Office(ANSWERS)
    data = {"device_id": "anns", "approved_device_id": "zoes"}
    await office.play("eavesdrop", data, at=5)
    assert office.box.seconds() == 11
    snoops = [params for name, params in office.box.sent if name == "snoopChannelWithId"]
    assert [(one["spy"], one["whisper"]) for one in snoops] == [("both", "none")]
    assert office.box.left == {office.channel.id}
    assert office.said == []


async def test_and_who_called_may_be_listened_to_as_well():
    office = Office(ANSWERS)
    office.box.call.facts.endpoint = "PJSIP/bob"
    office.box.later(8, office.box.channel.leave)
    await office.play("eavesdrop", {"device_id": "bobs", "approved_device_id": "zoes"}, at=5)
    (snoop,) = [params for name, params in office.box.sent if name == "snoopChannelWithId"]
    assert snoop["channelId"] == office.box.channel.id


async def test_a_listener_who_leaves_disturbs_nobody():
    office = Office(ANSWERS)
    data = {"device_id": "anns", "approved_device_id": "zoes"}
    dialled, second = await office.play("eavesdrop", data, at=3, leaves=2)
    assert second == "left"
    assert (dialled.ended_by, dialled.seconds) == ("callee", 9)


@pytest.mark.parametrize(("group", "heard"), [("sales", 1), ("nothing", 0)])
async def test_a_number_is_listened_to_in_its_group(group, heard):
    office = Office(ANSWERS)
    data = {"group_id": group, "approved_device_id": "zoes"}
    await office.play("eavesdrop_feature", data, at=5, capture="401")
    assert office.box.told.count("snoopChannelWithId both") == heard
