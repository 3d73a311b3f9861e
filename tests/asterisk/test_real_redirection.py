"""Telephones that send a call elsewhere (SIP 302): where Asterisk's endpoint says so, it goes there."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from programs import free_port
from test_connection_lost import script

SIPP = Path(__file__).with_name("sipp")

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


@pytest.fixture
async def moved(tmp_path):
    """Return the port of a telephone that sends calls to another one, and what that one was sent."""
    ports, sent = (free_port(), free_port()), tmp_path / "messages.log"
    moves = tmp_path / "moved.xml"
    moves.write_text((SIPP / "moved.xml").read_text().replace("MOVED", f"127.0.0.1:{ports[1]}"))
    started = [await telephone(moves, ports[0], tmp_path),
               await telephone(SIPP / "carol.xml", ports[1], tmp_path, "-trace_msg", "-message_file", str(sent))]  # fmt: skip
    yield ports[0], sent
    for sipp in started:
        if sipp.returncode is None:
            sipp.terminate()
        await sipp.wait()


async def telephone(scenario, port, folder, *more):
    return await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin",
        "-timeout", "30", *more, cwd=folder, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def rings(name):
    ask = {"module": "pivot", "data": {"voice_url": "http://web.test/moved"}}
    flow = {"module": "device", "data": {"id": name, "timeout": 10}, "children": {"sip:302": ask}}
    return script(json.dumps(flow), moved={"body": '{"module": "hangup", "data": {}}'})


@pytest.mark.parametrize(("endpoint", "goes"), [("follows", True), ("sipp", False)])
async def test_the_endpoint_says_whether_the_call_goes_there(stage, moved, endpoint, goes):
    port, sent = moved
    called = rings("phone")
    devices = {"phone": {"endpoint": f"PJSIP/{endpoint}/sip:bob@127.0.0.1:{port}"}}
    await stage.open({"1000": called}, directory={"devices": devices})

    outcome = await stage.outcome("1000", await stage.call("1000", called), cdr=False)

    asked = [one.path for one in stage.web.asked["1000"]]
    assert ("moved" in asked) is not goes
    assert outcome.ended["answered"] is goes
    assert ("INVITE sip:carol@" in sent.read_text()) is goes
