"""Metaflows: keys pressed while two speak, by the caller or by who has answered."""

import pytest
from flows import act, codes, heard, run
from hypothesis import given, settings
from hypothesis import strategies as st
from line_box import Box
from pydantic import ValidationError

from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.callflow.metaflow.metaflows import Metaflows

SAY = {"module": "tts", "data": {"text": "hello"}}
NUMBERS = {
    "1": SAY,
    "2": {"module": "tts", "data": {"text": "to you"}, "children": {"_": SAY}},
    "3": {"module": "play", "data": {"id": "http://web.test/tone.wav"}},
    "4": {"module": "hold", "data": {"unhold_key": "#"}},
    "5": {"module": "say", "data": {"type": "number", "text": "42"}},
    "6": {"module": "pivot", "data": {"voice_url": "http://web.test/beside"}},
    "7": {"module": "transfer", "data": {"target": "999"}},
    "8": {"module": "play", "data": {"id": "http://web.test/tone.wav", "leg": "peer"}},
    "9": {"module": "hangup"},
    "10": {"module": "callflow", "data": {"id": "reception"}},
    "11": {"module": "callflow", "data": {"captures": "999"}},
    "12": {"module": "record_call", "data": {"url": "http://web.test/take"}},
}
PATTERNS = {r"^0(\d+)$": {"module": "transfer", "data": {}},
            r"^#(\d+)$": {"module": "transfer", "data": {"leg": "self"}}}  # fmt: skip
METAFLOWS = {"numbers": NUMBERS, "patterns": PATTERNS}
PARTIES = {
    "alice": {"answer": True, "talk": 20},
    "presses": {"answer": True, "talk": 20, "press": "*0200"},
    "hangs": {"answer": True, "talk": 20, "press": "*9"},
}


def speak(keys=None, *, do=(), metaflows=METAFLOWS, theirs=None, who="alice", web=None, **more):
    """Let the caller, at the desk, speak with somebody and press keys after two seconds."""
    pressing = [{"at": 2, "press": keys}] if keys else []
    directory = {
        "users": {"bob": {}},
        "devices": {
            "desk": {"endpoint": "PJSIP/caller", "owner": "bob", "metaflows": metaflows},
            "other": {"endpoint": f"PJSIP/{who}", "metaflows": theirs},
        },
    }
    return run(
        act("device", {"id": "other"}, _="not answered"),
        do=[*pressing, *do],
        directory=directory | more,
        dial=PARTIES,
        web={"tone.wav": {"audio": 1}, "beside": act("tts", {"text": "beside"})} | (web or {}),
    )


@pytest.mark.parametrize(
    ("keys", "sounds"),
    [
        ("*1", ["hello"]),
        ("*2", ["to you", "hello"]),
        ("*3", ["http://web.test/tone.wav"]),
        ("*5", ["42"]),
        ("*6", ["beside"]),
        ("*8", []),
        ("*10", ["reception"]),
        ("*77", []),
        ("1", []),
        ("#1", []),
        ("**1", []),
        ("3*1", ["hello"]),
        (None, []),
    ],
)
def test_keys_do_what_they_stand_for_and_the_conversation_goes_on(keys, sounds):
    result = speak(keys)
    assert heard(result) == sounds
    assert result.dialled[0].ended_at == 20
    assert result.ended_at == 20
    assert not result.warnings


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("data", "variable", "value"),
    [
        ({"level": 2}, "VOLUME(RX)", "3"),
        ({"level": -4, "mode": "write"}, "VOLUME(TX)", "-5"),
        ({"level": 2, "mode": "write", "action": "stop"}, "VOLUME(TX)", "0"),
    ],
)
async def test_who_has_pressed_the_keys_is_louder_or_less_loud(data, variable, value):
    box = Box({"alice": {"answer": True, "talk": 5}})
    metaflows = {"listen_on": "peer", "numbers": {"4": {"module": "audio_level", "data": data}}}
    box.call.directory = ConfiguredDirectory(
        devices={"other": {"endpoint": "PJSIP/alice", "metaflows": metaflows}}
    )
    for at, key in ((1, "*"), (1.2, "4")):
        box.later(at, box.channel.press, key, 0.1)
    await build({"module": "device", "data": {"id": "other"}}).run(box.call)
    assert box.channel.variables[variable] == value


@pytest.mark.parametrize("module", ["break", "hold_control", "intercept", "move", "resume"])
def test_what_is_not_there_is_noted_and_the_next_follows(module):
    node = {"module": module, "data": {"action": "hold"}, "children": {"_": SAY}}
    result = speak("*1", metaflows={"numbers": {"1": node}})
    assert (heard(result), codes(result)) == (["hello"], [13750])


def test_digits_are_collected_until_none_is_pressed_for_a_while():
    again = [{"at": 2.6, "press": "5"}]
    assert heard(speak("*", do=again)) == ["42"]
    late = [{"at": 3.5, "press": "5"}]
    assert heard(speak("*", do=late)) == []


def test_again_and_again():
    assert heard(speak("*1", do=[{"at": 6, "press": "*5"}])) == ["hello", "42"]


def test_the_caller_hangs_up():
    result = speak("*9")
    assert (result.ended_by, result.cause) == ("pivot", 16)
    assert result.ended_at == pytest.approx(3.1, abs=0.2)
    assert result.dialled[0].ended_at == pytest.approx(result.ended_at, abs=0.1)


def test_who_has_answered_hangs_up():
    result = speak(who="hangs", theirs=METAFLOWS)
    assert result.dialled[0].ended_at == pytest.approx(2.2, abs=0.2)
    assert result.ended_by == "callee"


@pytest.mark.parametrize(
    ("listen_on", "keys", "sounds"),
    [("self", "*1", []), ("peer", "*1", ["hello"]), ("both", "*1", ["hello"]), ("b", "*1", ["hello"])],
)  # fmt: skip
def test_whose_keys_count(listen_on, keys, sounds):
    # the metaflows of who has answered; it is the caller who presses
    theirs = METAFLOWS | {"listen_on": listen_on}
    assert heard(speak(keys, metaflows=None, theirs=theirs)) == sounds


def test_a_user_and_the_account_may_have_them():
    for more in (
        {"users": {"bob": {"metaflows": METAFLOWS}}},
        {"account": {"metaflows": METAFLOWS}},
    ):
        assert heard(speak("*1", metaflows=None, **more)) == ["hello"]


def test_those_of_account_telephone_and_user_are_one_over_the_other():
    """KAZOO merges the attribute: the account's under the device's under the owner's."""

    def numbers(**texts):
        said = {key: {"module": "tts", "data": {"text": text}} for key, text in texts.items()}
        return {"metaflows": {"numbers": {key.strip("n"): one for key, one in said.items()}}}

    result = speak(
        "*1",
        do=[{"at": 5, "press": "*2"}, {"at": 8, "press": "*3"}],
        metaflows=numbers(n1="device's", n2="device's")["metaflows"],
        users={"bob": numbers(n2="user's")},
        account=numbers(n2="account's", n3="account's"),
    )
    assert heard(result) == ["device's", "user's", "account's"]


def test_a_callflow_may_have_them_for_whoever_calls_its_number():
    flow = act("device", {"id": "other"})
    directory = {
        "users": {},
        "devices": {"other": {"endpoint": "PJSIP/alice"}},
        "callflows": {"own": {"numbers": ["300"], "metaflows": METAFLOWS, "flow": flow}},
    }
    result = run(act("transfer", {"target": "300"}), do=[{"at": 2, "press": "*1"}],
                 directory=directory, dial=PARTIES)  # fmt: skip
    assert heard(result) == ["hello"]


def test_another_key_may_begin():
    assert heard(speak("#1", metaflows=METAFLOWS | {"binding_digit": "#"})) == ["hello"]


def test_who_has_answered_transfers_the_caller():
    result = speak(who="presses", theirs=METAFLOWS)
    assert heard(result) == ["reception"]
    assert result.dialled[0].ended_at == pytest.approx(2.8, abs=0.4)


def test_the_caller_transfers_themselves():
    result = speak("*#200")
    assert heard(result) == ["reception"]


def test_the_caller_transfers_who_has_answered_and_is_hung_up():
    result = speak("*0200")
    assert result.ended_by == "pivot"
    assert result.ended_at == pytest.approx(3.7, abs=0.3)
    assert result.dialled[0].ended_at > result.ended_at + 0.2  # hears the reception
    assert result.dialled[0].cause == 16
    assert len(result.requests) == 1  # that is in the directory


def test_a_recording_begins_and_ends_with_the_same_keys():
    result = speak("*12", do=[{"at": 8, "press": "*12"}])
    (recorded,) = result.recordings
    assert recorded.duration == pytest.approx(6, abs=0.5)
    assert result.dialled[0].ended_at == 20


@pytest.mark.parametrize("keys", ["*11", "*7"])
def test_nobody_is_transferred_to_where_there_is_nothing(keys):
    result = speak(keys)
    assert codes(result) == [90103]
    assert result.dialled[0].ended_at == 20


HOLD = [{"at": 6, "press": "#"}]


def test_the_other_waits_until_the_key():
    result = speak("*4", do=HOLD)
    assert result.ended_at == 20
    assert not result.warnings


@pytest.mark.virtual
@pytest.mark.parametrize(("moh", "sound"), [("", "moh:default"), ("song", "sound:song")])
async def test_who_is_on_hold_is_out_of_the_conversation_and_hears_music(moh, sound):
    box = Box({"alice": {"answer": True, "talk": 20}})
    metaflows = {"listen_on": "peer", "numbers": {
        "4": {"module": "hold", "data": {"unhold_key": "#", "moh_bleg": moh}}}}  # fmt: skip
    box.call.directory = ConfiguredDirectory(
        devices={"other": {"endpoint": "PJSIP/alice", "metaflows": metaflows}}
    )
    for at, key in ((1, "*"), (1.2, "4"), (6, "#")):
        box.later(at, box.channel.press, key, 0.1)
    told = []
    box.later(4, lambda: told.extend(box.told))
    box.later(4.1, lambda: told.append(len(next(iter(box.asterisk.bridges.values())).channels)))
    await build({"module": "device", "data": {"id": "other"}}).run(box.call)
    assert told.count("addChannel") == 2
    assert told[-1] == 1
    assert box.told.count("addChannel") == 3
    assert ("startMoh" in box.told) == (sound == "moh:default")
    assert (f"playWithId {sound}" in box.told) == (sound != "moh:default")
    assert box.party("alice").ended_at == 20


def test_what_is_pressed_while_something_runs_is_for_that():
    result = speak("*3", do=[{"at": 3.4, "press": "*5"}])
    assert heard(result) == ["http://web.test/tone.wav"]


@pytest.mark.parametrize("at", [2.3, 3.1, 4.0, 8.0])
@pytest.mark.parametrize("keys", ["*1", "*4", "*6", "*8", "*0200"])
def test_a_caller_who_leaves_at_any_moment_leaves_nothing(keys, at):
    result = speak(keys, do=[{"at": at, "hangup": True}])
    assert result.ended_at <= at + 0.01
    if keys != "*0200":
        assert result.dialled[0].ended_at <= at + 0.1
    assert not result.errors


def test_who_is_on_hold_may_leave():
    PARTIES["short"] = {"answer": True, "talk": 5}
    result = speak("*4", who="short")
    assert result.ended_at == pytest.approx(5, abs=0.1)


def test_a_pivot_that_fails_is_noted():
    result = speak("*6", web={"beside": {"status": 500}})
    assert 11200 in codes(result)
    assert result.dialled[0].ended_at == 20


@pytest.mark.parametrize(
    ("metaflows", "reason"),
    [
        ({"binding_digit": "a"}, "binding_digit"),
        ({"listen_on": "me"}, "listen_on"),
        ({"digit_timeout": -1}, "digit_timeout"),
        ({"numbers": {"1": {"module": "dance"}}}, "dance"),
        ({"numbers": {"1": {"module": "pivot"}}}, "voice_url"),
        ({"patterns": {"(": {"module": "hangup"}}}, "regular expression"),
        ({"keys": {}}, "keys"),
    ],
)
def test_what_cannot_be_is_refused_at_the_start(metaflows, reason):
    with pytest.raises(ValidationError, match=reason):
        ConfiguredDirectory(users={"bob": {"metaflows": metaflows}})
    flow = {"module": "hangup"}
    with pytest.raises(ValidationError, match=f"callflows.own.metaflows.*{reason}"):
        ConfiguredDirectory(callflows={"own": {"flow": flow, "metaflows": metaflows}})


def test_patterns_come_after_numbers():
    node = {"module": "hangup"}
    found = Metaflows.model_validate({"numbers": {"12": node}, "patterns": {r"^1(.*)": node}})
    assert found.find("12")[1] == ""
    assert found.find("13")[1] == "3"
    assert found.find("2") is None


RECORD = {
    "numbers": {
        "1": {"module": "record_call", "data": {}},
        "2": {"module": "record_call", "data": {"action": "start"}},
        "3": {"module": "record_call", "data": {"action": "stop"}},
        "4": {"module": "record_call", "data": {"action": "mask"}},
        "5": {"module": "record_call", "data": {"action": "unmask"}},
    }
}


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [("*1", "*1", 5), ("*2", "*3", 5), ("*2", "*4", 16.9), ("*1", "*5", 16.9), ("*3", "*4", None)],
)
def test_the_conversation_is_recorded_from_key_to_key(first, second, seconds):
    result = speak(first, do=[{"at": 7, "press": second}], metaflows=RECORD)
    recorded = [one.duration for one in result.recordings]
    assert recorded == ([] if seconds is None else [pytest.approx(seconds, abs=0.2)])
    assert not result.warnings


KEYS = st.text("0123456789*#", min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(mine=KEYS, theirs=KEYS, again=KEYS, leaves=st.none() | st.floats(0, 12))
def test_whatever_is_pressed_everything_ends_and_nothing_breaks(mine, theirs, again, leaves):
    parties = {"alice": {"answer": True, "talk": 10, "press": f"*{theirs}"}}
    do = [{"at": 2, "press": f"*{mine}"}, {"at": 5, "press": f"*{again}"}]
    devices = {
        "desk": {"endpoint": "PJSIP/caller", "metaflows": METAFLOWS | {"listen_on": "both"}},
        "other": {"endpoint": "PJSIP/alice", "metaflows": METAFLOWS},
    }
    result = run(
        act("device", {"id": "other"}),
        do=do if leaves is None else [*do, {"at": leaves, "hangup": True}],
        directory={"users": {}, "devices": devices},
        dial=parties,
        web={"tone.wav": {"audio": 1}, "beside": act("tts", {"text": "beside"}), "take": {}},
    )
    assert all(one.ended_at is not None for one in result.dialled)
    assert not [one for one in result.errors if one.code == 12400]
    assert result.ended_at < 200
