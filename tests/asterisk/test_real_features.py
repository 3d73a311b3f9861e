"""What callers change of their telephones, as a real Asterisk keeps it."""

import asyncio
from uuid import uuid4

import pytest
from desk import take_all

from ari_pivot.callflow import build, switches
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.callflow.endpoints import Wish, endpoints
from ari_pivot.callflow.features import features

TALKS, SPEAKS = (f"Local/{number}@callee/n" for number in ("+15551000061", "+15551000062"))


def directory(user, *, waiting=True):
    return ConfiguredDirectory(
        users={user: {"hotdesk": {"id": "7"}}},
        devices={
            "desk": {"endpoint": "PJSIP/desk-of-the-test"},
            "own": {"endpoint": TALKS, "owner": user},
            "busy": {"endpoint": SPEAKS, "call_waiting": {"enabled": waiting}},
        },
        trunks={"out": {"endpoint": "PJSIP/{number}@out", "numbers": ["*"]}},
    )


async def ways(call, kind, id_):
    found = await endpoints(call)
    await found.add(kind, id_, Wish(can_call_self=True))
    return [way.target.endpoint for way in found.ways], found.busy


async def run(call, module, **data):
    await build({"module": module, "data": data}).run(call)


async def clear(call, user):
    now = await features(call)
    for name in [one for one in now.states if user in one]:
        await switches.set_state(call, name, switches.UNSET)


async def forward(call):
    user = f"u{uuid4().hex[:8]}"
    call.directory, call.facts.endpoint, call.facts.owner = directory(user), "PJSIP/x", user
    seen = []
    for action, number in (("activate", "+15550199"), ("deactivate", ""), ("toggle", ""),
                           ("update", "+15550188")):  # fmt: skip
        call.facts.capture = number
        await run(call, "call_forward", action=action)
        seen.append((await ways(call, "user", user))[0])
    await clear(call, user)
    seen.append((await ways(call, "user", user))[0])
    return seen


async def hotdesk(call):
    user = f"u{uuid4().hex[:8]}"
    call.directory, call.facts.endpoint = directory(user), "PJSIP/desk-of-the-test"
    seen = []
    for action in ("login", "logout"):
        await run(call, "hotdesk", action=action, id=user)
        seen.append((await ways(call, "user", user))[0])
    return seen


async def in_use(call):
    seen = []
    call.directory = directory("u", waiting=False)
    seen.append(await ways(call, "device", "busy"))
    ringing = asyncio.create_task(run(call, "device", id="busy"))
    await call.until(lambda: call.facts.bridged, 10)
    seen.append(await ways(call, "device", "busy"))
    ringing.cancel()
    await asyncio.gather(ringing, return_exceptions=True)
    return seen


SCENES = {
    "forward": (forward, ("w60",)),
    "hotdesk": (hotdesk, ("w60",)),
    "in use": (in_use, ("w60",)),
}


@pytest.fixture(scope="module")
def played(asterisk):
    return asyncio.run(take_all(asterisk, SCENES))


def test_calls_are_forwarded_as_the_caller_has_said(played):
    out = "PJSIP/{}@out".format
    assert played[0]["forward"].result == [
        [out("+15550199")],
        [TALKS],
        [out("+15550199")],
        [out("+15550188")],
        [TALKS],
    ]


def test_a_user_is_rung_where_they_have_logged_in(played):
    assert played[0]["hotdesk"].result == [[TALKS, "PJSIP/desk-of-the-test"], [TALKS]]


def test_a_telephone_in_use_takes_no_second_call(played):
    assert played[0]["in use"].result == [([SPEAKS], False), ([], True)]


def test_nothing_is_left_in_asterisk(played):
    assert played[1] == []
