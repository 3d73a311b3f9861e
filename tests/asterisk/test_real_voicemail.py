"""Voicemail on a real Asterisk: what was said is mailed, and the lamp of a telephone lights."""

import asyncio
import email
import email.policy
import io
import json
import signal
import wave

import pytest
from mail_server import Inbox, receiving
from scenario import chain
from stage import heard
from test_process_killed import nothing_owed

BOX = "mailbox0000000000000000000000000"
MAILBOX = {
    "mailbox": "100@lamp",
    "pin": "1234",
    "is_setup": True,
    "skip_greeting": True,
    "skip_instructions": True,
    "media_extension": "wav",
    "notify_email_addresses": ["desk@example.com"],
    "save_after_notify": True,
}
#: The tone, three seconds of 440 Hz, the menu; then the box is opened and the message is heard.
LEAVE = [{"at": 2, "speak": 3}, {"at": 5.5, "press": "#"}, {"at": 8, "press": "1"}]
LISTEN = [{"at": 3, "press": "1234#"}, {"at": 7, "press": "2"}, {"at": 16, "hangup": True}]


class Lamp(asyncio.DatagramProtocol):
    """The telephone of the endpoint `lamp`: it takes what it is told."""

    def __init__(self):
        self.told, self.came = [], asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        head, _, body = data.decode().partition("\r\n\r\n")
        kept = [line for line in head.split("\r\n")
                if line.partition(":")[0] in {"Via", "From", "To", "Call-ID", "CSeq"}]  # fmt: skip
        self.transport.sendto("\r\n".join(["SIP/2.0 200 OK", *kept, "", ""]).encode(), address)
        self.told.append(body)
        self.came.set()

    async def until(self, text):
        async with asyncio.timeout(20):
            while not any(text in body for body in self.told):
                self.came.clear()
                await self.came.wait()


def script(action, do):
    flow = chain([{"voicemail": {"id": BOX, "action": action}}])
    return {
        "caller": {"do": do},
        "pivot": {"voice_url": "http://web.test/voice"},
        "web": [{"url": "http://web.test/voice", "replies": [{"body": json.dumps(flow)}]}],
    }


@pytest.fixture
async def lamp():
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(Lamp, ("127.0.0.1", 5066))
    yield protocol
    transport.close()


@pytest.fixture
async def inbox():
    with receiving(Inbox(refuse=1)) as inbox:
        yield inbox


async def test_a_message_lights_a_lamp_is_mailed_and_outlives_the_process(stage, lamp, inbox):
    leaves, listens = script("compose", LEAVE), script("check", LISTEN)
    mail = {"host": "127.0.0.1", "port": inbox.port, "tls": "none"}
    await stage.open(
        {"6000": leaves, "6001": listens},
        directory={"mailboxes": {BOX: MAILBOX}},
        mail=mail,
    )
    await stage.ended(await stage.call("6000", leaves))
    await lamp.until("Voice-Message: 1/0")
    await inbox.has(1)
    await lamp.until("Voice-Message: 0/1")  # once it is mailed, it counts as heard
    await nothing_owed(stage)
    await stage.pivot.stop(signal.SIGKILL)
    await stage.start()
    listener = await stage.call("6001", listens)
    await stage.ended(listener)

    (envelope,) = inbox.messages
    assert envelope.rcpt_tos == ["desk@example.com"]
    (sound,) = email.message_from_bytes(
        envelope.content, policy=email.policy.default
    ).iter_attachments()
    with wave.open(io.BytesIO(sound.get_content())) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(4.5, abs=1)
    assert "440 Hz" in [one.kind for one in await heard(listener) if one.seconds > 2]
