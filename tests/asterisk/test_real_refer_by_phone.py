"""A telephone's own transfer (SIP's REFER): who speaks on with whom."""

import asyncio
import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from programs import free_port
from stage import heard
from test_connection_lost import script

SIPP = Path(__file__).with_name("sipp")
TONE = "tone_stream://%(2000,0,1000)"
RECEPTION = {"numbers": ["200"], "flow": {"module": "play", "data": {"id": TONE}}}

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


async def sipp(scenario, folder, *options):
    return await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "30",
        *options, cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def ended(phone):
    with suppress(ProcessLookupError):
        phone.terminate()
    await phone.wait()


def referring(name, folder, stage):
    """Return a scenario whose telephone refers to number 200 of this ari_pivot."""
    made = folder / name
    to = f"sip:app-{stage.app}*200@127.0.0.1"
    text = (SIPP / name).read_text()
    made.write_text(text.replace("sip:bob@example.com;transport=tcp?X-A=1", to))
    return made


def rings(name):
    return script(json.dumps({"module": "device", "data": {"id": name, "timeout": 10}}))


async def test_who_has_answered_transfers_the_caller_by_telephone(stage, tmp_path):
    port, called = free_port(), rings("carol")
    carol = await sipp(referring("refers.xml", tmp_path, stage), tmp_path, "-p", str(port))
    devices = {"carol": {"endpoint": f"PJSIP/sipp/sip:carol@127.0.0.1:{port}"}}
    directory = {"devices": devices, "callflows": {"reception": RECEPTION}}
    await stage.open({"1000": called}, directory=directory)

    caller = await stage.call("1000", called)
    outcome = await stage.outcome("1000", caller, cdr=False)
    await ended(carol)

    assert "1000 Hz" in [sound.kind for sound in await heard(caller)]
    assert outcome.ended["by"] == "callee"
    assert outcome.problems == []


async def test_the_caller_transfers_who_has_answered_by_telephone(stage, tmp_path):
    called = rings("talks")
    devices = {"talks": {"endpoint": "Local/+15551000091@callee/n"}}
    directory = {"devices": devices, "callflows": {"reception": RECEPTION}}
    await stage.open({"1000": called}, directory=directory)

    scenario = referring("caller_refers.xml", tmp_path, stage)
    caller = await sipp(
        scenario, tmp_path, "-s", f"app-{stage.app}*1000", stage.settings["SIP_ADDR"]
    )
    moved = await stage.pivot.until(
        lambda line: line["event"] == "call.ended" and line["call"].startswith("leg-"), 20
    )
    await ended(caller)

    # who has answered was a call of its own, until the reception's sound was over
    assert moved["answered"]
    assert moved["seconds"] == pytest.approx(2, abs=1.5)
