"""A slow web server on a real Asterisk: the caller hears the configured sound, and it stops."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest
from stage import heard, with_pauses
from test_connection_lost import script

ASKS = "<Response><Play>tone.wav</Play><Redirect>next</Redirect></Response>"
SLOW = {"body": '<Response><Pause length="1"/></Response>', "delay": 4}
EARLY = Path(__file__).with_name("sipp") / "early.xml"


def placed(stage):
    """Put a sound on the web; return the settings that have it played after a second."""
    long = {"web": [{"url": "http://web.test/long.wav", "replies": [{"audio": 30}]}]}
    sound = stage.web.add("sounds", long)["web"][0]["url"]
    return {"waiting": {"media": sound, "after": 1}}


async def test_the_sound_begins_after_its_time_and_stops_with_the_answer(stage):
    acts = script(ASKS, tone_wav={"audio": 1}, next=SLOW)
    await stage.open({"1000": acts}, web=placed(stage))
    caller = await stage.call("1000", acts)
    await stage.ended(caller)

    (first, pause, second, *_) = with_pauses(await heard(caller))
    while first[0] != "tone":
        (first, pause, second, *_) = (pause, second, *_)
    assert first == ("tone", pytest.approx(1, abs=0.1))
    assert pause == ("pause", pytest.approx(1, abs=0.8))
    assert second == ("tone", pytest.approx(3, abs=0.8))


@pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")
async def test_a_sip_caller_is_sent_it_before_the_answer_and_then_ringing(stage, tmp_path):
    acts = script("<Response/>", voice={"body": "<Response><Hangup/></Response>", "delay": 4})
    await stage.open({"1000": acts}, web=placed(stage))

    sent = tmp_path / "messages.log"
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(EARLY), "-s", f"app-{stage.app}*1000", "-i", "127.0.0.1", "-m", "1",
        "-nostdin", "-timeout", "30", "-trace_msg", "-message_file", str(sent),
        stage.settings["SIP_ADDR"],
        cwd=tmp_path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await sipp.wait() == 0

    told = re.findall(r"^SIP/2.0 (\d+)", sent.read_text(), re.MULTILINE)
    early = told.index("183")
    assert {*told[:early]} == {"100", "180"}  # more than once where the INVITE was sent again
    assert told[early:] == ["183", "183", "603"]  # the sound, and then ringing in the audio
