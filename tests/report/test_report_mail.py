"""Mail that is owed: sent to a real mail server, again where it is refused."""

import email
import email.policy

import pytest
from aiosmtpd.controller import Controller
from programs import free_port

from ari_pivot.errors import StoreError, WebError
from ari_pivot.report.entry import Report
from ari_pivot.report.mail import Mailer, Smtp
from ari_pivot.report.retry import answers

AT = 1_800_000_000.0


class Server:
    """Takes mail; `says` is its answer to a message, `refuses` the recipients it will not have."""

    def __init__(self):
        self.says, self.refuses, self.messages = "250 OK", set(), []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuses:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.says.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.messages.append((envelope.rcpt_tos, message))
        return self.says


class Kept:
    """Recordings and what was done with them."""

    def __init__(self):
        self.content_of, self.done, self.fails = {"r1": b"sound"}, [], False

    async def content(self, recording, kind):
        if self.fails:
            raise StoreError("the disk is full")
        return self.content_of.get(recording)

    async def sent(self, then):
        self.done.append(then)
        if self.fails == "sent":
            raise StoreError("the database fails")


@pytest.fixture
def server():
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    server.port = controller.port
    yield server
    controller.stop()


def report(**more):
    said = {"to": ["a@example.com", "b@example.com"], "subject": "Voicemail from\nann",
            "text": "Hello", "attachment": None, "then": {}}  # fmt: skip
    return Report(
        call_id="call-1", kind="email", url="mailto:a@example.com", params=said | more,
        created_at=AT, id="id-1",
    )  # fmt: skip


def mailer(server, kept=None):
    post = Smtp("127.0.0.1", server.port, "none", "", "", 5.0)
    return Mailer(post, "pivot@example.com", kept or Kept(), None)


async def test_it_is_sent_to_everybody_with_its_attachment(server):
    kept = Kept()
    attachment = {"name": "message.mp3", "recording": "r1"}
    await mailer(server, kept)(report(attachment=attachment, then={"message": "m1"}))
    ((to, message),) = server.messages
    assert to == ["a@example.com", "b@example.com"]
    assert message["From"] == "pivot@example.com"
    assert message["Subject"] == "Voicemail from ann"
    assert message["Message-ID"].startswith("<id-1@")
    assert message.get_body().get_content().split() == ["Hello"]
    (sound,) = message.iter_attachments()
    assert (sound.get_content_type(), sound.get_filename()) == ("audio/mpeg", "message.mp3")
    assert sound.get_content() == b"sound"
    assert kept.done == [{"message": "m1"}]


@pytest.mark.parametrize(
    ("says", "its_own_fault"), [("451 later", False), ("421 busy", False), ("554 spam", True)]
)
async def test_what_is_refused_is_tried_again_and_nothing_is_done_for_it(
    server, says, its_own_fault
):
    server.says = says
    kept = Kept()
    with pytest.raises(WebError) as refused:
        await mailer(server, kept)(report(then={"message": "m1"}))
    assert answers(refused.value) is its_own_fault
    assert kept.done == []


async def test_one_recipient_who_is_refused_does_not_keep_it_from_the_others(server):
    server.refuses = {"a@example.com"}
    await mailer(server)(report())
    assert server.messages[0][0] == ["b@example.com"]


async def test_when_all_are_refused_it_was_not_sent(server):
    server.refuses = {"a@example.com", "b@example.com"}
    with pytest.raises(WebError):
        await mailer(server)(report())


async def test_a_mail_server_that_is_not_there_is_tried_again():
    post = Smtp("127.0.0.1", 9, "none", "", "", 2.0)
    with pytest.raises(WebError) as refused:
        await Mailer(post, "pivot@example.com", Kept(), None)(report())
    assert not answers(refused.value)


async def test_an_attachment_that_is_gone_is_left_out(server):
    attachment = {"name": "message.mp3", "recording": "gone"}
    await mailer(server)(report(attachment=attachment))
    assert list(server.messages[0][1].iter_attachments()) == []


async def test_an_attachment_that_cannot_be_had_now_is_waited_for(server):
    kept = Kept()
    kept.fails = True
    with pytest.raises(WebError, match="disk is full"):
        await mailer(server, kept)(report(attachment={"name": "m.wav", "recording": "r1"}))
    assert server.messages == []


async def test_mail_that_was_sent_is_not_sent_again_because_it_could_not_be_noted(server):
    kept = Kept()
    kept.fails = "sent"
    await mailer(server, kept)(report(then={"message": "m1"}))
    assert len(server.messages) == 1


async def test_everything_else_goes_the_other_way():
    gone = []

    async def otherwise(report):
        gone.append(report.kind)

    other = Report(call_id="c", kind="cdr", url="http://web.test", params={}, created_at=AT)
    await Mailer(None, "", Kept(), otherwise)(other)
    assert gone == ["cdr"]
    with pytest.raises(WebError, match="no mail server"):
        await Mailer(None, "", Kept(), otherwise)(report())
