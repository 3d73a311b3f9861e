"""Dialling: what the caller hears until somebody answers."""

import pytest
from line_box import Box

from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Status, Target
from ari_pivot.call.source import Prompt, Speech, Tone
from ari_pivot.errors import Code

pytestmark = pytest.mark.virtual

ANN, BOB = "PJSIP/ann", "PJSIP/bob"
EARLY = "PJSIP/announcement"
ANSWERS = {"ring": 2, "answer": True, "talk": 5}


def plan(*endpoints, **options):
    return Plan(targets=[Target(one) for one in endpoints], **options)


class TestASoundOfOnesOwn:
    async def test_is_heard_again_and_again_until_the_answer(self):
        box = Box({"ann": {"ring": 1, "answer": True, "talk": 5}})
        await dial(box.call, plan(ANN, ringback=Prompt("beep")))
        assert box.heard == [
            ("sound:beep", 0, 0.44),
            ("sound:beep", 0.44, 0.88),
            ("sound:beep", 0.88, 1),
        ]
        assert "ring" not in box.told
        assert box.call.caller.playing == {}

    async def test_may_be_a_tone_without_an_end(self):
        box = Box({"ann": ANSWERS})
        await dial(box.call, plan(ANN, ringback=Tone("ring;tonezone=uk")))
        assert box.heard == [("tone:ring;tonezone=uk", 0, 2)]

    async def test_is_replaced_by_ringing_when_it_cannot_be_had(self):
        box = Box({"ann": ANSWERS}, state="Up")
        await dial(box.call, plan(ANN, ringback=Speech("broken")))
        assert box.heard == [("ringing:", 0, 2)]
        assert len(box.call.notes) == 1

    async def test_or_cannot_be_played(self):
        box = Box({"ann": ANSWERS}, state="Up")
        await dial(box.call, plan(ANN, ringback=Prompt("gone")))
        assert box.heard == [("ringing:", 0, 2)]
        assert [note.code for note in box.call.notes] == [Code.MEDIA_UNPLAYABLE]

    async def test_ends_with_the_call(self):
        box = Box({"ann": {"no_answer": True}})
        box.later(1, box.person.hang_up)
        dialled = await dial(box.call, plan(ANN, ringback=Tone("ring")))
        assert dialled.status is Status.CANCELED
        assert box.call.notes == []


async def test_ringing_that_cannot_be_had_is_no_reason_not_to_dial():
    box = Box({"ann": ANSWERS})
    box.refuse["ring"] = 500
    dialled = await dial(box.call, plan(ANN))
    assert dialled.status is Status.ANSWERED
    assert [note.code for note in box.call.notes] == [Code.ASTERISK_REFUSED]


class TestEarlyMedia:
    async def test_is_heard_by_a_caller_whom_nobody_has_answered(self):
        box = Box()
        dialled = await dial(box.call, plan(EARLY, time_limit=3))
        assert dialled.seconds == 3
        assert box.told == [
            "ring",
            f"create {EARLY}",
            "dial 35",
            "ringStop",
            "progress",
            "createWithId",
            "addChannel",
            "addChannel",
            "answer",
            "hangup 16",
            "removeChannel",
            "destroy",
        ]

    async def test_replaces_the_ringing_a_caller_hears(self):
        box = Box(state="Up")
        await dial(box.call, plan(EARLY, time_limit=3))
        assert "progress" not in box.told
        assert box.heard == [("ringing:", 0, 0)]

    async def test_may_end_in_a_refusal(self):
        box = Box()
        dialled = await dial(box.call, plan("PJSIP/busy-announcement"))
        assert (dialled.status, dialled.cause, dialled.sip) == (Status.BUSY, 17, 486)
        assert box.left == set()

    async def test_an_older_asterisk_that_cannot_say_so_to_the_caller_goes_on(self):
        box = Box()
        box.refuse["progress"] = 501
        dialled = await dial(box.call, plan(EARLY, time_limit=3))
        assert dialled.status is Status.ANSWERED
        assert box.call.notes == []

    @pytest.mark.parametrize(
        "options",
        [
            {"early_media": False},
            {"ringback": Tone("ring")},
            {"targets": [Target(EARLY), Target(ANN)]},
        ],
    )
    async def test_is_not_heard_where_it_is_not_wanted_or_not_the_only_one(self, options):
        box = Box({"ann": {"no_answer": True}})
        given = {"targets": [Target(EARLY)], "time_limit": 3} | options
        dialled = await dial(box.call, Plan(**given))
        assert dialled.winner.target.endpoint == EARLY
        assert "progress" not in box.told
        assert box.told.index("answer") < box.told.index("createWithId")

    async def test_ends_with_a_caller_who_leaves(self):
        box = Box()
        box.later(1, box.person.hang_up)
        dialled = await dial(box.call, plan(EARLY))
        assert (dialled.status, box.seconds()) == (Status.CANCELED, 1)
        assert box.told[-2:] == ["destroy", "hangup 16"] or box.told[-2:] == [
            "hangup 16",
            "destroy",
        ]


async def test_the_leg_is_asked_nothing_before_it_has_come_to_us():
    box = Box({"ann": ANSWERS})
    await dial(box.call, plan(ANN))
    legs = [params["channelId"] for name, params in box.sent if name in {"create", "dial"}]
    assert legs[0] == legs[1]
    assert legs[0].startswith("leg-")
