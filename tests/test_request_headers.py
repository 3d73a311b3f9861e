"""What the requests of a call carry besides their parameters."""

import re

import pytest
from board_fakes import VOICE, Board, pivot
from simulated import simulate
from web_fakes import reply

pytestmark = pytest.mark.virtual

KEY = {"X-Api-Key": "hidden", "x-tenant": "7 a"}
CHAIN = reply(200, "<Response><Redirect>/next</Redirect></Response>", content_type="text/xml")


def carried(request):
    """Return which of the action's headers a request has."""
    return {name: value for name, value in request.headers.items() if name in KEY}


async def board(answers, url=VOICE, **data):
    made = Board(pivot(url, custom_request_headers=KEY, **data), answers)
    await made.arrive()
    return made


class TestTheHeadersOfAnAction:
    async def test_go_with_each_of_its_requests(self):
        web = (await board({VOICE: [CHAIN]})).web
        assert [carried(request) for request in web.asked] == [KEY, KEY]

    async def test_do_not_go_where_a_redirect_leads(self):
        moved = reply(307, Location="http://other.example/voice")
        web = (await board({VOICE: [moved]})).web
        assert [carried(request) for request in web.asked] == [KEY, {}]

    async def test_go_along_on_a_redirect_within_the_origin(self):
        moved = reply(302, Location="/next")
        web = (await board({VOICE: [moved]})).web
        assert [carried(request) for request in web.asked] == [KEY, KEY]

    async def test_do_not_go_where_a_document_leads(self):
        away = reply(
            200,
            "<Response><Redirect>https://web.example/</Redirect></Response>",
            content_type="text/xml",
        )
        web = (await board({VOICE: [away]})).web
        assert [carried(request) for request in web.asked] == [KEY, {}]

    async def test_go_to_the_fallback_url_of_the_same_origin_only(self):
        for url, sent in (("http://web.example/spare", KEY), ("http://spare.example/", {})):
            web = (await board({}, fallback_url=url)).web
            assert carried(web.asked[1]) == sent

    async def test_are_not_in_the_debug_documents(self):
        kept = await board({VOICE: [reply(500, Set_Cookie="s=hidden")]}, debug=True)
        assert [one["uri"] for one in kept.debugged if "uri" in one] == [VOICE]
        assert "hidden" not in str(kept.debugged)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Authorization": "a"}, {"X": "a"}, {"X-": "a"}, {"Cookie": "a"}, {"aX-b": "a"},
            {"X-A b": "c"}, {"X-A:": "c"}, {"X-A\r\nB": "c"}, {"X-A\n": "c"}, {"X-Ä": "c"},
            {"X-A": "b\r\nHost: c"}, {"X-A": "b\n"}, {"X-A": "\x00"}, {"X-A": "ä"}, {"X-A": 1},
            ["X-A"],
        ],
    )  # fmt: skip
    async def test_have_names_that_begin_with_x_and_values_that_are_text(self, headers):
        refused = Board(pivot(custom_request_headers=headers))
        await refused.arrive()
        assert refused.errors == [90101]
        assert refused.web.asked == []


class TestTheTrace:
    def test_is_one_of_a_call_with_a_span_for_each_request(self):
        result = simulate("<Response><Redirect/></Response>", "<Response/>")
        sent = [asked.headers["traceparent"] for asked in result.requests]
        version, trace, *_ = zip(*(one.split("-") for one in sent), strict=True)
        assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", one) for one in sent)
        assert (len(sent), set(version), len(set(trace)), len(set(sent))) == (2, {"00"}, 1, 2)
