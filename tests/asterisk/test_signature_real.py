"""Requests of a real call, checked as customers check them: with the official library."""

import pytest
from aiohttp import web
from stage import heard
from test_connection_lost import script
from twilio.request_validator import RequestValidator
from web_servers import http

from ari_pivot.web.signature import body_digest

TOKEN = "0123456789abcdef"
MENU = '<Response><Gather numDigits="1" action="/done?x=1"><Pause length="5"/></Gather></Response>'


class Checked:
    """Answers with a menu, then with nothing; `good` says of each request whether it is signed."""

    def __init__(self):
        self.good = []

    async def answer(self, request):
        form = dict(await request.post())
        if request.content_type == "application/json":
            form = body_digest(await request.read()) == request.query["bodySHA256"] and {}
        url = str(request.url)
        signature = request.headers["X-Twilio-Signature"]
        self.good.append(RequestValidator(TOKEN).validate(url, form, signature))
        body = MENU if request.path == "/voice" else "<Response/>"
        return web.Response(text=body, content_type="text/xml")


@pytest.mark.parametrize(
    "action", [{"method": "post"}, {"method": "get"}, {"method": "post", "req_body_format": "json"}]
)
async def test_the_official_validator_takes_every_request_of_a_real_call(stage, action):
    checked = Checked()
    async with http(checked.answer) as url:
        acts = script("<Response/>", do=[{"at": 1, "press": "4"}])
        acts["pivot"] = {
            "req_format": "twiml", "voice_url": f"{url}/voice", "cdr_url": f"{url}/cdr", **action,
        }  # fmt: skip
        await stage.open({"1000": acts}, web={"auth_token": TOKEN})
        caller = await stage.call("1000", acts)
        await stage.ended(caller)
        await heard(caller)
        await stage.noticed("1000")
        await stage.pivot.stop()
    assert checked.good == [True] * 3  # for the document, the action and the CDR
