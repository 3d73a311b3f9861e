"""Dialling: who answers, who does not, and who leaves when. Causes are Q.850's."""

import pytest
from line_box import EPOCH, Box

from ari_pivot.call.answer import answer
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Identity, Plan, Progress, Status, Target, outcome

pytestmark = pytest.mark.virtual

ANN, BOB, ZOE = "PJSIP/ann", "PJSIP/bob", "PJSIP/zoe"
ANSWERS = {"ring": 2, "answer": True, "talk": 5}
STAYS = {"ring": 2, "answer": True}
NEVER = {"no_answer": True}


def plan(*endpoints, **options):
    timeout = options.pop("each", 30)
    return Plan(targets=[Target(one, timeout=timeout) for one in endpoints], **options)


def ends(dialled):
    return [(one.target.endpoint, one.status.value, one.cause) for one in dialled.attempts]


class TestSomebodyAnswers:
    @pytest.mark.parametrize("events_first", [False, True])
    async def test_the_two_speak_until_the_other_side_hangs_up(self, events_first):
        box = Box({"ann": ANSWERS}, events_first=events_first)
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.ended_by) == (Status.ANSWERED, "callee")
        assert (dialled.cause, dialled.seconds) == (16, 5)
        assert box.told == [
            "ring",
            f"create {ANN}",
            "dial 35",
            "ringStop",
            "answer",
            "createWithId",
            "addChannel",
            "addChannel",
            "removeChannel",
            "destroy",
        ]
        assert box.left == set()
        assert not box.call.ended
        assert box.call.notes == []

    async def test_the_caller_is_answered_when_the_other_side_is(self):
        box = Box({"ann": ANSWERS})
        await dial(box.call, plan(ANN))
        assert box.call.facts.answered_at == EPOCH + 2
        assert box.call.facts.bridged

    async def test_a_caller_who_is_answered_hears_ringing_and_is_not_answered_again(self):
        box = Box({"ann": ANSWERS}, state="Up")
        await dial(box.call, plan(ANN))
        assert "answer" not in box.told
        assert box.heard == [("ringing:", 0, 2)]

    @pytest.mark.parametrize("events_first", [False, True])
    async def test_each_step_is_told_once_and_in_order(self, events_first):
        box, steps = Box({"ann": ANSWERS}, events_first=events_first), []
        await dial(box.call, plan(ANN, on_progress=lambda _, step: steps.append(step)))
        assert steps == list(Progress)

    async def test_the_time_of_each_step_is_known(self):
        box = Box({"ann": ANSWERS})
        (attempt,) = (await dial(box.call, plan(ANN))).attempts
        assert [at - EPOCH for at in attempt.at.values()] == [0, 0, 2, 2, 7]

    async def test_the_leg_is_shown_the_callers_own_identity(self):
        box = Box({"ann": ANSWERS})
        await dial(box.call, plan(ANN))
        sent = dict(box.sent)
        assert sent["dial"]["caller"] == sent["create"]["originator"] == box.channel.id
        assert sent["create"]["app"] == box.call.app

    async def test_or_another_one_and_gets_the_variables_of_its_target(self):
        box = Box({"ann": ANSWERS})
        identity = Identity("+15550009999", "Desk")
        target = Target(ANN, identity=identity, variables={"PJSIP_HEADER(add,X-Tag)": "7"})
        await dial(box.call, Plan(targets=[target]))
        sent = dict(box.sent)
        assert sent["dial"]["caller"] is None
        assert sent["create"]["variables"] == {
            "PJSIP_HEADER(add,X-Tag)": "7",
            "CONNECTEDLINE(num,i)": "+15550009999",
            "CONNECTEDLINE(num-pres,i)": "allowed",
            "CONNECTEDLINE(name,i)": "Desk",
        }

    async def test_what_is_hidden_is_not_told(self):
        box = Box({"ann": ANSWERS})
        identity = Identity("+15550009999", "Desk", hide_number=True, hide_name=True)
        await dial(box.call, Plan(targets=[Target(ANN, identity=identity)]))
        variables = dict(box.sent)["create"]["variables"]
        assert variables["CONNECTEDLINE(num-pres,i)"] == "prohib"
        assert variables["CONNECTEDLINE(name,i)"] == ""


class TestNobodyAnswers:
    @pytest.mark.parametrize(
        ("party", "status", "cause", "sip"),
        [
            ({"busy": True, "ring": 1}, Status.BUSY, 17, 486),
            ({"reject": True}, Status.BUSY, 21, 603),
            ({"reject": 403}, Status.FAILED, 21, 403),
            ({"fail": 404}, Status.FAILED, 1, 404),
            ({"fail": 480}, Status.NO_ANSWER, 19, 480),
            ({"fail": 503}, Status.FAILED, 34, 503),
            (NEVER, Status.NO_ANSWER, 19, 487),
        ],
    )
    async def test_the_end_of_the_leg_says_why(self, party, status, cause, sip):
        box = Box({"ann": party})
        dialled = await dial(box.call, plan(ANN))
        assert (dialled.status, dialled.cause, dialled.sip) == (status, cause, sip)
        assert (dialled.winner, dialled.ended_by, dialled.seconds) == (None, "", 0)
        assert box.left == set()
        assert not box.call.caller.up

    async def test_whoever_rings_too_long_is_hung_up(self):
        box = Box({"ann": NEVER})
        await dial(box.call, plan(ANN, each=12.5))
        assert box.seconds() == 12.5
        assert box.told[-3:] == ["dial 18", "hangup 19", "ringStop"]
        assert box.party("ann").ended_at == 12.5

    async def test_an_endpoint_that_asterisk_does_not_know_has_failed(self):
        box, steps = Box(), []
        dialled = await dial(
            box.call, plan("PJSIP/unknown", on_progress=lambda _, step: steps.append(step))
        )
        assert (dialled.status, dialled.cause) == (Status.FAILED, 3)
        assert steps == [Progress.INITIATED, Progress.ENDED]
        assert [note.message for note in box.call.notes] == ["Allocation failed"]
        assert box.left == set()

    async def test_there_may_be_nobody_to_dial(self):
        dialled = await dial(Box().call, plan())
        assert (dialled.status, dialled.cause, dialled.sip) == (Status.FAILED, 0, 0)

    async def test_ringing_stops_for_whatever_comes_next(self):
        box = Box({"ann": {"busy": True, "ring": 3}}, state="Up")
        await dial(box.call, plan(ANN))
        assert box.heard == [("ringing:", 0, 3)]

    def test_what_a_leg_without_sip_ends_with_has_a_meaning_too(self):
        found = [outcome(cause, 0) for cause in (16, 17, 18, 19, 20, 21, 26, 3, 38, 0)]
        assert [one.value for one in found] == [
            "no-answer",
            "busy",
            *["no-answer"] * 3,
            "busy",
            "canceled",
            *["failed"] * 3,
        ]


class TestAllTogether:
    @pytest.mark.parametrize("events_first", [False, True])
    async def test_the_first_to_answer_wins_and_the_others_hear_that(self, events_first):
        box = Box({"ann": NEVER, "bob": ANSWERS}, events_first=events_first)
        dialled = await dial(box.call, plan(ANN, BOB))
        assert dialled.winner.target.endpoint == BOB
        assert ends(dialled) == [(ANN, "canceled", 26), (BOB, "answered", 16)]
        lost = box.party("ann")
        assert (lost.ended_at, lost.cause) == (2, 26)
        assert box.left == set()

    async def test_of_two_who_answer_at_once_one_is_hung_up(self):
        box = Box({"ann": ANSWERS, "bob": ANSWERS})
        dialled = await dial(box.call, plan(ANN, BOB))
        bridged = [one for one in dialled.attempts if Progress.BRIDGED in one.at]
        assert bridged == [dialled.winner]
        (other,) = [one for one in dialled.attempts if one is not dialled.winner]
        assert (other.status, other.at[Progress.ENDED] - EPOCH) == (Status.ANSWERED, 2)
        assert box.left == set()

    async def test_one_who_is_busy_does_not_end_it_for_the_others(self):
        box = Box({"ann": {"busy": True}, "bob": ANSWERS})
        dialled = await dial(box.call, plan(ANN, BOB))
        assert ends(dialled) == [(ANN, "busy", 17), (BOB, "answered", 16)]

    async def test_unless_that_is_wanted(self):
        box = Box({"ann": {"reject": True, "ring": 1}, "bob": ANSWERS, "zoe": {"fail": 404}})
        dialled = await dial(box.call, plan(ANN, BOB, ZOE, one_refusal_ends=True))
        assert box.seconds() == 1
        assert ends(dialled) == [(ANN, "busy", 21), (BOB, "no-answer", 19), (ZOE, "failed", 1)]

    async def test_the_nearest_to_an_answer_is_what_became_of_it(self):
        box = Box({"ann": {"fail": 404}, "bob": {"busy": True}, "zoe": NEVER})
        assert (await dial(box.call, plan(ANN, BOB))).status is Status.BUSY
        assert (await dial(box.call, plan(ANN, BOB, ZOE))).status is Status.NO_ANSWER

    async def test_some_begin_to_ring_later(self):
        box = Box({"ann": NEVER, "bob": ANSWERS})
        targets = [Target(ANN), Target(BOB, delay=4), Target(ZOE, delay=10)]
        dialled = await dial(box.call, Plan(targets=targets))
        assert [one.at[Progress.INITIATED] - EPOCH for one in dialled.attempts] == [0, 4]
        assert dialled.winner.at[Progress.BRIDGED] == EPOCH + 6

    async def test_one_whose_turn_comes_with_the_answer_does_not_ring(self):
        box = Box({"ann": {"ring": 2, "answer": True, "talk": 5}, "bob": NEVER})
        targets = [Target(ANN), Target(BOB, delay=2)]
        dialled = await dial(box.call, Plan(targets=targets))
        assert ends(dialled) == [(ANN, "answered", 16), (BOB, "canceled", 26)]
        assert box.told.count("dial 35") == 1

    async def test_there_may_be_a_time_for_all_of_them(self):
        box = Box({"ann": NEVER, "bob": NEVER})
        targets = [Target(ANN), Target(BOB, delay=4), Target(ZOE, delay=20)]
        dialled = await dial(box.call, Plan(targets=targets, timeout=10))
        assert box.seconds() == 10
        assert ends(dialled) == [(ANN, "no-answer", 19), (BOB, "no-answer", 19)]


class TestOneAfterTheOther:
    async def test_the_next_is_dialled_when_the_last_has_had_its_time(self):
        box = Box({"ann": NEVER, "bob": {"busy": True, "ring": 1}, "zoe": ANSWERS})
        dialled = await dial(box.call, plan(ANN, BOB, ZOE, sequential=True, each=5))
        assert [one.at[Progress.INITIATED] - EPOCH for one in dialled.attempts] == [0, 5, 6]
        assert dialled.winner.target.endpoint == ZOE
        assert ends(dialled)[:2] == [(ANN, "no-answer", 19), (BOB, "busy", 17)]

    async def test_nobody_is_dialled_after_an_answer(self):
        box = Box({"ann": ANSWERS})
        dialled = await dial(box.call, plan(ANN, BOB, sequential=True))
        assert len(dialled.attempts) == 1

    async def test_nor_after_the_time_for_all(self):
        box = Box({"ann": NEVER, "bob": NEVER})
        dialled = await dial(box.call, plan(ANN, BOB, ZOE, sequential=True, each=5, timeout=8))
        assert box.seconds() == 8
        assert len(dialled.attempts) == 2

    async def test_the_caller_hears_ringing_all_the_while(self):
        box = Box({"ann": {"busy": True, "ring": 1}, "bob": {"busy": True, "ring": 1}})
        await answer(box.call)
        await dial(box.call, plan(ANN, BOB, sequential=True))
        assert box.heard == [("ringing:", 0, 2)]
