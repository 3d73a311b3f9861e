"""Voicemail on a real Asterisk: what was said is mailed, and the lamp of a telephone lights."""

import asyncio
import email
import email.policy
import io
import json
import signal
import wave

import pytest
from aiosmtpd.controller import Controller
from scenario import chain
from stage import free_port, heard
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


class Inbox:
    """A mail server that refuses the first message it is offered."""

    def __init__(self):
        self.refused, self.messages, self.came = 0, [], asyncio.Event()
        self.loop = asyncio.get_running_loop()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if not self.refused:
            self.refused += 1
            return "451 try again later"
        self.messages.append(envelope)
        self.loop.call_soon_threadsafe(self.came.set)  # it has a thread of its own
        return "250 OK"


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
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    inbox.port = server.port
    yield inbox
    server.stop()


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
    async with asyncio.timeout(30):
        await inbox.came.wait()
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
