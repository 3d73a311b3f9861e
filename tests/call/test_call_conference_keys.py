"""Conferences: what members do by keys."""

import pytest
from line_box import Box

from ari_pivot.call.attend import attend
from ari_pivot.call.attendance import Change, Keys, Left, Plan
from ari_pivot.call.source import Prompt
from ari_pivot.callflow.conferences import AdHocConference
from ari_pivot.callflow.controls import keys

pytestmark = pytest.mark.virtual

USUAL = keys(AdHocConference(), moderator=False)
RX, TX = "VOLUME(RX)", "VOLUME(TX)"


async def attended(pressed, seen=(), **plan):
    """Press a key a second, from the first second on; return what came of it, and `seen` of it."""
    box, changes = Box(), []
    for at, key in enumerate(pressed, 1):
        box.later(at, box.channel.press, key, 0.1)
    looks = []
    for at in seen:
        box.later(at, lambda: looks.append((set(box.channel.muted), dict(box.channel.variables))))
    box.later(len(pressed) + 3, box.person.hang_up)
    plan = Plan(
        conference="x", quorum=1, keys=plan.pop("keys", USUAL),
        watch=lambda happening: changes.append(happening.change), **plan,
    )  # fmt: skip
    came = await attend(box.call, plan)
    return came.left, changes[2:-2], looks, box


@pytest.mark.parametrize(
    ("pressed", "at", "muted", "changes"),
    [
        ("0", 2, {"in"}, [Change.MUTE]),
        ("00", 3.5, set(), [Change.MUTE, Change.UNMUTE]),
        ("*", 2, {"in", "out"}, [Change.MUTE]),
        ("**", 3, set(), [Change.MUTE, Change.UNMUTE]),
        ("*0", 3.5, set(), [Change.MUTE, Change.UNMUTE]),
        ("789", 4, set(), []),  # how much noise is needed to be heard: Asterisk has no such thing
    ],
)
async def test_who_mutes_themselves_is_not_heard(pressed, at, muted, changes):
    left, told, looks, box = await attended(pressed, [at])
    assert (left, told, looks[0][0]) == (Left.CALLER, changes, muted)
    assert box.left == set()


async def test_who_joined_muted_may_be_heard_after_all():
    _, told, looks, _ = await attended("0", [0.5, 2], muted=True)
    assert [look[0] for look in looks] == [{"in"}, set()]
    assert told == [Change.UNMUTE]


@pytest.mark.parametrize(
    ("pressed", "name", "value"),
    [("3", RX, "2"), ("33", RX, "3"), ("1", RX, "-2"), ("31", RX, "0"), ("332", RX, "0"),
     ("6", TX, "2"), ("4", TX, "-2"), ("65", TX, "0"), ("333333", RX, "5"), ("444444", TX, "-5")],
)  # fmt: skip
async def test_they_are_louder_or_less_loud(pressed, name, value):
    _, _, looks, _ = await attended(pressed, [len(pressed) + 0.5])
    assert looks[0][1].get(name) == value


async def test_the_usual_volume_and_voice_are_there_again_afterwards():
    box = Box()
    for at, key in ((1, "3"), (2, "0")):
        box.later(at, box.channel.press, key, 0.1)
    plan = Plan(conference="x", quorum=1, keys=USUAL, time_limit=5)
    assert (await attend(box.call, plan)).left is Left.LIMIT
    assert (box.channel.variables[RX], box.channel.muted) == ("0", set())


async def test_a_key_leaves():
    assert (await attended("#"))[0] is Left.KEY


async def test_who_is_alone_with_music_leaves_as_well():
    assert (await attended("0#", music_alone=True))[0] is Left.KEY


async def test_who_mutes_themselves_is_told():
    muting = Keys({"0": "mute"}, Prompt("now-muted"), Prompt("now-unmuted"))
    *_, box = await attended("00", keys=muting)
    assert [one for one in box.told if one.startswith("playWithId")] == [
        "playWithId sound:now-muted", "playWithId sound:now-unmuted",
    ]  # fmt: skip


async def test_several_keys_may_be_one():
    left, told, *_ = await attended("0121#", keys=Keys({"01": "mute", "21": "hangup"}))
    assert (left, told) == (Left.KEY, [Change.MUTE])


async def test_keys_that_ask_for_nothing_do_nothing():
    assert (await attended("0#", keys=Keys()))[:2] == (Left.CALLER, [])


async def test_a_command_that_is_refused_is_noted():
    box = Box()
    box.refuse = {"setChannelVar": 500}
    box.later(1, box.channel.press, "3", 0.1)
    box.later(4, box.person.hang_up)
    assert (await attend(box.call, Plan(conference="x", quorum=1, keys=USUAL))).left is Left.CALLER
    assert len(box.call.notes) == 1


GROUPS = {
    "few": [{"action": "hangup", "digits": "9"}, {"action": "mute"}, "nonsense"],
    "none": [],
}


@pytest.mark.parametrize(
    ("document", "moderator", "actions"),
    [
        ({}, False, USUAL.actions),
        ({"caller_controls": "few", "controls": GROUPS}, False, {"9": "hangup"}),
        ({"caller_controls": "few", "controls": GROUPS}, True, USUAL.actions),
        ({"moderator_controls": "none", "controls": GROUPS}, True, {}),
        ({"profile": {"caller-controls": "few"}, "controls": GROUPS}, False, {"9": "hangup"}),
        ({"caller_controls": "other", "controls": GROUPS}, False, USUAL.actions),
    ],
)
def test_a_document_says_which_keys_do_what(document, moderator, actions):
    found = keys(AdHocConference.model_validate(document), moderator=moderator)
    assert dict(found.actions) == dict(actions)
