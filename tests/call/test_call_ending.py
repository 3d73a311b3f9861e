"""Answering, refusing, hanging up, giving back, and what is known at the end."""

import asyncio

import pytest
from line_box import Box
from line_fakes import EPOCH, Asterisk, call, later, seconds

from ari_pivot.ari import events
from ari_pivot.call.answer import BUSY, answer, give_back, hangup
from ari_pivot.call.ending import settle
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.errors import AsteriskError, CallEnded

pytestmark = pytest.mark.virtual

CALLER = events.Channel("chan-1")


async def test_a_call_is_answered_once():
    asterisk = Asterisk()
    line = call(asterisk)
    await answer(line)
    await answer(line)
    assert asterisk.told == ["answer"]
    assert line.facts.answered_at == EPOCH


async def test_an_answer_is_waited_for_but_not_for_ever():
    asterisk = Asterisk()
    asterisk.ignore.add("answer")
    await answer(call(asterisk))
    assert seconds() == 5


# seen on 16.28: 500 "Failed to answer channel", and a moment later the end
@pytest.mark.parametrize(("leaves", "raised"), [(0.2, CallEnded), (None, AsteriskError)])
async def test_an_answer_that_fails_is_of_a_caller_who_is_leaving_or_an_error(leaves, raised):
    box = Box()
    box.refuse["answer"] = 500
    if leaves:
        box.later(leaves, box.person.hang_up)
    with pytest.raises(raised):
        await answer(box.call)
    assert box.seconds() == (leaves or 2)


async def test_a_caller_gone_before_the_answer_is_the_end():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.ignore.add("answer")
    later(1, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await answer(line)


async def test_a_hangup_says_its_cause_and_waits_for_the_end():
    asterisk = Asterisk()
    line = call(asterisk)
    await hangup(line, BUSY)
    assert asterisk.told == ["hangup 17"]
    assert line.ended
    settle(line)
    assert (line.facts.ended_by, line.facts.cause, line.facts.sip) == ("pivot", 17, 486)


async def test_a_call_that_is_over_is_not_hung_up():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.hang_up()
    await hangup(line)
    assert asterisk.told == []
    settle(line)
    assert line.facts.ended_by == "caller"


async def test_a_caller_who_was_faster_is_the_one_who_ended_it():
    asterisk = Asterisk()
    line = call(asterisk, state="Up")
    asterisk.refuse["hangup"] = 404
    later(1, asterisk.hang_up)
    await hangup(line)
    settle(line)
    assert line.facts.ended_by == "caller"


async def test_a_hangup_whose_answer_comes_after_the_end_was_ours():
    asterisk = Asterisk()
    line = call(asterisk)
    answered = asterisk.request

    async def late(*command):
        answer = await answered(*command)
        await asyncio.sleep(1)
        return answer

    asterisk.request = late
    with pytest.raises(CallEnded):
        await line.during(hangup(line, BUSY))
    settle(line)
    assert (line.facts.ended_by, line.facts.cause) == ("pivot", 17)


async def test_a_channel_that_does_not_go_is_not_waited_for_for_ever():
    asterisk = Asterisk()
    asterisk.ignore.add("hangup")
    await hangup(call(asterisk))
    assert seconds() == 5


async def test_a_call_given_back_tells_the_dialplan_why():
    asterisk = Asterisk()
    line = call(asterisk)
    await give_back(line, "11200 answered 500")
    assert asterisk.told == ["set PIVOT_REASON=11200 answered 500", "continue"]
    assert line.ended
    settle(line)
    assert (line.facts.ended_by, line.facts.given_back) == ("pivot", "11200 answered 500")
    assert line.facts.sip == 0


async def test_a_call_that_cannot_be_given_back_is_an_error():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.refuse["continueInDialplan"] = 500
    with pytest.raises(AsteriskError):
        await give_back(line, "reason")
    assert line.facts.given_back == ""


ENDS = {
    # events, answered | ended by, cause, SIP status, status in TwiML
    "the caller hangs up": ([events.ChannelHangupRequest(CALLER)], True, "caller", 16, 200, "completed"),
    "the caller gives up": (
        [events.ChannelHangupRequest(CALLER, cause=127, tech_cause=487)],
        False, "caller", 127, 487, "canceled",
    ),
    "the caller gives up, unexplained": (
        [events.ChannelHangupRequest(CALLER)], False, "caller", 16, 487, "canceled",
    ),
    "Asterisk ends it": (
        [events.ChannelHangupRequest(CALLER, cause=32, soft=True)],
        True, "asterisk", 16, 200, "completed",
    ),
    "the channel is destroyed with a cause": (
        [events.ChannelDestroyed(CALLER, cause=34, tech_cause=503)],
        False, "asterisk", 34, 503, "failed",
    ),
    "it leaves without a word": ([], True, "asterisk", 16, 200, "completed"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "answered", "by", "cause", "sip", "status"), ENDS.values(), ids=ENDS.keys()
)
async def test_the_end_is_understood(happens, answered, by, cause, sip, status):
    asterisk = Asterisk()
    line = call(asterisk, answered_at=EPOCH if answered else None)
    for event in [*happens, events.StasisEnd(CALLER)]:
        line.receive(event)
    settle(line)
    facts = line.facts
    assert (facts.ended_by, facts.cause, facts.sip, facts.status) == (by, cause, sip, status)
    assert facts.ended_at == EPOCH


async def test_the_end_is_when_it_was_noticed_and_not_when_it_is_reported():
    asterisk = Asterisk()
    line = call(asterisk)
    later(3, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await line.until(lambda: False)
    later(9, lambda: settle(line))
    await line.until(lambda: seconds() >= 9 or line.ended)
    settle(line)
    assert line.facts.ended_at == EPOCH + 3


class TestAnInterruptedCall:
    """Something outside ends what runs on a call, to do something else with it."""

    async def test_ends_whatever_waits(self):
        asterisk = Asterisk()
        line = call(asterisk)
        later(2, line.interrupt, hangup)
        with pytest.raises(CallEnded):
            await line.until(lambda: False)
        assert seconds() == 2
        assert asterisk.told == []

    async def test_is_silent_at_once(self):
        asterisk = Asterisk(lasts=60)
        line = call(asterisk)
        later(2, line.interrupt, hangup)
        with pytest.raises(CallEnded):
            await play(line, Prompt("hello"))
        assert asterisk.told == ["play sound:hello", "stop"]

    async def test_is_still_there_for_what_is_done_instead(self):
        asterisk = Asterisk()
        line = call(asterisk)
        line.interrupt(hangup)
        then, line.instead = line.instead, None
        await then(line)
        assert asterisk.told == ["hangup 16"]

    async def test_that_has_ended_is_not_interrupted(self):
        asterisk = Asterisk()
        line = call(asterisk)
        asterisk.hang_up()
        line.interrupt(hangup)
        assert line.instead is None
