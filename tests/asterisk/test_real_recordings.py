"""Recordings on a real Asterisk: what lies at the end of the URL is what was said and heard."""

import asyncio
import io
import json
import signal
import wave
from array import array
from pathlib import Path

import aiohttp
import aiohttp.web
import av
import ears
import pytest
import test_connection_lost as lost
from web_servers import http

ALL = 'recordingStatusCallback="status" recordingStatusCallbackEvent="in-progress completed absent"'
STAYS = "+15551000000"  # answers and speaks a tone of 440 Hz
TRUNK = {"lab": {"endpoint": "Local/{number}@callee/n", "numbers": ["*"]}}
OK = {"status": 204}
pytestmark = pytest.mark.alone  # it looks into the folder in which Asterisk records
BUSY = 0.9  # seconds that a busy machine may lose of a sound


def script(document, *do, **pages):
    """Return a script in which the web answers with a document, and with `pages` by path."""
    return lost.script(f"<Response>{document}</Response>", do=do, status=OK, **pages)


def told(stage, path):
    return [one.params for one in stage.web.asked["1000"] if one.path == path]


async def until_told(stage, path, times=1):
    async with asyncio.timeout(30):
        while len(told(stage, path)) < times:  # noqa: ASYNC110 - another program tells
            await asyncio.sleep(0.05)
    return told(stage, path)


async def play(stage, acts):
    """Let the script's caller call, from its first word to the end of the line."""
    await stage.open({"1000": acts}, directory={"trunks": TRUNK})
    caller = await stage.call("1000", acts)
    await stage.ended(caller)


async def fetch(url):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()


def sides(content):
    """Return the sounds and the length of each channel of a WAV."""
    with wave.open(io.BytesIO(content)) as file:
        count, rate, length = file.getnchannels(), file.getframerate(), file.getnframes()
        samples = array("h", file.readframes(length))
    assert rate == ears.RATE
    found = []
    for number in range(count):
        heard = ears.Ears()
        heard.hear(samples[number::count].tobytes())
        found.append([(one.kind, one.start, one.seconds) for one in heard.sounds()])
    return found, length / rate


def summed(sounds):
    """Return how long each kind of sound was: a busy machine breaks a tone into pieces.

    A moment is where two pieces, or two sounds, meet.
    """
    lengths = {kind: sum(one[2] for one in sounds if one[0] == kind) for kind, _, _ in sounds}
    return {kind: length for kind, length in lengths.items() if length > 0.2}


def pitch(content):
    """Return the tone that an MP3 is nearly all of."""
    with av.open(io.BytesIO(content)) as file:
        resampler = av.AudioResampler("s16", "mono", ears.RATE)
        pieces = [piece for frame in file.decode(audio=0) for piece in resampler.resample(frame)]
        data = b"".join(bytes(one.planes[0])[: one.samples * 2] for one in pieces)
    heard = ears.Ears()
    heard.hear(data)
    return max(heard.sounds(), key=lambda sound: sound.seconds).kind


def spool(stage):
    return {path.name for path in Path(stage.settings["RECORDINGS_DIR"]).glob("*.wav")}


@pytest.fixture(params=["over HTTP", "from the folder"])
def way(request, asterisk):
    folder = asterisk["RECORDINGS_DIR"] if request.param == "from the folder" else None
    return {"spool": folder}


async def test_what_the_caller_says_lies_at_the_url_and_no_longer_in_asterisk(stage, way):
    before = spool(stage)
    acts = script(
        f'<Record action="got" finishOnKey="#" {ALL}/>',
        {"at": 2, "speak": 3}, {"at": 6, "press": "#"},
        got={"body": "<Response><Hangup/></Response>"},
    )  # fmt: skip
    await stage.open({"1000": acts}, recordings=way)
    caller = await stage.call("1000", acts)
    await stage.ended(caller)
    (got,) = told(stage, "got")
    begun, done = await until_told(stage, "status", 2)
    assert got["Digits"] == "#"
    assert got["RecordingUrl"] == begun["RecordingUrl"] == done["RecordingUrl"]
    ((tone,),), length = sides(await fetch(got["RecordingUrl"]))
    assert tone[0] == "440 Hz"
    assert tone[2] == pytest.approx(3, abs=BUSY)
    assert length == pytest.approx(3.2, abs=BUSY)
    assert done["RecordingDuration"] == str(round(length))
    assert pitch(await fetch(f"{got['RecordingUrl']}.mp3")) == "440 Hz"
    async with asyncio.timeout(5):
        while spool(stage) > before:  # noqa: ASYNC110 - another program removes it
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("at", [1.2, 3.5])
async def test_a_caller_who_hangs_up_leaves_what_was_said_and_the_action_is_told_once(stage, at):
    acts = script(
        f'<Record action="got" trim="do-not-trim" {ALL}/>',
        {"at": 2, "speak": max(0.1, at - 2)}, {"at": at, "hangup": True}, got=OK,
    )  # fmt: skip
    await play(stage, acts)
    await until_told(stage, "status", 2)
    await stage.pivot.stop()
    (got,) = told(stage, "got")
    assert (got["Digits"], got["CallStatus"]) == ("hangup", "completed")
    assert [one["RecordingStatus"] for one in told(stage, "status")] == ["in-progress", "completed"]


async def test_left_is_what_the_caller_says_and_right_what_they_hear(stage):
    acts = script(
        f'<Start><Recording trim="do-not-trim" {ALL}/></Start><Play>tone.wav</Play>',
        {"at": 1, "speak": 2},
        tone_wav={"audio": 4},
    )
    await play(stage, acts)
    _, done = await until_told(stage, "status", 2)
    (left, right), length = sides(await fetch(done["RecordingUrl"]))
    assert done["RecordingChannels"] == "2"
    assert summed(left) == {"440 Hz": pytest.approx(2, abs=BUSY)}
    assert summed(right) == {"1000 Hz": pytest.approx(4, abs=BUSY)}
    assert length == pytest.approx(4, abs=BUSY)


async def test_a_conversation_is_recorded_from_the_answer(stage):
    acts = script(
        f'<Dial action="got" record="record-from-answer-dual" timeLimit="3" {ALL}>{STAYS}</Dial>',
        got={"body": "<Response/>"},
    )
    await play(stage, acts)
    _, done = await until_told(stage, "status", 2)
    (got,) = told(stage, "got")
    (left, right), length = sides(await fetch(got["RecordingUrl"]))
    assert done["RecordingSid"] == got["RecordingSid"]
    assert left == []
    assert summed(right)["440 Hz"] == pytest.approx(3, abs=BUSY)
    assert length == pytest.approx(3, abs=BUSY)


@pytest.mark.parametrize("left", ["the caller stays", "the caller leaves"])
async def test_what_was_being_recorded_when_we_were_killed_is_told_of_once(stage, left):
    before = spool(stage)
    acts = script(f'<Record action="got" timeout="0" {ALL}/>', {"at": 1, "speak": 30})
    await stage.open({"1000": acts})
    caller = await stage.call("1000", acts)
    await until_told(stage, "status")
    await asyncio.sleep(3)
    await stage.pivot.stop(signal.SIGKILL)
    if left == "the caller leaves":
        await stage.lab.end(caller)
        await caller.ended
    await stage.start()
    _, done = await until_told(stage, "status", 2)
    ((tone,),), length = sides(await fetch(done["RecordingUrl"]))
    await stage.ended(caller)
    await stage.pivot.stop()
    assert (done["RecordingStatus"], tone[0]) == ("completed", "440 Hz")
    assert length > 2
    assert done["RecordingDuration"] == str(round(length))
    assert len(told(stage, "status")) == 2
    assert spool(stage) <= before


@pytest.mark.parametrize("waits", [True, False])
async def test_a_callflows_recording_is_sent_as_mp3_again_until_it_is_taken(stage, waits):
    bodies = []

    async def store(request):
        bodies.append((request.method, request.path, request.content_type, await request.read()))
        return aiohttp.web.Response(status=503 if len(bodies) == 1 else 201)

    async with http(store) as url:
        wait = {"module": "sleep", "data": {"duration": 3, "unit": "s"}}
        flow = {
            "module": "record_call",
            "data": {"url": f"{url}/store", "record_on_answer": waits},
            "children": {"_": {"module": "answer", "children": {"_": wait}}},
        }
        acts = lost.script(json.dumps(flow), do=[{"at": 0.5, "speak": 9}])
        await play(stage, acts)
        async with asyncio.timeout(20):
            while len(bodies) < 2:  # noqa: ASYNC110 - another program sends
                await asyncio.sleep(0.05)
        await stage.pivot.stop()
    (method, path, kind, body), again = bodies[0], bodies[1:]
    assert (method, kind, again) == ("PUT", "audio/mpeg", [bodies[0]])
    assert path.startswith("/store/call_recording_")
    assert pitch(body) == "440 Hz"
    assert list((stage.folder / "recordings").glob("*.*")) == []
