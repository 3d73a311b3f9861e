"""Callers who meet, served by ari_pivot on a real Asterisk, whatever becomes of the connection."""

import asyncio
import signal

import pytest
from proxy import wire
from stage import heard
from test_connection_lost import script, through
from yarl import URL

ROOM = """<Response><Dial action="got" hangupOnStar="true"><Conference statusCallback="status"
 statusCallbackEvent="start end join leave">Room</Conference></Dial></Response>"""
WAITS = "<Response><Enqueue action='got' waitUrl='wait'>help</Enqueue></Response>"
TAKES = "<Response><Dial action='got'><Queue url='before'>help</Queue></Dial></Response>"
TONE = {"body": "<Response><Play>tone.wav</Play></Response>"}


def says(document, **more):
    return script(document, got={"body": "<Response/>"}, status={"status": 204}, wait=TONE,
                  before=TONE, tone_wav={"audio": 1}, **more)  # fmt: skip


def does(*actions):
    return list(actions)


async def bridges(stage):
    async with stage.lab.session.get(f"{stage.settings['ARI_URL']}/bridges") as answer:
        return [one["id"] for one in await answer.json() if one["name"] == stage.app]


def kinds(sounds):
    return [sound.kind for sound in sounds]


@pytest.fixture
async def line(stage):
    async with wire(URL(stage.settings["ARI_URL"]).port) as laid:
        yield laid


async def together(stage, first, second):
    """Have two callers call, the second one a while later; return both, on their lines."""
    ann = await stage.call("1", first)
    await asyncio.sleep(1.5)
    bob = await stage.call("2", second)
    await stage.pivot.until(lambda line: line.get("change") == "start")
    return ann, bob


async def test_a_conference_goes_on_while_the_connection_is_lost(stage, line):
    first = says(ROOM, do=does({"at": 9, "speak": 1}, {"at": 12, "hangup": True}))
    second = says(ROOM, do=does({"at": 14, "hangup": True}))
    await stage.open({"1": first, "2": second}, asterisk=through(line))
    ann, bob = await together(stage, first, second)

    line.cut()
    await asyncio.sleep(3)
    line.mend()
    outcomes = [await stage.outcome("1", ann), await stage.outcome("2", bob)]

    assert "440 Hz" in kinds(await heard(bob))
    events = [one.params["StatusCallbackEvent"] for one in outcomes[0].asked
              if one.path == "status"]  # fmt: skip
    assert sorted(events) == sorted([
        "participant-join", "participant-join", "conference-start", "participant-leave",
        "participant-leave", "conference-end",
    ])  # fmt: skip
    for outcome in outcomes:
        (got,) = [one.params for one in outcome.asked if one.path == "got"]
        assert got["DialCallStatus"] == "answered"
    assert await bridges(stage) == []


async def test_of_a_conference_whose_process_was_killed_nothing_is_left(stage):
    acts = says(ROOM, do=does({"at": 20, "hangup": True}))
    await stage.open({"1": acts, "2": acts})
    ann, bob = await together(stage, acts, acts)
    assert len(await bridges(stage)) == 1

    await stage.pivot.stop(signal.SIGKILL)
    await stage.start()
    for caller in (ann, bob):
        assert await stage.ended(caller) is not None

    assert await bridges(stage) == []


async def test_who_waits_in_a_queue_is_taken(stage):
    first = says(WAITS, do=does({"at": 9, "speak": 1}))
    second = says(TAKES, do=does({"at": 5, "speak": 1}, {"at": 12, "hangup": True}))
    await stage.open({"1": first, "2": second})
    ann = await stage.call("1", first)
    await asyncio.sleep(2.5)
    bob = await stage.call("2", second)
    waited, took = await stage.outcome("1", ann), await stage.outcome("2", bob)

    (got,) = [one.params for one in waited.asked if one.path == "got"]
    assert got["QueueResult"] == "bridged"
    (taken,) = [one.params for one in took.asked if one.path == "got"]
    assert (taken["DialCallStatus"], taken["DialCallSid"]) == ("completed", got["CallSid"])
    waits = [one.params for one in waited.asked if one.path == "wait"]
    assert waits[0]["QueuePosition"] == "1"
    assert kinds(await heard(ann))[0] == "1000 Hz"
    assert "440 Hz" in kinds(await heard(bob))
    assert await bridges(stage) == []
