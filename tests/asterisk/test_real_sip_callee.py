"""A callee on the wire: what she is sent, and what is told of her answer."""

import asyncio
import json
import re
import shutil
from pathlib import Path

import pytest
from programs import free_port
from test_connection_lost import script

SIPP = Path(__file__).with_name("sipp")

pytestmark = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")


@pytest.fixture
async def carol(request, tmp_path):
    """Return the port that she answers on, and the file that holds what was sent to her.

    What she does is the file in `sipp` that the test names.
    """
    port, sent = free_port(), tmp_path / "messages.log"
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(SIPP / request.param), "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin",
        "-timeout", "30", "-trace_msg", "-message_file", str(sent),
        cwd=tmp_path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    yield port, sent
    if sipp.returncode is None:
        sipp.terminate()
    await sipp.wait()


@pytest.mark.parametrize("carol", ["carol.xml"], indirect=True)
async def test_headers_go_out_and_those_of_the_answer_come_back(stage, carol):
    port, sent = carol
    uri = f"sip:carol@127.0.0.1:{port};region=ie1?X-Order=12&amp;User-to-User=34%3Bencoding%3Dhex"
    document = f"<Response><Dial action='got'><Sip url='screen'>{uri}</Sip></Dial></Response>"
    pages = {"got": {"body": "<Response/>"}, "screen": {"body": "<Response/>"}}
    called = script(document, **pages)
    await stage.open({"1000": called}, directory={"sip": "PJSIP/sipp/{uri}"})

    await stage.outcome("1000", await stage.call("1000", called))

    asked = {one.path: one.params for one in stage.web.asked["1000"]}
    invite = sent.read_text().split("UDP message")[1]
    assert f"INVITE sip:carol@127.0.0.1:{port} SIP/2.0" in invite
    assert "X-Order: 12" in invite
    assert "User-to-User: 34;encoding=hex" in invite
    call_id = re.search(r"Call-ID: (\S+)", invite)[1]
    assert asked["screen"]["SipCallId"] == call_id
    assert asked["screen"]["SipHeader_X-Place"] == "here"
    told = {name: value for name, value in asked["got"].items() if name.startswith("Dial")}
    del told["DialCallSid"]
    assert told == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallDuration": "2",
        "DialSipCallId": call_id,
        "DialSipResponseCode": "200",
        "DialSipHeader_X-Answered-By": "Carol, of course",
        "DialSipHeader_X-Place": "here",
    }


@pytest.mark.parametrize("carol", ["refers.xml"], indirect=True)
async def test_a_refer_of_hers_is_told_and_the_caller_goes_on(stage, carol):
    port, sent = carol
    uri = f"sip:carol@127.0.0.1:{port}"
    document = f"<Response><Dial referUrl='refer'><Sip>{uri}</Sip></Dial></Response>"
    pages = {"refer": {"body": "<Response><Pause length='1'/></Response>"}}
    called = script(document, **pages)
    await stage.open({"1000": called}, directory={"sip": "PJSIP/sipp/{uri}"})

    await stage.outcome("1000", await stage.call("1000", called))

    voice, refer, _ = stage.web.asked["1000"]
    assert (refer.path, refer.params["ReferTransferTarget"]) == ("refer", "bob")
    assert refer.params["CallSid"] == voice.params["CallSid"]
    assert "SIP/2.0 202 Accepted" in sent.read_text()
    assert "SIP/2.0 200 OK\n" in sent.read_text().replace("\r", "").split("NOTIFY sip:")[-1]


@pytest.mark.parametrize("carol", ["carol.xml"], indirect=True)
async def test_a_telephone_is_sent_its_headers_how_to_ring_and_who_calls(stage, carol):
    port, sent = carol
    flow = {"module": "device", "data": {"id": "carol", "custom_sip_headers": {"X-Order": "12"}}}
    for module, data in [
        ("set_alert_info", {"alert_info": "loud"}),
        ("set_variables", {"custom_application_vars": {"a": "b"}, "export": True}),
        ("set_cid", {"caller_id_name": "Sales", "caller_id_number": "+15550100"}),
    ]:
        flow = {"module": module, "data": data, "children": {"_": flow}}
    called = script(json.dumps(flow))
    site = {"custom_sip_headers": {"X-Site": "north", "Contact": "<sip:nobody@example.com>"}}
    device = {"endpoint": f"PJSIP/sipp/sip:carol@127.0.0.1:{port}", "sip": site}
    await stage.open({"1000": called}, directory={"devices": {"carol": device}})

    outcome = await stage.outcome("1000", await stage.call("1000", called))

    invite = sent.read_text().split("UDP message")[1]
    assert "X-Site: north" in invite
    assert "X-Order: 12" in invite
    assert "Alert-Info: loud" in invite
    assert "nobody@example.com" not in invite
    assert re.search(r'From: "Sales" <sip:\+15550100@', invite)
    assert outcome.problems == []
