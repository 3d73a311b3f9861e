"""<Refer> on the wire, and what is told of it."""

import asyncio
import shutil
from pathlib import Path

import pytest
from test_connection_lost import script

REFERRED = Path(__file__).with_name("sipp") / "referred.xml"
DOCUMENT = (
    "<Response><Refer action='got'><Sip>sip:bob@example.com?X-Order=12</Sip></Refer></Response>"
)

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


async def calls(stage, scenario, directory, *options):
    """Have SIPp call as the scenario says, and wait until the call is over and reported."""
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-s", f"app-{stage.app}*1000", "-i", "127.0.0.1", "-m", "1",
        "-nostdin", "-timeout", "30", *options, stage.settings["SIP_ADDR"],
        cwd=directory, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await sipp.wait() == 0
    await stage.reported("1000")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (
            "200 OK",
            {
                "ReferCallStatus": "completed",
                "ReferSipResponseCode": "202",
                "NotifySipResponseCode": "200",
            },
        ),
        ("486 Busy Here", {"ReferCallStatus": "busy", "NotifySipResponseCode": "486"}),
    ],
)
async def test_a_callers_telephone_is_referred_and_comes_back(stage, tmp_path, status, told):
    scenario, sent = tmp_path / "referred.xml", tmp_path / "messages.log"
    takes = REFERRED.read_text().replace("ACCEPT", "202 Accepted").replace("STATUS", status)
    scenario.write_text(takes)
    pages = {"got": {"body": "<Response><Pause length='1'/></Response>"}}
    await stage.open({"1000": script(DOCUMENT, **pages)}, directory={"refer": "pivot-refer"})

    await calls(stage, scenario, tmp_path, "-trace_msg", "-message_file", str(sent))

    voice, got, report = stage.web.asked["1000"]
    assert "Refer-To: <sip:bob@example.com?X-Order=12>" in sent.read_text()
    assert {
        name: one for name, one in got.params.items() if "efer" in name or "otif" in name
    } == told
    assert (got.kind, got.params["CallStatus"]) == ("instructions", "in-progress")
    assert voice.params["CallSid"] == got.params["CallSid"]
    assert report.params["Hangup-Cause"] == "NORMAL_CLEARING"


async def test_a_telephone_that_knows_no_refer_is_told_as_such(stage, tmp_path):
    takes = REFERRED.read_text().replace("ACCEPT", "501 Not Implemented")
    begin = takes.index('  <pause milliseconds="500"/>')
    scenario = tmp_path / "refuses.xml"
    scenario.write_text(takes[:begin] + takes[takes.index('  <recv request="BYE"/>') :])
    pages = {"got": {"body": "<Response><Pause length='1'/></Response>"}}
    await stage.open({"1000": script(DOCUMENT, **pages)}, directory={"refer": "pivot-refer"})

    await calls(stage, scenario, tmp_path)

    (got,) = [one for one in stage.web.asked["1000"] if one.path == "got"]
    assert got.params["ReferCallStatus"] == "failed"
    assert got.params["ReferSipResponseCode"] == "501"


async def test_a_caller_who_leaves_when_it_is_done_is_told_of_once(stage, tmp_path):
    scenario = tmp_path / "leaves.xml"
    takes = REFERRED.read_text().replace("ACCEPT", "202 Accepted")
    begin, end = (
        takes.index('  <pause milliseconds="500"/>'),
        takes.index('  <recv request="BYE"/>'),
    )
    bye = takes[begin:end].split("<send")[1].replace("NOTIFY", "BYE")
    bye = (
        "  <send"
        + bye.partition("Contact:")[0]
        + "Max-Forwards: 70\nContent-Length: 0\n\n]]></send>\n"
    )
    scenario.write_text(takes[:begin] + bye + '  <recv response="200"/>\n</scenario>\n')
    await stage.open(
        {"1000": script(DOCUMENT, got={"body": "<Response/>"})}, directory={"refer": "pivot-refer"}
    )

    await calls(stage, scenario, tmp_path)
    await stage.web.until("1000", "instructions", 2)

    (got,) = [one for one in stage.web.asked["1000"] if one.path == "got"]
    assert got.params["ReferCallStatus"] == "in-progress"
    assert got.params["CallStatus"] == "completed"
