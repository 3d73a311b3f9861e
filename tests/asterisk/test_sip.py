"""What a SIP caller is told, on the wire."""

import asyncio
import shutil
from pathlib import Path

import pytest
from test_connection_lost import script

from ari_pivot.call.causes import name

REFUSED = Path(__file__).with_name("sipp") / "refused.xml"
RESPONSE = '{"module": "response", "data": {"code": %d}}'

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


async def is_refused(stage, status, folder):
    """Call with SIPp; its exit status is 0 when the call was refused with that status."""
    scenario = folder / "refused.xml"
    scenario.write_text(REFUSED.read_text().replace("STATUS", str(status)))
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-s", f"app-{stage.app}*1000", "-i", "127.0.0.1", "-m", "1",
        "-nostdin", "-timeout", "30", stage.settings["SIP_ADDR"],
        cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    return await sipp.wait() == 0


@pytest.mark.parametrize(
    ("document", "status", "cause"),
    [
        ("<Response><Reject reason='busy'/></Response>", 486, 17),
        ("<Response><Reject/></Response>", 404, 1),
        ("<Response><Hangup/></Response>", 603, 16),
    ],
)
async def test_a_refusal_is_told_with_its_status_and_reported_with_its_cause(
    stage, tmp_path, document, status, cause
):
    await stage.open({"1000": script(document)})

    assert await is_refused(stage, status, tmp_path)

    await stage.reported("1000")
    asked, report = stage.web.asked["1000"]
    assert asked.params["From"] == "+15551239876"
    assert report.params["Hangup-Cause"] == name(cause)
    assert report.params["Hangup-Code"] == f"sip:{status}"


@pytest.mark.parametrize("status", [403, 480, 486, 503])
async def test_a_callflows_response_is_told_with_its_status(stage, tmp_path, status):
    await stage.open({"1000": script(RESPONSE % status)})

    assert await is_refused(stage, status, tmp_path)
