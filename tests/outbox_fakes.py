"""A customer's web server as the outbox sees it, in virtual time."""

import asyncio
import sqlite3
from collections import defaultdict
from contextlib import asynccontextmanager, contextmanager

from ari_pivot.errors import WebError
from ari_pivot.report.outbox import Outbox, Report
from ari_pivot.store.database import Database

EPOCH = 1_800_000_000.0


def now():
    return EPOCH + asyncio.get_running_loop().time()


def at():
    """Seconds since the scenario began."""
    return round(asyncio.get_running_loop().time(), 3)


def report(call="call-1", url="http://web.test/cdr", **more):
    given = {"kind": "cdr", "params": {}, **more}
    return Report(call_id=call, url=url, created_at=now(), **given)


class Web:
    """Answers by URL: None accepts, an exception refuses, a number is how many seconds it takes."""

    def __init__(self):
        self.answers = defaultdict(list)  # one a request, the last repeats
        self.tries = []  # (seconds, report)
        self.accepted = []
        self.disturbed = []  # tried again although accepted
        self._known = set()
        self.at_once = 0
        self.most_at_once = 0

    async def deliver(self, report):
        self.tries.append((at(), report))
        if report.id in self._known:
            self.disturbed.append(report)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._answer(report)
        finally:
            self.at_once -= 1
        self.accepted.append(report)
        self._known.add(report.id)

    async def _answer(self, report):
        answers = self.answers[report.url]
        for answer in [answers.pop(0)] if len(answers) > 1 else answers:
            if isinstance(answer, float):
                await asyncio.sleep(answer)
            elif answer is not None:
                raise answer

    def times(self, url):
        return [second for second, report in self.tries if report.url == url]


def refusal(status=500, retry_after=None):
    return WebError(f"answered {status}", status=status, retry_after=retry_after)


def silence():
    return WebError("connection refused")


def longest(ceiling):
    """Jitter that always waits as long as it may."""
    return ceiling


@contextmanager
def locked(path):
    """Another process holds the file, as a backup tool may."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@asynccontextmanager
async def outbox_on(database, web, settings=None, *, run=True):
    """Put an outbox to work on a database; stop it, as a process that ends, on leaving."""
    box = Outbox(database, web.deliver, settings, now=now, jitter=longest)
    running = asyncio.create_task(box.run()) if run else None
    if running:
        await asyncio.sleep(0.001)
    try:
        yield box
    finally:
        if running:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            assert running.cancelled(), running.exception()
        await database.close()


def outbox(web, url="sqlite://", settings=None, *, run=True, lock_wait=5.0):
    return outbox_on(Database(url, threaded=False, lock_wait=lock_wait), web, settings, run=run)
