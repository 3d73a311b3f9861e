"""One try of a report: what goes out, what is taken for an acknowledgement."""

import pytest
from outbox_fakes import report
from twilio.request_validator import RequestValidator
from web_fakes import Web, reply

from ari_pivot.errors import Code, WebError
from ari_pivot.report.deliver import Deliverer
from ari_pivot.web.client import Client
from ari_pivot.web.signature import Keys

pytestmark = pytest.mark.virtual

URL = "http://web.test/cdr"
DATE = "Sun, 22 Nov 2026 12:00:00 GMT"


async def deliver(web, **more):
    await Deliverer(Client(web, Keys("token", ["shared"])), 15)(report(**more))


async def refusal(*answers, **more):
    with pytest.raises(WebError) as caught:
        await deliver(Web({URL: answers}), **more)
    return caught.value


async def test_a_report_is_posted_as_a_signed_form_with_its_id():
    web = Web({URL: [reply(204)]})
    await deliver(web, params={"CallSid": "CA1", "Vars": {"a": 1}}, id="report-1")
    (asked,) = web.asked
    assert (asked.method, asked.kind, asked.body) == ("POST", "cdr", b"CallSid=CA1&Vars[a]=1")
    assert asked.headers["I-Twilio-Idempotency-Token"] == "report-1"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    signed = asked.headers["X-Twilio-Signature"]
    assert RequestValidator("token").validate(URL, {"CallSid": "CA1", "Vars[a]": "1"}, signed)


async def test_it_may_be_json_or_a_get_and_signed_as_kazoos():
    web = Web({URL: [reply()]})
    await deliver(web, params={"a": [1]}, encoding="json", scheme="kazoo")
    await deliver(web, params={"a": [1]}, method="GET", scheme="")
    assert web.asked[0].body == b'{"a":[1]}'
    assert web.asked[0].headers["X-Pivot-Signature"].startswith("t=")
    assert web.lines[1] == f"GET {URL}?a[]=1"
    assert list(web.asked[1].headers) == ["I-Twilio-Idempotency-Token"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_success_is_an_acknowledgement(status):
    await deliver(Web({URL: [reply(status, "whatever")]}))


@pytest.mark.parametrize("status", [300, 304, 400, 404, 429, 500, 503])
async def test_everything_else_is_none(status):
    error = await refusal(reply(status))
    assert (error.code, error.status) == (Code.HTTP_STATUS, status)
    assert error.where == URL


async def test_a_redirect_is_followed():
    web = Web({URL: [reply(307, Location="/moved")], "http://web.test/moved": [reply()]})
    await deliver(web, params={"a": "b"})
    assert web.asked[1].body == b"a=b"


@pytest.mark.parametrize(
    ("said", "date", "seconds"),
    [
        ("120", "", 120),
        ("0", "", 0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", DATE, 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", DATE, 0),
        ("Sun, 22 Nov 2026 12:02:00 GMT", "", None),
        ("Sun, 22 Nov 2026 12:02:00 -0000", DATE, None),
        ("", DATE, None),
        ("soon", DATE, None),
        ("-5", DATE, None),
        ("1.5", DATE, None),
        ("\N{SUPERSCRIPT TWO}", DATE, None),
    ],
)
async def test_a_server_may_say_how_long_it_wants_to_be_left_alone(said, date, seconds):
    headers = {"Retry_After": said} | ({"Date": date} if date else {})
    assert (await refusal(reply(503, **headers))).retry_after == seconds


async def test_no_answer_is_a_failure_after_the_timeout():
    assert (await refusal(99.0)).code == Code.TIMEOUT


class Files:
    def __init__(self, content):
        self.content = content
        self.taken = []

    async def read(self, name):
        return self.content

    async def sent(self, name):
        self.taken.append(name)


async def upload(web, content=b"ID3 sound"):
    files = Files(content)
    deliverer = Deliverer(Client(web, Keys("token", ["shared"])), 15)
    deliverer.files = files
    await deliverer(report(kind="upload", method="PUT", scheme="", file="0a.mp3", id="report-1"))
    return files


async def test_a_file_is_sent_as_it_is_and_then_it_is_said_that_it_was():
    web = Web({URL: [reply(201)]})
    files = await upload(web)
    (asked,) = web.asked
    assert (asked.method, asked.kind, asked.body) == ("PUT", "upload", b"ID3 sound")
    assert asked.headers["Content-Type"] == "audio/mpeg"
    assert asked.headers["I-Twilio-Idempotency-Token"] == "report-1"
    assert files.taken == ["0a.mp3"]


async def test_a_file_that_is_not_taken_is_not_said_to_be():
    files = Files(b"ID3 sound")
    deliverer = Deliverer(Client(Web({URL: [reply(500)]}), Keys("", [])), 15)
    deliverer.files = files
    with pytest.raises(WebError):
        await deliverer(report(kind="upload", method="PUT", scheme="", file="0a.wav"))
    assert files.taken == []


async def test_a_file_that_is_gone_is_not_sent_again():
    web = Web({URL: [reply(201)]})
    files = await upload(web, None)
    assert (web.asked, files.taken) == ([], [])


async def test_the_times_of_a_urls_fragment_hold_and_it_is_not_sent():
    web = Web({URL: [reply(204)]})
    await deliver(web, url=f"{URL}#ct=200&rt=300&tt=4000&rc=0")
    (asked,) = web.asked
    assert asked.url == URL
    assert (asked.connect_timeout, asked.silence) == (0.2, 0.3)
    assert asked.read_timeout == pytest.approx(4)
