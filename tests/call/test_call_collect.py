"""Collecting digits: how many, how long, and what ends it."""

import pytest
from line_fakes import Asterisk, call, later, seconds

from ari_pivot.call.collect import Collected, collect, pause
from ari_pivot.errors import CallEnded

pytestmark = pytest.mark.virtual

# what is asked for: at most, first timeout, interdigit timeout, terminators
CASES = {
    # the caller presses (second: keys) | digits, ended by, at second, left over
    "as many as are wanted": ((4, 5, 3, "#"), {1: "12", 2: "34"}, "1234", "full", 2, ""),
    "one": ((1, 5, 3, ""), {1: "1"}, "1", "full", 1, ""),
    "more than are wanted": ((2, 5, 3, "#"), {1: "1234"}, "12", "full", 1, "34"),
    "ended by a key": ((4, 5, 3, "#"), {1: "12", 2: "#"}, "12", "#", 2, ""),
    "ended by the other key": ((4, 5, 3, "#*"), {1: "12*"}, "12", "*", 1, ""),
    "a digit may end it": ((4, 5, 3, "0"), {1: "120"}, "12", "0", 1, ""),
    "only the ending key": ((4, 5, 3, "#"), {1: "#"}, "", "#", 1, ""),
    "nothing ends it but time": ((None, 5, 3, ""), {1: "1#", 2: "*"}, "1#*", "timeout", 5, ""),
    "nothing pressed": ((4, 5, 3, "#"), {}, "", "timeout", 5, ""),
    "too few": ((4, 5, 3, "#"), {1: "1", 3: "2"}, "12", "timeout", 6, ""),
    "the first too late": ((4, 5, 3, "#"), {6: "1"}, "", "timeout", 5, ""),
    "each in time": ((3, 5, 3, "#"), {4: "1", 6: "2", 8: "3"}, "123", "full", 8, ""),
    "no limit but a key": ((None, 5, 3, "#"), {1: "123456789", 2: "#"}, "123456789", "#", 2, ""),
    "none wanted": ((0, 5, 3, "#"), {}, "", "full", 0, ""),
    "no time at all": ((4, 0, 0, "#"), {1: "1"}, "", "timeout", 0, ""),
    "what was pressed before": ((3, 5, 3, "#"), {0: "12", 2: "3"}, "123", "full", 2, ""),
    "all of it was pressed before": ((3, 5, 3, "#"), {0: "123#"}, "123", "full", 0, "#"),
    "letters of telephones": ((4, 5, 3, "#"), {1: "ABCD"}, "ABCD", "full", 1, ""),
}


@pytest.mark.parametrize(
    ("wanted", "presses", "digits", "ended_by", "at", "left"), CASES.values(), ids=CASES.keys()
)
async def test_digits_are_collected(wanted, presses, digits, ended_by, at, left):
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.press(presses.pop(0, ""))
    for second, keys in presses.items():
        later(second, asterisk.press, keys)
    most, first, between, terminators = wanted
    got = await collect(
        line,
        max_digits=most,
        timeout=first,
        interdigit_timeout=between,
        terminators=terminators,
    )
    assert got == Collected(digits, ended_by)
    assert got.terminator == (ended_by if ended_by in "#*0" else "")
    assert seconds() == at
    assert "".join(line.caller.digits) == left


async def test_a_caller_who_hangs_up_gives_no_digits():
    asterisk = Asterisk()
    line = call(asterisk)
    later(1, asterisk.press, "12")
    later(2, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await collect(line, max_digits=4, timeout=5, interdigit_timeout=5)


async def test_what_was_pressed_in_time_counts_though_the_caller_hung_up():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.press("12")
    asterisk.hang_up()
    got = await collect(line, max_digits=2, timeout=5, interdigit_timeout=5)
    assert got == Collected("12", "full")


async def test_a_pause_lasts_as_long_as_it_is_told():
    assert await pause(call(Asterisk()), 2.5) is False
    assert seconds() == 2.5


async def test_a_key_ends_a_pause_and_stays_to_be_collected():
    asterisk = Asterisk()
    line = call(asterisk)
    later(1, asterisk.press, "5")
    later(2, asterisk.press, "#")
    assert await pause(line, 9, stop_on="#*") is True
    assert seconds() == 2
    assert line.caller.digits == ["5", "#"]


async def test_keys_pressed_before_a_pause_do_not_end_it():
    asterisk = Asterisk()
    line = call(asterisk)
    asterisk.press("#")
    assert await pause(line, 2, stop_on="#") is False


async def test_the_end_of_the_call_ends_a_pause():
    asterisk = Asterisk()
    line = call(asterisk)
    later(1, asterisk.hang_up)
    with pytest.raises(CallEnded):
        await pause(line, 9)
