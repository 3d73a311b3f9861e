"""The circuit breaker: a server that does not answer is left alone, and found again."""

import asyncio

import pytest
from simulated import simulate
from web_fakes import Web, reply

from ari_pivot.errors import Code, WebError
from ari_pivot.web.breaker import Breaker
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

pytestmark = pytest.mark.virtual

DEAD, ALIVE = "http://dead.example/voice", "http://alive.example/voice"
SILENT = WebError("no connection", code=Code.CONNECTION, stage="ct")


class Line:
    """A client with a breaker that opens after three failures, for ten seconds."""

    def __init__(self, answers, failures=3):
        self.web = Web(answers | {ALIVE: [reply()]})
        self.client = Client(self.web, Keys(), breaker=Breaker(failures, 10.0))

    async def ask(self, url=DEAD, kind="instructions", **more):
        """Return the code of what came of it: 0 for an answer."""
        try:
            await self.client.send(Outgoing(kind, "GET", url, **more))
        except WebError as error:
            return error.code
        return 0

    async def fail(self, times):
        return [await self.ask() for _ in range(times)]


async def test_a_server_that_never_answers_is_not_asked_again_after_three_times():
    line = Line({DEAD: [SILENT]})
    assert await line.fail(5) == [11205] * 3 + [90003] * 2
    assert len(line.web.asked) == 3
    assert line.client.breaker.open == ["http://dead.example:80"]
    assert (line.client.breaker.opened, line.client.breaker.refused) == (1, 2)


async def test_other_servers_are_asked_all_the_while():
    line = Line({DEAD: [SILENT]})
    await line.fail(3)
    assert await line.ask(ALIVE) == 0


async def test_other_ports_of_the_same_host_are_other_servers():
    line = Line({DEAD: [SILENT], "http://dead.example:81/voice": [reply()]})
    await line.fail(3)
    assert await line.ask("http://dead.example:81/voice") == 0


async def test_after_the_pause_one_request_tries_it_and_lets_all_others_through():
    line = Line({DEAD: [SILENT, SILENT, SILENT, reply()]})
    await line.fail(3)
    await asyncio.sleep(9.9)
    assert await line.ask() == 90003
    await asyncio.sleep(0.2)
    assert await line.fail(3) == [0, 0, 0]
    assert line.client.breaker.open == []


async def test_while_one_tries_it_the_others_do_not_wait_for_it():
    line = Line({DEAD: [SILENT, SILENT, SILENT, 5.0]})
    await line.fail(3)
    await asyncio.sleep(10)
    probe = asyncio.create_task(line.ask())
    await asyncio.sleep(1)
    assert await line.ask() == 90003
    assert await probe == 11205


async def test_a_try_that_fails_leaves_it_alone_for_another_pause():
    line = Line({DEAD: [SILENT]})
    await line.fail(3)
    await asyncio.sleep(10)
    assert await line.fail(2) == [11205, 90003]
    assert line.client.breaker.opened == 1


async def test_a_try_whose_caller_hangs_up_says_nothing_and_the_next_one_tries():
    line = Line({DEAD: [SILENT, SILENT, SILENT, 5.0, reply()]})
    await line.fail(3)
    await asyncio.sleep(10)
    probe = asyncio.create_task(line.ask())
    await asyncio.sleep(1)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    assert await line.ask() == 0


@pytest.mark.parametrize("answer", [reply(500), reply(404), WebError("", code=Code.TOO_LARGE)])
async def test_any_answer_is_one(answer):
    line = Line({DEAD: [SILENT, SILENT, answer, SILENT, SILENT, reply()]})
    await line.fail(5)
    assert await line.ask() == 0


async def test_an_address_that_is_refused_says_nothing_of_the_server():
    refused = WebError("private", code=Code.ADDRESS_REFUSED)
    line = Line({DEAD: [SILENT, SILENT, refused, SILENT, reply()]})
    assert await line.fail(5) == [11205, 11205, 90001, 11205, 90003]


@pytest.mark.parametrize("kind", ["cdr", "callback", "webhook"])
async def test_reports_are_sent_all_the_same_and_one_that_is_taken_lets_calls_ask_again(kind):
    line = Line({DEAD: [SILENT, SILENT, SILENT, SILENT, reply()]})
    await line.fail(3)
    assert await line.ask(kind=kind) == 11205
    assert await line.ask(kind=kind) == 0
    assert await line.ask() == 0


async def test_it_can_be_switched_off():
    line = Line({DEAD: [SILENT]}, failures=0)
    assert await line.fail(20) == [11205] * 20


async def test_many_dead_servers_take_no_more_memory_than_a_thousand():
    line = Line({f"http://h{n}.example/": [SILENT] for n in range(1100)})
    for n in range(1100):
        await line.ask(f"http://h{n}.example/")
    assert len(line.client.breaker._circuits) == 1000


def test_a_caller_does_not_wait_for_a_server_that_is_known_to_be_down():
    flow = {"module": "pivot", "data": {"voice_url": "http://web.test/dead"}, "children": {}}
    for _ in range(3):
        flow["children"] = {"_": {**flow, "children": flow["children"]}}
    result = simulate(
        flow, web={"dead": {"error": "timeout"}}, settings={"web": {"breaker_failures": 2}}
    )
    assert [one.code for one in result.errors] == [11205, 11205, 90003, 90003]
    assert len([one for one in result.requests if "dead" in one.url]) == 2
