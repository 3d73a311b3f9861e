"""The outbox on a database that fails: reports go out all the same, and nothing is forgotten."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, ExitStack

import pytest
from outbox_fakes import Web, locked, outbox, refusal, report
from structlog.testing import capture_logs

from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock

CDR = "http://web.test/cdr"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "pivot.db"


def stored(path):
    with sqlite3.connect(path) as plain:
        rows = plain.execute("SELECT state, attempts FROM reports ORDER BY sequence").fetchall()
    plain.close()
    return rows


def events(logs, level):
    return [line["event"] for line in logs if line["log_level"] == level]


def test_a_report_that_cannot_be_stored_is_loud_and_delivered_all_the_same(path):
    web = Web()
    path.parent.write_text("a file where the folder should be")

    async def scenario():
        async with outbox(web, f"sqlite:///{path}") as box:
            await box.put(report("call-7"))
            await asyncio.sleep(5)
            assert len(web.tries) == len(web.accepted) == 1

    with capture_logs() as logs:
        clock.run(scenario())
    lost = [line for line in logs if line["event"] == "report.not_stored"]
    assert [(x["log_level"], x["call_id"], x["origin"]) for x in lost] == [
        ("error", "call-7", "http://web.test")
    ]
    assert lost[0]["report"] == web.accepted[0].id


def test_what_is_held_in_memory_is_written_as_soon_as_the_database_works(path):
    web = Web()
    web.answers[CDR] = [refusal(404)]
    path.parent.write_text("a file where the folder should be")
    also = []

    async def scenario():
        async with outbox(web, f"sqlite:///{path}") as box:
            await box.put(report(), also=lambda _: also.append("done"))
            await asyncio.sleep(3)
            assert (await box.depth(), round(await box.oldest()), also) == (1, 3, [])
            path.parent.unlink()
            await asyncio.sleep(1.1)
            assert also == ["done"]
            assert stored(path) == [("waiting", 2)]
            await box.put(report("later"))
            assert stored(path)[1:] == [("waiting", 0)]

    with capture_logs() as logs:
        clock.run(scenario())
    assert events(logs, "error").count("report.not_stored") >= 1
    assert events(logs, "error").count("database.fails") == 1
    assert "database.works_again" in events(logs, "info")


def test_an_accepted_report_that_cannot_be_struck_off_is_not_sent_again(path):
    web = Web()
    web.answers[CDR] = [1.0]

    async def scenario():
        async with outbox(web, f"sqlite:///{path}", lock_wait=0.0) as box:
            await box.put(report())
            with locked(path):
                await asyncio.sleep(60)
                assert stored(path) == [("waiting", 0)]
            await asyncio.sleep(2)
            assert stored(path) == []
            await asyncio.sleep(1000)
            assert len(web.tries) == 1

    clock.run(scenario())


def test_pauses_grow_and_time_runs_out_in_memory_as_they_do_in_the_database(path):
    web = Web()
    web.answers[CDR] = [refusal(404)]

    async def scenario():
        async with outbox(web, f"sqlite:///{path}", lock_wait=0.0) as box:
            await box.put(report())
            with locked(path):
                await asyncio.sleep(31)
                assert [round(second) for second in web.times(CDR)] == [0, 2, 6, 14, 30]
            await asyncio.sleep(2)
            assert stored(path) == [("waiting", 5)]
            await asyncio.sleep(30)
            assert len(web.tries) == 6

    clock.run(scenario())


def test_reports_of_a_call_put_while_the_database_fails_keep_their_order(path):
    web = Web()
    web.answers[CDR] = [refusal(404), 1.0]

    async def scenario():
        async with outbox(web, f"sqlite:///{path}", lock_wait=0.0) as box:
            await box.flush(1)
            with locked(path):
                for n in range(5):
                    await box.put(report(params={"n": n}))
                await asyncio.sleep(4)
            for n in range(5, 10):
                await box.put(report(params={"n": n}))
            await asyncio.sleep(60)
            assert [r.params["n"] for r in web.accepted] == list(range(10))
            assert stored(path) == []

    clock.run(scenario())


def test_what_fell_due_while_the_database_failed_goes_out_when_it_works(path):
    web = Web()
    web.answers[CDR] = [refusal(404), None]

    async def scenario():
        limits = OutboxSettings(first=30)
        async with outbox(web, f"sqlite:///{path}", limits, lock_wait=0.0) as box:
            await box.put(report("waits"))
            await asyncio.sleep(20)
            with locked(path):
                await box.put(report("new", "http://other.test/"))
                await asyncio.sleep(20)
                assert [r.call_id for r in web.accepted] == ["new"]
            await asyncio.sleep(2)
            assert [r.call_id for r in web.accepted] == ["new", "waits"]

    clock.run(scenario())


def test_what_is_owed_is_found_when_the_database_works_only_after_the_start(path):
    web = Web()

    async def scenario():
        async with outbox(web, f"sqlite:///{path}", run=False) as box:
            await box.put(report("owed"))
        async with AsyncExitStack() as stack:
            lock = stack.enter_context(ExitStack())
            lock.enter_context(locked(path))
            box = await stack.enter_async_context(outbox(web, f"sqlite:///{path}", lock_wait=0.0))
            await box.put(report("new"))
            await asyncio.sleep(10)
            assert [r.call_id for r in web.accepted] == ["new"]
            lock.close()
            await asyncio.sleep(10)
            assert [r.call_id for r in web.accepted] == ["new", "owed"]

    clock.run(scenario())
