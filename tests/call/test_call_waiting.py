"""The one way to wait: for a condition, the end of the call, a deadline, and never longer."""

import asyncio

import pytest
from line_fakes import Asterisk, call, later, seconds

from ari_pivot.ari import events
from ari_pivot.ari.operations import ANSWER, RING
from ari_pivot.errors import AsteriskError, AsteriskUnavailable, CallEnded

pytestmark = pytest.mark.virtual


async def test_a_wait_ends_when_an_event_makes_its_condition_true():
    asterisk = Asterisk()
    line = call(asterisk)
    later(3, asterisk.press, "1")
    assert await line.until(lambda: line.caller.digits) is True
    assert seconds() == 3


async def test_a_condition_that_holds_needs_no_event():
    assert await call(Asterisk()).until(lambda: True) is True


async def test_a_wait_ends_at_its_timeout_and_no_event_puts_that_off():
    asterisk = Asterisk()
    line = call(asterisk)
    for second in (1, 2, 3):
        later(second, asterisk.press, "1")
    assert await line.until(lambda: len(line.caller.digits) == 4, 3.5) is False
    assert seconds() == 3.5


async def test_no_time_at_all_is_only_a_look():
    assert await call(Asterisk()).until(lambda: False, 0) is False


async def test_the_end_of_the_call_ends_every_wait():
    asterisk = Asterisk()
    line = call(asterisk)
    later(2, asterisk.hang_up)
    waits = [line.until(lambda: False, limit) for limit in (None, 10, 20)]
    ended = await asyncio.gather(*waits, line.during(asyncio.sleep(9)), return_exceptions=True)
    assert [type(error) for error in ended] == [CallEnded] * 4
    assert seconds() == 2


async def test_a_condition_that_holds_at_the_end_wins():
    asterisk = Asterisk()
    line = call(asterisk)
    later(2, asterisk.hang_up)
    assert await line.until(lambda: line.ended) is True


async def test_work_that_is_not_asterisks_is_stopped_at_the_end_of_the_call():
    asterisk = Asterisk()
    line = call(asterisk)
    stopped = []

    async def work():
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            stopped.append(seconds())
            raise

    later(2, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await line.during(work())
    await asyncio.sleep(0)
    assert stopped == [2]


async def test_work_ends_with_its_result_or_its_failure():
    line = call(Asterisk())
    assert await line.during(asyncio.sleep(1, "result")) == "result"

    async def failing():
        await asyncio.sleep(1)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the failure itself
        await line.during(failing())


async def test_work_on_a_call_that_is_over_is_not_begun():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.hang_up()
    begun = []

    async def work():
        begun.append(1)

    with pytest.raises(CallEnded):
        await line.during(work())
    await asyncio.sleep(0)
    assert begun == []


async def test_a_command_is_about_the_callers_channel():
    asterisk = Asterisk()
    await call(asterisk).send(RING)
    assert asterisk.told == ["ring"]


async def test_nothing_is_sent_on_a_call_that_is_over():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.hang_up()
    with pytest.raises(CallEnded):
        await line.send(RING)
    assert asterisk.told == []


@pytest.mark.parametrize("status", [404, 409, 412])
async def test_a_refusal_just_before_the_end_is_the_end(status):
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.refuse["answer"] = status
    later(1, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await line.send(ANSWER)


@pytest.mark.parametrize("status", [404, 409, 412])
async def test_a_refusal_that_no_end_follows_is_asterisks_error(status):
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.refuse["answer"] = status
    with pytest.raises(AsteriskError, match=r"channels\.answer: refused") as caught:
        await line.send(ANSWER)
    assert caught.value.status == status
    assert seconds() == 2


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_every_other_refusal_is_told_at_once(status):
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.refuse["answer"] = status
    with pytest.raises(AsteriskError):
        await line.send(ANSWER)
    assert seconds() == 0


async def test_a_lost_connection_that_does_not_come_back_is_told_after_the_patience():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.ari.use(None)
    with pytest.raises(AsteriskUnavailable):
        await line.send(ANSWER)
    assert seconds() == 30


async def test_the_first_answer_is_the_time_of_the_answer():
    asterisk = Asterisk()
    line = call(asterisk, started_at=0.0)
    line.clock = lambda: seconds() + 100
    later(3, asterisk.hear, events.ChannelStateChange(events.Channel("chan-1", state="Up")))
    later(5, asterisk.hear, events.ChannelStateChange(events.Channel("chan-1", state="Up")))
    later(7, asterisk.hang_up)
    await line.until(lambda: line.ended)
    assert (line.facts.answered_at, line.facts.ended_at) == (103, 107)
