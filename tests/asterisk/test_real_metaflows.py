"""Keys while two speak, on a real Asterisk: what the caller hears."""

import asyncio
from contextlib import suppress

import pytest
from desk import take_all

from ari_pivot.call.leg import OWN
from ari_pivot.call.pickup import calls
from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import CallEnded

QUIET, SPEAKS, PRESSES, TARGET, TALKS = (f"Local/{number}@callee/n" for number in
                          ("+15558009971", "+15551000071", "+15558000101",
                           "+15551000672", "+15551001273"))  # fmt: skip
TONE = "tone_stream://%(2000,0,1000)"
METAFLOWS = {
    "listen_on": "peer",
    "numbers": {
        "3": {"module": "play", "data": {"id": TONE, "leg": "self"}},
        "33": {"module": "play", "data": {"id": TONE, "leg": "both"}},
        "4": {"module": "hold", "data": {}},
        "9": {"module": "hangup"},
    },
}
TRANSFER = {
    "binding_digit": "1",
    "patterns": {"^$": {"module": "transfer", "data": {"target": "200"}}},
}
ATTENDED = {
    "listen_on": "peer",
    "numbers": {
        "5": {"module": "transfer", "data": {"target": "201", "transfer_type": "attended"}}
    },
}
DIRECTORY = ConfiguredDirectory(
    devices={
        "quiet": {"endpoint": QUIET, "metaflows": METAFLOWS},
        "speaks": {"endpoint": SPEAKS, "metaflows": METAFLOWS},
        "transfers": {"endpoint": PRESSES, "metaflows": TRANSFER},
        "consulted": {"endpoint": QUIET, "metaflows": ATTENDED},
        "talker": {"endpoint": TALKS, "metaflows": ATTENDED},
        "target": {"endpoint": TARGET},
    },
    callflows={
        "reception": {"numbers": ["200"], "flow": {"module": "play", "data": {"id": TONE}}},
        "target": {"numbers": ["201"], "flow": {"module": "device", "data": {"id": "target"}}},
    },
)


def ringing(device, *script):
    async def work(call):
        call.directory = DIRECTORY
        return await build({"module": "device", "data": {"id": device}}).run(call)

    return work, script


async def leaving_two(call):
    """Say whether the two that the caller leaves come together as a call of their own."""
    with suppress(CallEnded):
        await ringing("talker")[0](call)
    for _ in range(50):
        if any(one.caller.id.startswith(OWN) and one.facts.bridged for one in calls(call)):
            return True
        await asyncio.sleep(0.1)
    return False


SCENES = {
    "plays": ringing("quiet", "w2", "d*3", "w5", "h"),
    "plays to both": ringing("quiet", "w2", "d*33", "w5", "h"),
    "holds": ringing("speaks", "w2", "d*4", "w4", "d1", "w3", "h"),
    "hangs up": ringing("speaks", "w2", "d*9", "w60"),
    "is transferred": ringing("transfers", "w60"),
    "consults": ringing("consulted", "w2", "d*5", "w12", "h"),
    "leaves the two": (leaving_two, ("w2", "d*5", "w3", "h")),
    "takes back": ringing("consulted", "w2", "d*5", "w5", "d*1", "w3", "h"),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, {name: caught(*one) for name, one in SCENES.items()}))


def caught(work, script):
    """Take the end of a call for a result."""

    async def catching(call):
        try:
            return await work(call)
        except CallEnded:
            return "ended"

    return catching, script


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []


def test_two_who_are_left_together_speak_on(played):
    assert played[0]["leaves the two"].result is True


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("plays", ["1000 Hz"]),
        ("plays to both", ["1000 Hz"]),
        ("holds", ["440 Hz", "440 Hz"]),
        ("hangs up", ["440 Hz"]),
        ("is transferred", ["1000 Hz"]),
        ("consults", ["440 Hz"]),
        ("takes back", ["440 Hz"]),
    ],
)
def test_the_caller_hears_what_the_keys_stand_for(played, name, sounds):
    assert [kind for kind in played[0][name].heard if kind != "ringing"] == sounds
