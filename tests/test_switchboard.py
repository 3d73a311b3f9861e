"""Calls come in, side by side; some end from outside, some are found again."""

import asyncio

import pytest
from board_fakes import VOICE, Board, pivot, play
from line_fakes import EPOCH, later, seconds
from structlog.testing import capture_logs
from web_fakes import reply

from ari_pivot import callflow
from ari_pivot.ari import events
from ari_pivot.call.facts import Facts
from ari_pivot.errors import Code, ConfigError

pytestmark = pytest.mark.virtual

HELLO = play("hello")
FOREVER = {"module": "sleep", "data": {"duration": 100, "unit": "h"}, "children": {}}


class TestACallThatComesIn:
    async def test_is_known_by_what_asterisk_and_the_dialplan_say(self):
        asked = []

        def route(dialled, arguments):
            asked.append((dialled, dict(arguments)))
            return callflow.build(HELLO)

        board = Board(route, region="US")
        arguments = [
            "route=support",
            "to=(202) 555-0143",
            "from_uri=%22Ann%22 <sip:ann@example.com>",
            "sip_call_id=abc@example.com",
            "header_X-Ticket=a%2Cb",
            "no value",
            "empty=",
        ]
        await board.arrive(args=arguments)
        facts = board.call.facts
        assert asked[0][0] == facts.dialled == "+12025550143"
        assert asked[0][1]["route"] == "support"
        assert (facts.id, facts.caller_name, facts.caller_number) == (
            "chan-1", "Ann", "+15551230001",
        )  # fmt: skip
        assert facts.from_uri == '"Ann" <sip:ann@example.com>'
        assert facts.sip_call_id == "abc@example.com"
        assert facts.sip_headers == {"X-Ticket": "a,b"}
        assert facts.started_at == EPOCH
        assert facts.sid.startswith("CA")
        assert len(facts.sid) == 34

    async def test_twice_at_once_is_two_calls_that_know_nothing_of_each_other(self):
        board = Board(HELLO)
        board.asterisk.lasts = 5
        board.asterisk.arrive("one")
        board.asterisk.arrive("two")
        later(1, board.asterisk.hang_up, "one")
        await board.over()
        ends = {call.facts.id: call.facts.ended_by for call in board.reported}
        assert ends == {"one": "caller", "two": "pivot"}

    async def test_that_no_route_takes_hears_the_fallback(self):
        def route(dialled, arguments):
            raise ConfigError("no route takes it")

        board = Board(route)
        await board.arrive()
        assert board.told == ["answer", "play sound:sorry", "hangup 16"]
        assert len(board.reported) == 1

    async def test_answered_already_is_not_answered(self):
        board = Board(HELLO)
        await board.arrive(state="Up")
        assert board.told == ["play sound:hello", "hangup 16"]
        assert board.call.facts.answered_at == EPOCH

    async def test_again_while_its_first_time_is_being_reported_is_served_again(self):
        board = Board(HELLO)
        board.media.takes = 1

        async def slow_report(call):
            board.reported.append(call)
            await asyncio.sleep(3)

        object.__setattr__(board.switchboard.control, "report", slow_report)
        board.asterisk.arrive()
        later(0.5, board.asterisk.leave)
        later(1, board.asterisk.arrive)
        await board.over()
        assert len(board.reported) == 2
        assert board.told == ["answer", "answer", "play sound:hello", "hangup 16"]
        assert board.switchboard.lines == {}

    async def test_leaves_nothing_behind(self):
        board = Board(HELLO)
        for number in range(20):
            board.asterisk.arrive(f"chan-{number}")
        await board.over()
        assert len(board.reported) == 20
        assert board.switchboard.calls == board.switchboard.lines == {}
        assert len(asyncio.all_tasks()) == 1


async def test_events_about_nobody_are_passed_over():
    board = Board(HELLO)
    for event in (
        events.ChannelDtmfReceived(events.Channel("unknown"), "1"),
        events.StasisEnd(events.Channel("unknown")),
        events.PlaybackFinished(events.Playback("unknown", "done", "channel:unknown")),
        events.Unknown(type="ChannelTalkingStarted"),
    ):
        board.switchboard.receive(event)
    assert board.switchboard.calls == {}


class TestACallThatIsTooLong:
    async def test_is_ended_with_its_own_code(self):
        board = Board(FOREVER, longest=3600)
        with capture_logs():
            await board.arrive()
        assert board.errors == [Code.CALL_TOO_LONG]
        assert board.told == ["hangup 16"]
        assert board.call.facts.ended_by == "pivot"
        assert board.call.facts.ended_at == EPOCH + 3600
        assert len(board.reported) == 1

    async def test_does_not_take_the_child_for_failures(self):
        answer = reply(200, "<Response><Pause length='999'/></Response>", content_type="text/xml")
        board = Board(pivot(children={"_": play("child")}), {VOICE: [answer]}, longest=60)
        with capture_logs():
            await board.arrive()
        assert board.told == ["hangup 16"]

    async def test_is_silent_at_once(self):
        board = Board(HELLO, longest=60)
        board.asterisk.lasts = 999
        with capture_logs():
            await board.arrive()
        assert board.told == ["answer", "play sound:hello", "stop", "hangup 16"]

    async def test_is_ended_in_the_fallback_too(self):
        board = Board(pivot(), longest=60)
        board.asterisk.lasts = 999
        with capture_logs():
            await board.arrive()
        assert board.told[-2:] == ["stop", "hangup 16"]

    async def test_is_reported_though_asterisk_does_not_let_it_go(self):
        board = Board(FOREVER, longest=60)
        board.asterisk.refuse["hangup"] = 500
        with capture_logs():
            await board.arrive()
        assert len(board.reported) == 1

    async def test_is_none_that_ends_before(self):
        board = Board(HELLO, longest=60)
        await board.arrive()
        await asyncio.sleep(100)
        assert board.errors == []


class TestStopping:
    async def test_gives_new_calls_back_unanswered(self):
        board = Board(HELLO)
        await board.switchboard.close(60)
        await board.arrive()
        assert board.told == ["set PIVOT_REASON=ari_pivot is stopping", "continue"]
        assert len(board.reported) == 1

    async def test_lets_live_calls_come_to_their_end(self):
        board = Board(HELLO)
        board.asterisk.lasts = 30
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await board.switchboard.close(60)
        assert board.told == ["answer", "play sound:hello", "hangup 16"]
        assert seconds() == pytest.approx(30, abs=0.5)

    async def test_gives_back_after_its_limit_what_is_still_there(self):
        board = Board(HELLO)
        board.asterisk.lasts = 999
        board.asterisk.arrive("one")
        board.asterisk.arrive("two", state="Up")
        await asyncio.sleep(1)
        await board.switchboard.close(60)
        assert seconds() == pytest.approx(61)
        given_back = ["set PIVOT_REASON=ari_pivot is stopping", "continue"]
        assert sorted(board.told[3:]) == sorted(["stop", *given_back] * 2)
        assert {call.facts.given_back for call in board.reported} == {"ari_pivot is stopping"}

    async def test_at_once_waits_for_no_call(self):
        board = Board(pivot(), {VOICE: [99.0]})
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await board.switchboard.close(0)
        assert seconds() == pytest.approx(1)
        assert board.told[-1] == "continue"
        assert len(board.reported) == 1

    async def test_without_asterisk_does_not_wait_for_it(self):
        board = Board(FOREVER)
        board.asterisk.arrive()
        await asyncio.sleep(1)
        board.asterisk.ari.use(None)
        await board.switchboard.close(0)
        assert seconds() == pytest.approx(6)


class TestAfterAReconnection:
    async def lose(self, board):
        """Lose what Asterisk says until it is compared again."""
        board.asterisk.hear = lambda _: None

    async def compare(self, board):
        board.asterisk.hear = board.switchboard.receive
        await board.switchboard.reconcile()

    async def test_a_call_whose_channel_is_gone_has_ended(self):
        board = Board(FOREVER)
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await self.lose(board)
        board.asterisk.hang_up()
        await asyncio.sleep(1)
        await self.compare(board)
        await board.over()
        assert board.told == ["list", "list", "get"]
        assert (board.call.facts.ended_by, board.call.facts.ended_at) == ("asterisk", EPOCH + 2)

    async def test_a_call_that_has_left_our_application_has_ended_for_us(self):
        board = Board(FOREVER)
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await self.lose(board)
        board.asterisk.ours.clear()
        await self.compare(board)
        await board.over()
        assert len(board.reported) == 1

    async def test_a_prompt_that_ended_meanwhile_is_over(self):
        board = Board(HELLO)
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await self.lose(board)
        await asyncio.sleep(5)
        await self.compare(board)
        await board.over()
        assert board.told == [
            "answer",
            "play sound:hello",
            "list",
            "list",
            "get",
            "get",
            "hangup 16",
        ]
        assert board.call.notes == []

    async def test_a_prompt_that_still_plays_plays_on(self):
        board = Board(HELLO)
        board.asterisk.lasts = 10
        board.asterisk.arrive()
        await asyncio.sleep(1)
        await self.lose(board)
        await asyncio.sleep(5)
        await self.compare(board)
        await board.over()
        assert seconds() == pytest.approx(10, abs=0.5)

    async def test_an_answer_that_was_missed_is_known(self):
        board = Board(FOREVER)
        board.asterisk.ignore.add("answer")
        board.asterisk.arrive()
        await asyncio.sleep(1)
        board.asterisk.channels["chan-1"] = "Up"
        await self.compare(board)
        assert board.call.facts.answered_at == EPOCH + 1
        board.asterisk.hang_up()
        await board.over()

    async def test_a_call_that_comes_in_while_asterisk_is_asked_is_left_alone(self):
        board = Board(HELLO)
        real = board.asterisk._list

        def then_another_comes(params):
            answer = real(params)
            board.asterisk.arrive("late")
            return answer

        board.asterisk._list = then_another_comes
        await self.compare(board)
        await board.over()
        asked = {"list", "get"}
        done = [command for command in board.told if command not in asked]
        assert done == ["answer", "play sound:hello", "hangup 16"]
        assert board.call.facts.ended_by == "pivot"

    async def test_a_call_that_a_dead_process_left_is_not_left_hanging(self):
        board = Board(HELLO)
        board.asterisk.channels["orphan"] = "Up"
        board.asterisk.ours.add("orphan")
        with capture_logs():
            await self.compare(board)
            await board.over()
        stopped = ["stop"] * 8  # whatever its process had played to it
        assert board.told == ["list", "list", "get", *stopped, "play sound:sorry", "hangup 16"]
        assert board.errors == [Code.RESTARTED]
        assert board.call.facts.answered_at is not None

    async def test_what_the_dead_process_knew_of_it_is_reported(self):
        left = {"orphan": Facts(id="orphan", sid="CA9", started_at=EPOCH - 60, cdr_url="http://c/")}
        board = Board(HELLO, recall=lambda id_: left.pop(id_, None))
        board.asterisk.channels["orphan"] = "Up"
        board.asterisk.ours.add("orphan")
        with capture_logs():
            await self.compare(board)
            await board.over()
        facts = board.call.facts
        assert (facts.sid, facts.cdr_url, facts.started_at) == ("CA9", "http://c/", EPOCH - 60)
        assert facts.answered_at == EPOCH - 60
        assert facts.ended_at == EPOCH + 2

    async def test_a_channel_of_somebody_elses_is_left_alone(self):
        board = Board(HELLO)
        board.asterisk.channels["other"] = "Up"
        await self.compare(board)
        assert board.told == ["list", "list", "get"]

    async def test_who_asks_is_told_which_channels_exist(self):
        told = []
        board = Board(HELLO, on_reconciled=told.append)
        board.asterisk.channels["other"] = "Up"
        await self.compare(board)
        assert told == [{"other"}]
