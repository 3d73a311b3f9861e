"""The life of a call: asked, told, asked again, and its end when anything goes wrong."""

import asyncio
import json

import pytest
from board_fakes import CDR, VOICE, Board, pivot, play
from line_fakes import EPOCH, later
from structlog.testing import capture_logs
from web_fakes import reply

from ari_pivot.errors import Code, WebError

pytestmark = pytest.mark.virtual


def twiml(*verbs, status=200):
    return reply(status, f"<Response>{''.join(verbs)}</Response>", content_type="text/xml")


def kazoo(flow):
    return reply(200, json.dumps(flow), content_type="application/json")


SORRY = ["answer", "play sound:sorry", "hangup 16"]


class TestACallGoesAsItIsTold:
    async def test_asked_told_asked_again_told_and_over(self):
        menu = twiml('<Gather numDigits="1" action="chosen"><Say>press</Say></Gather>')
        board = Board(
            pivot(), {VOICE: [menu], "http://web.example/chosen": [twiml("<Say>thanks</Say>")]}
        )
        later(1, board.asterisk.press, "7")
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}", "POST http://web.example/chosen"]
        assert b"CallStatus=ringing" in board.web.asked[0].body
        assert b"CallStatus=in-progress" in board.web.asked[1].body
        assert b"Digits=7" in board.web.asked[1].body
        assert board.told == [
            "answer",
            "play sound:press",
            "stop",
            "play sound:thanks",
            "hangup 16",
        ]
        assert len(board.reported) == 1
        assert board.errors == []

    async def test_the_languages_may_change_from_answer_to_answer(self):
        told_by_kazoo = kazoo(pivot("http://web.example/two"))
        board = Board(
            pivot(req_format="kazoo", method="get"),
            {VOICE: [told_by_kazoo], "http://web.example/two": [twiml("<Say>hello</Say>")]},
        )
        await board.arrive()
        assert [line.partition("?")[0] for line in board.web.lines] == [
            f"GET {VOICE}",
            "POST http://web.example/two",
        ]
        assert board.told == ["answer", "play sound:hello", "hangup 16"]

    async def test_relative_urls_are_relative_to_the_document_that_says_them(self):
        moved = reply(302, Location="http://other.example/a/b")
        answers = {
            VOICE: [moved],
            "http://other.example/a/b": [twiml("<Redirect>../c</Redirect>")],
            "http://other.example/c": [twiml("<Redirect/>"), twiml("<Hangup/>")],
        }
        board = Board(pivot(), answers)
        await board.arrive()
        assert [request.url for request in board.web.asked] == [
            VOICE,
            "http://other.example/a/b",
            "http://other.example/c",
            "http://other.example/c",
        ]

    async def test_an_empty_answer_ends_the_call(self):
        board = Board(pivot(), {VOICE: [reply()]})
        await board.arrive()
        assert board.told == ["hangup 16"]
        assert board.errors == []

    async def test_a_caller_who_hangs_up_while_the_web_is_asked_is_reported_and_left(self):
        board = Board(pivot(), {VOICE: [9.0]})
        later(2, board.asterisk.hang_up)
        await board.arrive()
        assert board.told == []
        assert (board.call.facts.ended_by, board.call.facts.ended_at) == ("caller", EPOCH + 2)


LONG = reply(200, "<Response>", content_type="text/xml")
FAILURES = {
    "dns": (WebError("unknown", code=Code.DNS), Code.DNS),
    "connection": (WebError("refused", code=Code.CONNECTION), Code.CONNECTION),
    "tls": (WebError("TLS", code=Code.TLS), Code.TLS),
    "garbage": (WebError("not HTTP", code=Code.PROTOCOL), Code.PROTOCOL),
    "too large": (WebError("too large", code=Code.TOO_LARGE), Code.TOO_LARGE),
    "private address": (WebError("refused", code=Code.ADDRESS_REFUSED), Code.ADDRESS_REFUSED),
    "timeout": (99.0, Code.TIMEOUT),
    "not found": (reply(404), Code.HTTP_STATUS),
    "server error": (reply(500), Code.HTTP_STATUS),
    "not modified": (reply(304), Code.HTTP_STATUS),
    "redirect loop": (reply(302, Location=VOICE), Code.REDIRECTS),
    "redirect to nothing": (reply(302, Location="ftp://h/"), Code.INVALID_URL),
    "no content type": (reply(200, "<Response/>"), Code.CONTENT_TYPE),
    "unknown content type": (reply(200, "x", content_type="image/png"), Code.CONTENT_TYPE),
    "not XML": (reply(200, "<Response>", content_type="text/xml"), Code.PARSE),
    "another XML": (reply(200, "<Answer/>", content_type="text/xml"), Code.ROOT),
    "a verb without what it needs": (twiml("<Play/>"), 13420),
    "not JSON": (reply(200, "{", content_type="application/json"), Code.JSON_SYNTAX),
    "not a callflow": (reply(200, "{}", content_type="application/json"), Code.FLOW_SCHEMA),
    "a faulty module": (kazoo({"module": "sleep", "data": {"duration": "x"}}), Code.FLOW_SCHEMA),
    "a redirect to what is no URL": (twiml("<Redirect>http://[</Redirect>"), Code.INVALID_URL),
}
failures = pytest.mark.parametrize(("answer", "code"), FAILURES.values(), ids=FAILURES.keys())


class TestAFailure:
    @failures
    async def test_takes_the_child_of_the_pivot_action(self, answer, code):
        board = Board(pivot(children={"_": play("child")}), {VOICE: [answer]})
        await board.arrive()
        assert board.told == ["answer", "play sound:child", "hangup 16"]
        assert board.errors == [code]
        assert len(board.reported) == 1

    @failures
    async def test_without_a_child_plays_the_fallback_and_ends(self, answer, code):
        board = Board(pivot(), {VOICE: [answer]})
        await board.arrive()
        assert board.told == SORRY
        assert board.errors == [code]
        assert len(board.reported) == 1

    async def test_later_in_the_call_takes_the_child_as_well(self):
        answers = {VOICE: [twiml("<Say>hello</Say><Redirect/>"), reply(500)]}
        board = Board(pivot(children={"_": play("child")}), answers)
        await board.arrive()
        assert board.told == ["answer", "play sound:hello", "play sound:child", "hangup 16"]

    async def test_of_a_nested_pivot_takes_its_own_child(self):
        inner = pivot("http://web.example/inner", {"_": play("inner")})
        board = Board(
            pivot(children={"_": play("outer")}, req_format="kazoo"), {VOICE: [kazoo(inner)]}
        )
        await board.arrive()
        assert board.told == ["answer", "play sound:inner", "hangup 16"]

    async def test_of_a_nested_pivot_without_a_child_is_not_the_outer_ones(self):
        inner = pivot("http://web.example/inner")
        board = Board(
            pivot(children={"_": play("outer")}, req_format="kazoo"), {VOICE: [kazoo(inner)]}
        )
        await board.arrive()
        assert board.told == SORRY

    async def test_of_the_pivot_in_the_child_goes_on_to_its_own_child(self):
        second = pivot("http://web.example/second", {"_": play("second")})
        board = Board(pivot(children={"_": second}))
        await board.arrive()
        assert board.web.lines == [f"POST {VOICE}", "POST http://web.example/second"]
        assert board.told == ["answer", "play sound:second", "hangup 16"]

    async def test_of_the_child_too_ends_in_the_fallback(self):
        board = Board(pivot(children={"_": pivot("http://web.example/second")}))
        await board.arrive()
        assert board.told == SORRY


class TestTheFallback:
    async def test_that_cannot_be_had_gives_the_call_back_with_the_reason(self):
        board = Board(pivot(), fallback="broken")
        await board.arrive()
        assert board.told == ["answer", "set PIVOT_REASON=11200 answered 404", "continue"]
        assert board.call.facts.given_back == "11200 answered 404"
        assert len(board.reported) == 1

    async def test_that_asterisk_cannot_play_gives_the_call_back(self):
        board = Board(pivot(), fallback="missing")
        await board.arrive()
        assert board.told[-2:] == ["set PIVOT_REASON=11200 answered 404", "continue"]

    async def test_that_is_not_configured_gives_the_call_back_unanswered(self):
        board = Board(pivot(), fallback="")
        await board.arrive()
        assert board.told == ["set PIVOT_REASON=11200 answered 404", "continue"]

    @pytest.mark.parametrize("refused", ["answer", "playWithId"])
    async def test_that_asterisk_refuses_gives_the_call_back(self, refused):
        board = Board(pivot())
        board.asterisk.refuse[refused] = 500
        await board.arrive()
        assert board.told[-1] == "continue"

    @pytest.mark.parametrize("refused", ["setChannelVar", "continueInDialplan"])
    async def test_without_a_way_back_is_a_hangup(self, refused):
        board = Board(pivot(), fallback="")
        board.asterisk.refuse[refused] = 500
        await board.arrive()
        assert board.told[-1] == "hangup 16"

    async def test_without_any_way_out_is_reported_all_the_same(self):
        board = Board(pivot(), fallback="")
        board.asterisk.refuse |= {"continueInDialplan": 500, "hangup": 500}
        await board.arrive()
        assert len(board.reported) == 1

    async def test_is_left_by_a_caller_who_hangs_up(self):
        board = Board(pivot())
        later(1, board.asterisk.hang_up)
        await board.arrive()
        assert board.told == ["answer", "play sound:sorry"]
        assert board.call.facts.ended_by == "caller"

    async def test_tells_no_secret_in_its_reason(self):
        board = Board(pivot("http://u:hidden@web.example/voice?key=hidden"), fallback="")
        await board.arrive()
        notes = [f"{note.message} {note.where}" for note in board.call.notes]
        assert "hidden" not in f"{board.told} {notes}"


class TestWhatIsOwed:
    async def test_is_durable_before_the_web_server_is_asked(self):
        order = []

        async def written(call):
            await asyncio.sleep(0.1)
            order.append(("written", len(board.web.asked)))

        board = Board(pivot(cdr_url=CDR), {VOICE: [twiml()]}, limits={"written": written})
        await board.arrive()
        assert order == [("written", 0)]


class TestACallThatOnlyAsks:
    async def test_is_stopped_after_as_many_documents_as_it_may_have_in_ten_seconds(self):
        board = Board(pivot(), {VOICE: [twiml("<Redirect/>")]}, limits={"burst": 5})
        await board.arrive()
        assert len(board.web.asked) == 5
        assert board.errors == [Code.CALL_LIMIT]
        assert board.told == SORRY

    async def test_slowly_may_go_on(self):
        again = twiml('<Pause length="3"/><Redirect/>')
        board = Board(pivot(), {VOICE: [again] * 9 + [twiml()]}, limits={"burst": 5})
        await board.arrive()
        assert len(board.web.asked) == 10
        assert board.errors == []

    async def test_slowly_is_stopped_after_as_many_as_it_may_have_in_all(self):
        again = twiml('<Pause length="3"/><Redirect/>')
        board = Board(pivot(), {VOICE: [again]}, limits={"documents": 7})
        await board.arrive()
        assert len(board.web.asked) == 7
        assert board.errors == [Code.CALL_LIMIT]

    async def test_takes_the_child_of_the_pivot_that_is_one_too_many(self):
        flow = pivot(children={"_": play("enough")}, req_format="kazoo", method="get")
        board = Board(flow, {VOICE: [kazoo(flow)]}, limits={"burst": 3})
        await board.arrive()
        assert len(board.web.asked) == 3
        assert board.told == ["answer", "play sound:enough", "hangup 16"]


class TestACdr:
    @pytest.mark.parametrize(
        ("req_format", "answer", "owed"),
        [
            ("twiml", twiml("<Hangup/>"), CDR),
            ("twiml", reply(500), CDR),
            ("twiml", reply(), CDR),
            ("twiml", kazoo(play("hello")), ""),
            ("kazoo", kazoo(play("hello")), ""),
            ("kazoo", twiml("<Hangup/>"), CDR),
            ("kazoo", reply(500), ""),
        ],
    )
    async def test_is_owed_by_a_twiml_pivot_until_a_callflow_takes_over(
        self, req_format, answer, owed
    ):
        board = Board(pivot(cdr_url=CDR, req_format=req_format), {VOICE: [answer]})
        await board.arrive()
        assert board.call.facts.cdr_url == owed
        assert board.call.facts.cdr_scheme == req_format

    async def test_is_written_down_as_owed_before_the_first_request(self):
        board = Board(pivot(cdr_url=CDR), {VOICE: [9.0]})
        board.asterisk.arrive()
        later(1, board.asterisk.hang_up)
        await board.over()
        assert board.owed == [CDR]
        assert len(board.reported) == 1

    async def test_is_not_spoken_of_where_none_is_asked_for(self):
        board = Board(pivot(), {VOICE: [twiml("<Hangup/>")]})
        await board.arrive()
        assert board.owed == []


class TestAFaultOfOurs:
    async def test_goes_the_failure_way_is_logged_and_reported_once_at_the_end(self):
        board = Board(pivot(), {VOICE: [twiml("<Say>crash</Say>")]})
        with capture_logs() as logs:
            await board.arrive()
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
            "call.crashed",
            "call.problem",
        ]
        assert board.told == SORRY
        assert board.errors == [Code.INTERNAL]
        assert len(board.reported) == 1
        assert board.call.facts.ended_at == EPOCH + 2
        assert board.switchboard.lines == {}

    async def test_in_the_fallback_too_is_a_hangup(self):
        board = Board(pivot(), fallback="crash")
        with capture_logs():
            await board.arrive()
        assert board.told == ["answer", "hangup 16"]
        assert len(board.reported) == 1
