"""What waits for a dead server costs live calls nothing: counted in the database's own steps."""

import asyncio

import pytest
from outbox_fakes import Web, now, outbox_on, report, silence

from ari_pivot.report.journal import Journal
from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock
from ari_pivot.store.database import Database

DEAD, ALIVE = "http://dead.test/cdr", "http://alive.test/cdr"
CALLS = 50


class Work:
    """Counts SQLite's steps, in hundreds."""

    def __init__(self):
        self.steps = 0

    def watch(self, connection):
        connection.connection.driver_connection.set_progress_handler(self._step, 100)

    def _step(self):
        self.steps += 1
        return 0


def work_of_live_calls(path, waiting):
    """Return the steps of some calls and their reports, and the tries, while so many wait."""
    web, work = Web(), Work()
    web.answers[DEAD] = [silence()]

    async def scenario():
        database = Database(f"sqlite:///{path}", threaded=False)
        await database.open()
        async with outbox_on(database, web, OutboxSettings(probe=900.0)) as box:
            for n in range(0, waiting, 500):
                await box.put(*(report(f"old-{n + m}", DEAD) for m in range(min(500, waiting))))
            await asyncio.sleep(600)
            tried = len(web.times(DEAD))
            await database.run(work.watch)
            work.steps = 0
            journal = Journal(database, box, "worker", now)
            for n in range(CALLS):
                journal.begin(f"call-{n}", {"n": n})
                await asyncio.sleep(0.1)
                await journal.finish(f"call-{n}", [report(f"call-{n}", ALIVE)])
            await asyncio.sleep(1)
            return work.steps, len(web.times(DEAD)) - tried

    steps, tries = clock.run(scenario())
    assert len(web.times(ALIVE)) == len({one.id for one in web.accepted}) == CALLS
    return steps, tries


def test_thousands_that_wait_add_nothing_to_the_work_of_a_call(tmp_path):
    alone, _ = work_of_live_calls(tmp_path / "alone.db", waiting=0)
    beside, tries = work_of_live_calls(tmp_path / "beside.db", waiting=5000)
    assert beside <= 1.25 * alone
    assert tries <= 2  # and the dead server is asked with one at a time


def test_what_waits_is_found_without_looking_at_what_is_not_due(tmp_path):
    few, _ = looked(tmp_path / "few.db", 100)
    many, _ = looked(tmp_path / "many.db", 5000)
    assert many <= 1.5 * few


def looked(path, waiting):
    """Return the steps of one look for what is due to a dead server, and how many it found."""
    web, work = Web(), Work()

    async def scenario():
        database = Database(f"sqlite:///{path}", threaded=False)
        async with outbox_on(database, web, run=False) as box:
            for n in range(0, waiting, 100):
                await box.put(*(report(f"old-{n + m}", DEAD) for m in range(100)))
            await database.run(work.watch)
            work.steps = 0
            found = await box._ledger.look("http://dead.test", 9, {})
            return work.steps, len(found)

    return clock.run(scenario())


@pytest.mark.parametrize("waiting", [0, 2000])
def test_no_call_waits_for_a_report(tmp_path, waiting):
    web = Web()
    web.answers[DEAD] = [30.0]

    async def scenario():
        async with outbox_on(Database("sqlite://", threaded=False), web) as box:
            for n in range(waiting):
                await box.put(report(f"old-{n}", DEAD))
            before = asyncio.get_running_loop().time()
            await box.put(report("call", DEAD))
            return asyncio.get_running_loop().time() - before

    assert clock.run(scenario()) == 0
