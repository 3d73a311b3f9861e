"""A process that reports calls, lived as often as a test wants."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from line_fakes import now
from outbox_fakes import Web, outbox_on

from ari_pivot.report.journal import Journal
from ari_pivot.report.reporter import Reporter
from ari_pivot.store.database import Database


@pytest.fixture
def web():
    return Web()


@pytest.fixture
def process(tmp_path, web):
    """Live once, on a database that outlives the process; `run=False` sends nothing."""

    @asynccontextmanager
    async def living(*, run=True, webhooks=None):
        database = Database(f"sqlite:///{tmp_path}/pivot.db", threaded=False, lock_wait=0.0)
        async with outbox_on(database, web, run=run) as outbox:
            journal = Journal(database, outbox, "worker", now)
            reporter = Reporter(journal, outbox, now, webhooks)
            await reporter.load()
            yield reporter
            await asyncio.sleep(1)

    return living
