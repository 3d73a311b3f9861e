"""Two callers on a real Asterisk: one takes the other's call, or listens to it."""

import asyncio

import pytest
from desk import take_all

from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Status, Target
from ari_pivot.call.pickup import ringing, speaking, talking
from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import CallEnded

RINGS, TALKS, SPEAKS = (f"Local/{number}@callee/n" for number in
                        ("+15555000081", "+15551000082", "+15551000083"))  # fmt: skip
DIRECTORY = ConfiguredDirectory(
    users={"ann": {}},
    devices={
        "boss": {"endpoint": "PJSIP/boss", "owner": "ann"},
        **{name: {"endpoint": endpoint} for name, endpoint in
           (("rings", RINGS), ("talks", TALKS), ("speaks", SPEAKS))},
    },
)  # fmt: skip
NOTICED = 20  # seconds in which the other call has come


def calling(endpoint, **options):
    async def work(call):
        return await dial(call, Plan(targets=[Target(endpoint)], **options))

    return work, ("w60",)


def doing(module, data, find, *script):
    """Once there is a call to be found at the telephone, run a module about it."""

    async def work(call):
        call.directory = DIRECTORY
        call.facts.endpoint = "PJSIP/boss"
        endpoint = DIRECTORY.devices[data["device_id"]].endpoint
        for _ in range(NOTICED * 10):
            if find(call, {endpoint}):
                break
            await call.until(lambda: False, 0.1)
        try:
            await build({"module": module, "data": data}).run(call)
        except CallEnded:
            return "left"
        return "over"

    return work, script


SCENES = {
    "rings": calling(RINGS),
    "picks up": doing("group_pickup", {"device_id": "rings"}, ringing, "w5", "t620/3", "w1", "h"),
    "talks": calling(TALKS),
    "intercepts": doing("intercept", {"device_id": "talks"}, talking, "w6", "t620/3", "w1", "h"),
    "speaks": calling(SPEAKS, time_limit=6),
    "listens": doing(
        "eavesdrop", {"device_id": "speaks", "approved_user_id": "ann"}, speaking, "w60"
    ),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, SCENES))


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []


def test_a_ringing_call_is_picked_up(played):
    result = played[0]["rings"].result
    assert (result.status, result.ended_by) == (Status.ANSWERED, "callee")
    assert [one.cause for one in result.attempts] == [26, 16]
    assert "620 Hz" in played[0]["rings"].heard
    assert played[0]["picks up"].result == "left"


def test_a_conversation_is_intercepted(played):
    assert played[0]["talks"].result.ended_by == "callee"
    heard = [kind for kind in played[0]["talks"].heard if kind != "ringing"]
    assert heard == ["440 Hz", "620 Hz"]


def test_a_listener_hears_what_is_spoken_until_it_is_over(played):
    assert played[0]["listens"].result == "over"
    assert "440 Hz" in played[0]["listens"].heard
    assert played[0]["speaks"].result.ended_by == "limit"
