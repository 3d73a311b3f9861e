"""Several workers on one PostgreSQL: each delivers its own, and what a dead one has left."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from outbox_fakes import Web, longest, now, refusal, report
from reported_calls import CDR, over
from sqlalchemy import text
from structlog.testing import capture_logs
from test_killed import lives_and_dies

from ari_pivot.report.journal import Journal
from ari_pivot.report.outbox import Outbox
from ari_pivot.report.reporter import Reporter
from ari_pivot.report.workers import LEASE, PACE, Workers
from ari_pivot.store.database import Database

pytestmark = pytest.mark.virtual


@dataclass
class Worker:
    """One process: what it needs to report calls, and the web as it sees it."""

    web: Web
    outbox: Outbox
    reporter: Reporter
    workers: Workers


@asynccontextmanager
async def worker(url, name):
    """Live; on leaving, die without a word."""
    web, database = Web(), Database(url)
    outbox = Outbox(database, web.deliver, now=now, jitter=longest, worker=name)
    reporter = Reporter(Journal(database, outbox, name, now), outbox, now)
    workers = Workers(database, name, outbox.look_again, reporter.take, now)
    tasks = [asyncio.create_task(part.run()) for part in (workers, outbox)]
    await asyncio.sleep(0.001)
    try:
        yield Worker(web, outbox, reporter, workers)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()


async def test_each_worker_delivers_its_own_reports_only(postgresql):
    url = postgresql.new()
    async with worker(url, "a") as a, worker(url, "b") as b:
        for one in (a, b):
            one.web.answers[CDR] = [refusal(503), None]
        await asyncio.gather(*(one.outbox.put(report(f"call-{one.web}")) for one in (a, b)))
        await asyncio.sleep(30)
        for one in (a, b):
            assert [tried.call_id for _, tried in one.web.tries] == [f"call-{one.web}"] * 2
            assert await one.outbox.depth() == 0


async def test_what_a_dead_worker_has_left_is_delivered_once_by_one_of_the_others(postgresql):
    url = postgresql.new()
    async with worker(url, "dead") as dead:
        dead.web.answers[CDR] = [refusal(503)]
        for n in range(20):
            await dead.outbox.put(report(f"call-{n % 4}"))
        line = over(cdr_url=CDR, id="living")
        dead.reporter.owe(line)
        await asyncio.sleep(1)
    async with AsyncExitStack() as living:
        others = [await living.enter_async_context(worker(url, name)) for name in "abc"]
        with capture_logs() as logs:
            await asyncio.sleep(LEASE + 2 * PACE)
            delivered = [one for other in others for one in other.web.accepted]
        assert len(delivered) == len({one.id for one in delivered}) == 21
        assert sum(one.call_id == "living" for one in delivered) == 1
        assert [line["event"] for line in logs].count("worker.taken_over") == 1
        assert sum(bool(other.web.accepted) for other in others) == 1


async def test_a_worker_that_lives_keeps_what_it_owes(postgresql):
    url = postgresql.new()
    async with worker(url, "a") as a, worker(url, "b") as b:
        a.web.answers[CDR] = [refusal(503)]
        await a.outbox.put(report())
        await asyncio.sleep(10 * LEASE)
        assert b.web.tries == []
        assert await a.outbox.depth() == 1


async def test_nobody_is_dead_because_the_server_was_gone_for_all_of_them(postgresql):
    url = postgresql.new()
    async with worker(url, "a") as a, worker(url, "b") as b:
        for one in (a, b):
            one.reporter.owe(over(cdr_url=CDR, id=f"call-{one.web}"))
        await asyncio.sleep(PACE)
        postgresql.stop()
        try:
            await asyncio.sleep(2 * LEASE)
        finally:
            postgresql.start()
        with capture_logs() as logs:
            await asyncio.sleep(3 * LEASE)
        assert a.web.tries == b.web.tries == []
    assert "worker.taken_over" not in [line["event"] for line in logs]


async def test_two_that_live_under_one_name_are_told_so(postgresql):
    url = postgresql.new()
    with capture_logs() as logs:
        async with worker(url, "a"), worker(url, "a"):
            await asyncio.sleep(3 * PACE)
    assert "worker.name_taken" in [line["event"] for line in logs]


async def test_one_that_is_started_again_under_its_name_is_no_second_one(postgresql):
    url = postgresql.new()
    with capture_logs() as logs:
        for _ in range(2):
            async with worker(url, "a"):
                await asyncio.sleep(3 * PACE)
    assert [line["event"] for line in logs] == []


async def test_many_that_start_at_once_make_one_schema(postgresql):
    databases = [Database(url := postgresql.new())] + [Database(url) for _ in range(7)]
    await asyncio.gather(*(one.open() for one in databases))
    for one in databases:
        await one.close()


async def test_a_server_that_is_gone_costs_no_report_and_is_found_again(postgresql):
    url = postgresql.new()
    async with worker(url, "a") as a:
        a.web.answers[CDR] = [refusal(503)]
        await a.outbox.put(report("before"))
        await asyncio.sleep(0.1)
        postgresql.stop()
        try:
            with capture_logs() as logs:
                await a.outbox.put(report("meanwhile"))
        finally:
            postgresql.start()
        assert {"database.fails", "report.not_stored"} <= {line["event"] for line in logs}
        await asyncio.sleep(5)
        assert await a.outbox.depth() == 2
        a.web.answers[CDR] = [None]
        await asyncio.sleep(60)
    assert {one.call_id for one in a.web.accepted} == {"before", "meanwhile"}


def test_a_worker_killed_at_any_instant_leaves_each_call_reported_or_known(postgresql):
    url = postgresql.new()
    said = [words for life in range(3) for words in lives_and_dies(url, life, 37 + 61 * life)]
    ended = {words[1] for words in said if words[0] == "ended"}
    lived = {words[1] for words in said if words[0] == "lives"}

    async def look():
        database = Database(url)
        await database.open()
        found = await database.run(
            lambda c: (
                [x[0] for x in c.execute(text("SELECT id FROM calls"))],
                [x[0] for x in c.execute(text("SELECT report::json->>'call_id' FROM reports"))],
            )
        )
        await database.close()
        return found

    left, reported = asyncio.run(look())
    assert ended <= set(reported)
    assert len(reported) == len(set(reported))
    assert not set(left) & set(reported)
    assert lived <= {*left, *reported}
