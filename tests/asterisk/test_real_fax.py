"""Faxes on a real Asterisk: one is sent between two channels, heard as one, and received."""

import email
import email.policy
import json
from pathlib import Path
from uuid import uuid4

import pytest
from fax_page import page, pages
from mail_server import Inbox, receiving
from scenario import chain

DIRECTORY = {"users": {"bob": {"email": "bob@example.com"}}}


def script(flow, do):
    return {
        "caller": {"do": do},
        "pivot": {"voice_url": "http://web.test/voice"},
        "web": [
            {"url": "http://web.test/voice", "replies": [{"body": json.dumps(flow)}]},
            {
                "url": "http://web.test/fax",
                "replies": [{"body": json.dumps(chain([{"receive_fax": {"owner_id": "bob"}}]))}],
            },
            {
                "url": "http://web.test/voice-mail",
                "replies": [{"body": json.dumps(chain([{"hangup": {}}]))}],
            },
        ],
    }


FLOW = {
    "module": "fax_detect",
    "data": {"duration": 8},
    "children": {
        "ON_FAX": {"module": "pivot", "data": {"voice_url": "http://web.test/fax"}},
        "ON_VOICE": {"module": "pivot", "data": {"voice_url": "http://web.test/voice-mail"}},
    },
}


@pytest.fixture
async def inbox():
    with receiving(Inbox()) as inbox:
        yield inbox


@pytest.fixture
def faxed(asterisk):
    """Return where the page lies as Asterisk sees it."""
    name = f"fax-{uuid4().hex}"
    here = Path(asterisk["CAPTURE_DIR"]) / f"{name}.tif"
    here.write_bytes(page())
    here.chmod(0o644)
    yield f"/var/spool/asterisk/capture/{name}.tif"
    here.unlink()


def paths(stage, number):
    return [one.path for one in stage.web.asked[number] if one.kind == "instructions"]


async def test_a_fax_is_told_from_a_person_received_and_mailed(stage, inbox, faxed):
    fax, person = script(FLOW, [{"at": 0.5, "fax": faxed}]), script(FLOW, [{"at": 1, "speak": 3}])
    mail = {"host": "127.0.0.1", "port": inbox.port, "tls": "none"}
    await stage.open({"6100": fax, "6101": person}, directory=DIRECTORY, mail=mail)
    sender, speaker = await stage.call("6100", fax), await stage.call("6101", person)
    await stage.ended(speaker)
    await stage.ended(sender)
    await inbox.has(1)
    assert paths(stage, "6101") == ["voice", "voice-mail"]
    assert paths(stage, "6100") == ["voice", "fax"]
    (envelope,) = inbox.messages
    assert envelope.rcpt_tos == ["bob@example.com"]
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    (file,) = message.iter_attachments()
    assert file.get_content_type() == "image/tiff"
    assert pages(file.get_content()) == 1


async def test_a_fax_comes_over_sip_too_where_the_trunk_could_have_t38(stage, inbox, faxed):
    fax = script(chain([{"receive_fax": {"owner_id": "bob"}}]), [])
    mail = {"host": "127.0.0.1", "port": inbox.port, "tls": "none"}
    await stage.open({"6100": fax}, directory=DIRECTORY, mail=mail)
    sender = {
        "endpoint": f"PJSIP/itself/sip:app-{stage.app}*6100@{stage.settings['SIP_ADDR']}",
        "context": "caller", "extension": "script", "priority": 1,
        "variables": {"SCRIPT": f"f{faxed}"},
    }  # fmt: skip
    url = f"{stage.settings['ARI_URL']}/channels"
    async with stage.lab.session.post(url, json=sender) as answer:
        assert answer.status == 200
    await inbox.has(1)
    message = email.message_from_bytes(inbox.messages[0].content, policy=email.policy.default)
    (file,) = message.iter_attachments()
    assert pages(file.get_content()) == 1
