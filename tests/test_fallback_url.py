"""The fallback URL: asked when asking fails, before the child `_` is taken."""

import json

import pytest
from board_fakes import VOICE, Board, pivot, play
from simulated import simulate
from web_fakes import reply

from ari_pivot.errors import Code, WebError

pytestmark = pytest.mark.virtual

SPARE = "http://spare.example/voice"
SORRY = ["answer", "play sound:sorry", "hangup 16"]


def twiml(*verbs):
    return reply(200, f"<Response>{''.join(verbs)}</Response>", content_type="text/xml")


def spared(answers, *, children=None, limits=None, **data):
    data = {"fallback_url": SPARE} | data
    return Board(pivot(children=children, **data), answers, limits=limits)


FAILURES = {
    "no connection": (WebError("refused", code=Code.CONNECTION, stage="ct"), 11205),
    "no answer": (99.0, 11205),
    "a bad status": (reply(503), 11200),
    "no instructions": (reply(200, "<Answer/>", content_type="text/xml"), 12102),
    "a faulty verb": (twiml("<Play/>"), 13420),
    "a faulty module": (
        reply(200, json.dumps({"module": "tts"}), content_type="application/json"), 90101,
    ),
}  # fmt: skip


class TestAFailure:
    @pytest.mark.parametrize(("answer", "code"), FAILURES.values(), ids=FAILURES.keys())
    async def test_is_told_to_the_fallback_url_whose_answer_continues_the_call(self, answer, code):
        board = spared(
            {VOICE: [answer], SPARE: [twiml("<Say>spare</Say>")]}, children={"_": play("child")}
        )
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}", f"POST {SPARE}"]
        sent = board.web.asked[1].params
        assert (sent["ErrorCode"], sent["ErrorUrl"]) == (code, VOICE)
        assert sent["CallSid"] == board.web.asked[0].params["CallSid"]
        assert board.told == ["answer", "play sound:spare", "hangup 16"]
        assert board.errors == [code]

    async def test_is_told_by_get_where_the_action_says_so(self):
        board = spared({SPARE: [twiml()]}, fallback_method="get")
        await board.arrive()
        assert board.web.asked[1].method == "GET"
        assert "ErrorCode=11200" in board.web.asked[1].url

    async def test_later_in_the_call_is_told_with_the_url_that_failed(self):
        board = spared({VOICE: [twiml("<Redirect>/next?x=1#rc=1</Redirect>")], SPARE: [twiml()]})
        await board.arrive()
        assert board.web.asked[-1].params["ErrorUrl"] == "http://web.example/next?x=1"

    async def test_tells_no_credentials(self):
        board = Board(pivot("http://u:hidden@web.example/voice", fallback_url=SPARE))
        await board.arrive()
        assert board.web.asked[1].params["ErrorUrl"] == VOICE
        assert "Authorization" not in board.web.asked[1].headers

    async def test_is_told_each_time_there_is_one(self):
        board = spared({SPARE: [twiml(f"<Redirect>{VOICE}</Redirect>"), twiml("<Say>spare</Say>")]})
        await board.arrive()
        assert [line.split()[1] for line in board.web.lines] == [VOICE, SPARE, VOICE, SPARE]
        assert board.told == ["answer", "play sound:spare", "hangup 16"]

    async def test_relative_urls_of_the_fallbacks_answer_are_relative_to_it(self):
        board = spared({SPARE: [twiml("<Redirect>more</Redirect>")]})
        await board.arrive()
        assert board.web.lines[2] == "POST http://spare.example/more"


class TestAFallbackThatFailsToo:
    async def test_leads_to_the_child(self):
        board = spared({}, children={"_": play("child")})
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}", f"POST {SPARE}"]
        assert board.told == ["answer", "play sound:child", "hangup 16"]

    async def test_leads_to_the_fallback_sound_where_there_is_no_child(self):
        board = spared({SPARE: [reply(200, "x", content_type="image/png")]})
        await board.arrive()
        assert board.told == SORRY
        assert board.errors == [Code.HTTP_STATUS, Code.CONTENT_TYPE]


class TestTheFallbackUrl:
    async def test_is_not_asked_while_all_goes_well(self):
        board = spared({VOICE: [twiml("<Say>hello</Say>")]})
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}"]

    async def test_counts_as_a_document_of_the_call(self):
        board = spared({SPARE: [twiml(f"<Redirect>{VOICE}</Redirect>")]}, limits={"burst": 6})
        await board.arrive()
        assert len(board.web.asked) == 6
        assert board.errors[-1] == Code.CALL_LIMIT
        assert board.told == SORRY

    async def test_is_of_the_action_that_goes_on_after_it(self):
        inner = reply(200, json.dumps(pivot("http://b.example/")), content_type="application/json")
        board = spared({VOICE: [inner]})
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}", "POST http://b.example/"]

    async def test_must_be_a_url(self):
        board = Board(pivot(fallback_url="spare"))
        await board.arrive()
        assert board.web.asked == []
        assert (board.errors, board.call.notes[0].where) == ([90101], "$.data.fallback_url")


def test_a_whole_call_with_retries_and_a_fallback():
    result = simulate(
        "<Response><Redirect>broken#rc=2&amp;rp=5xx</Redirect></Response>",
        web={"broken": {"status": 500}, "spare": "<Response><Say>Spare.</Say></Response>"},
        fallback_url="http://web.test/spare",
    )
    asked = [asked.url.rpartition("/")[2] for asked in result.requests]
    assert asked == ["voice", "broken", "broken", "broken", "spare"]
    assert result.requests[-1].params["ErrorUrl"] == "http://web.test/broken"


def test_the_configured_retries_hold_for_every_url():
    result = simulate({"error": "refused"}, "<Response/>", settings={"web": {"retries": 1}})
    assert [asked.error for asked in result.requests] == ["refused", None]
