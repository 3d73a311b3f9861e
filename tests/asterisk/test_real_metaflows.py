"""Keys while two speak, on a real Asterisk: what the caller hears."""

import asyncio

import pytest
from desk import take_all

from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory

QUIET, SPEAKS, PRESSES = (f"Local/{number}@callee/n" for number in
                          ("+15558009971", "+15551000071", "+15558000101"))  # fmt: skip
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
DIRECTORY = ConfiguredDirectory(
    devices={
        "quiet": {"endpoint": QUIET, "metaflows": METAFLOWS},
        "speaks": {"endpoint": SPEAKS, "metaflows": METAFLOWS},
        "transfers": {"endpoint": PRESSES, "metaflows": TRANSFER},
    },
    callflows={"reception": {"numbers": ["200"], "flow": {"module": "play", "data": {"id": TONE}}}},
)


def ringing(device, *script):
    async def work(call):
        call.directory = DIRECTORY
        return await build({"module": "device", "data": {"id": device}}).run(call)

    return work, script


SCENES = {
    "plays": ringing("quiet", "w2", "d*3", "w5", "h"),
    "plays to both": ringing("quiet", "w2", "d*33", "w5", "h"),
    "holds": ringing("speaks", "w2", "d*4", "w4", "d1", "w3", "h"),
    "hangs up": ringing("speaks", "w2", "d*9", "w60"),
    "is transferred": ringing("transfers", "w60"),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, {name: caught(*one) for name, one in SCENES.items()}))


def caught(work, script):
    """Take the end of a call for a result."""
    from ari_pivot.errors import CallEnded  # noqa: PLC0415

    async def catching(call):
        try:
            return await work(call)
        except CallEnded:
            return "ended"

    return catching, script


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("plays", ["1000 Hz"]),
        ("plays to both", ["1000 Hz"]),
        ("holds", ["440 Hz", "440 Hz"]),
        ("hangs up", ["440 Hz"]),
        ("is transferred", ["1000 Hz"]),
    ],
)
def test_the_caller_hears_what_the_keys_stand_for(played, name, sounds):
    assert [kind for kind in played[0][name].heard if kind != "ringing"] == sounds
