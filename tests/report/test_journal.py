"""The journal: a live call that owes a report is known to the next process."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest
from outbox_fakes import Web, locked, now, outbox_on, report
from structlog.testing import capture_logs

from ari_pivot.report.journal import Journal
from ari_pivot.simulator import clock
from ari_pivot.store.database import Database


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "pivot.db"


@asynccontextmanager
async def process(path, web=None, worker="worker-1", *, run=True):
    """Live once: a journal and an outbox on one database."""
    database = Database(f"sqlite:///{path}", threaded=False, lock_wait=0.0)
    async with outbox_on(database, web or Web(), run=run) as box:
        yield Journal(database, box, worker, now)


def test_a_call_that_was_live_when_the_process_died_is_known_to_the_next(path):
    async def scenario():
        async with process(path) as journal:
            journal.begin("call-1", {"from": "+15551230001", "vars": {"a": [1]}})
            journal.update("call-1", {"from": "+15551230001", "vars": {"a": [1, 2]}})
            assert await journal.unfinished() == []  # its own calls are not left over
        async with process(path) as journal:
            left = [("call-1", {"from": "+15551230001", "vars": {"a": [1, 2]}})]
            assert await journal.unfinished() == left

    clock.run(scenario())


def test_calls_left_over_come_oldest_first_and_only_those_of_the_same_worker(path):
    async def scenario():
        async with process(path) as journal, process(path, worker="worker-2") as other:
            for name in ("b", "a", "c"):
                journal.begin(name, {})
                other.begin(f"other-{name}", {})
                await asyncio.sleep(1)
            journal.update("b", {"later": True})
        async with process(path) as journal:
            assert [name for name, _ in await journal.unfinished()] == ["b", "a", "c"]

    clock.run(scenario())


def test_a_finished_call_leaves_its_reports_instead_of_its_record(path):
    web = Web()

    async def scenario():
        async with process(path, run=False) as journal:
            journal.begin("call-1", {})
            journal.update("call-1", {"n": 1})
            await journal.finish("call-1", [report(params={"n": 1}), report(params={"n": 2})])
        async with process(path, web) as journal:
            assert await journal.unfinished() == []
            await asyncio.sleep(1)
            assert [r.params["n"] for r in web.accepted] == [1, 2]

    clock.run(scenario())


def test_a_call_taken_up_by_the_next_process_is_its_own_from_then_on(path):
    async def scenario():
        async with process(path) as journal:
            journal.begin("call-1", {"n": 1})
        async with process(path) as journal:
            journal.update("call-1", {"n": 2})
            assert await journal.unfinished() == []
        async with process(path) as journal:
            assert await journal.unfinished() == [("call-1", {"n": 2})]
            await journal.finish("call-1", [])
        async with process(path) as journal:
            assert await journal.unfinished() == []

    clock.run(scenario())


def test_a_record_that_cannot_be_written_is_loud_and_written_with_the_next_change(path):
    path.parent.write_text("a file where the folder should be")

    async def scenario():
        async with process(path) as journal:
            journal.begin("call-1", {"n": 1})
            await asyncio.sleep(1)
            path.parent.unlink()
            journal.update("call-1", {"n": 2})
        async with process(path) as journal:
            assert await journal.unfinished() == [("call-1", {"n": 2})]

    with capture_logs() as logs:
        clock.run(scenario())
    said = [x for x in logs if x["event"] == "call.not_journaled"]
    assert [(x["log_level"], x["call_id"]) for x in said] == [("error", "call-1")]


def test_a_call_that_ends_while_the_database_fails_is_reported_once_and_not_left_over(path):
    web = Web()

    async def scenario():
        async with process(path, web) as journal:
            journal.begin("call-1", {"n": 1})
            await asyncio.sleep(1)
            with locked(path):
                await journal.finish("call-1", [report()])
                await asyncio.sleep(5)
                assert len(web.accepted) == 1
            await asyncio.sleep(2)
        async with process(path, web) as journal:
            assert await journal.unfinished() == []
            await asyncio.sleep(10)
            assert len(web.tries) == 1

    clock.run(scenario())


def test_a_call_nothing_was_written_of_leaves_its_reports_all_the_same(path):
    web = Web()

    async def scenario():
        async with process(path, web) as journal:
            await journal.finish("call-1", [report()])
            await journal.finish("call-2", [])
            await asyncio.sleep(1)
            assert [r.call_id for r in web.accepted] == ["call-1"]

    clock.run(scenario())


def test_a_call_waits_until_it_is_written_but_not_for_a_database_that_hangs(path):
    async def scenario():
        async with process(path) as journal:
            journal.begin("call-1", {})
            await journal.written("call-1")
            with closing(sqlite3.connect(path)) as other:
                assert other.execute("SELECT id FROM calls").fetchall() == [("call-1",)]
            await journal.written("call-2")  # of which there is nothing to be written

    clock.run(scenario())

    async def hanging():
        class Hangs:
            def submit(self, operation, patience):
                return asyncio.get_running_loop().create_future()

        journal = Journal(Hangs(), None, "worker-1")
        journal.begin("call-1", {})
        await journal.written("call-1")
        return asyncio.get_running_loop().time()

    assert clock.run(hanging()) == 0.25
