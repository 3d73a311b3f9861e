"""Whatever the web, the database and the operator do: all arrives, in order, and once."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from outbox_fakes import Web, locked, outbox, refusal, report, silence

from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock

URLS = ["http://a.test/cdr", "http://a.test/status", "http://b.test/cdr"]

answers = st.lists(
    st.sampled_from([None, None, 0.5, 20.0, refusal(404), refusal(503, 7.0), silence()]),
    min_size=1,
    max_size=6,
)
puts = st.tuples(st.just("put"), st.integers(0, 2), st.sampled_from(URLS), st.integers(1, 4))
waits = st.tuples(st.just("wait"), st.sampled_from([0.0, 0.001, 0.3, 2.0, 40.0]))
answering = st.tuples(st.just("answer"), st.sampled_from(URLS), answers)
restart = st.tuples(st.just("restart"))
lock = st.tuples(st.just("lock"))
unlock = st.tuples(st.just("unlock"))


class Life:
    """Does what hypothesis thinks of, then lets everything come to rest."""

    def __init__(self, folder):
        self.web = Web()
        self.put = []
        self._path = Path(folder) / "pivot.db"
        self._stack = ExitStack()
        self._box = None

    async def run(self, steps):
        await self._start()
        with self._stack:
            for step, *details in steps:
                await getattr(self, f"_{step}")(*details)
        for url in URLS:
            self.web.answers[url] = [None]
        await asyncio.sleep(10_000)
        assert await self._box.depth() == 0
        await self._end()

    async def _start(self):
        limits = OutboxSettings(at_once=4, per_origin=2, longest=60)
        self._process = outbox(self.web, f"sqlite:///{self._path}", limits, lock_wait=0.0)
        self._box = await self._process.__aenter__()

    async def _end(self):
        await self._process.__aexit__(None, None, None)

    async def _put(self, call, url, count):
        for _ in range(count):
            self.put.append(report(f"call-{call}", url))
            await self._box.put(self.put[-1])

    async def _wait(self, seconds):
        await asyncio.sleep(seconds)

    async def _answer(self, url, script):
        self.web.answers[url] = list(script)

    async def _restart(self):
        await self._end()
        await self._start()

    async def _lock(self):
        self._stack.close()
        self._stack.enter_context(locked(self._path))

    async def _unlock(self):
        self._stack.close()


def lived(steps):
    with tempfile.TemporaryDirectory() as folder:
        life = Life(folder)
        clock.run(life.run(steps))
    return life


def accepted_once(life):
    assert sorted(r.id for r in life.web.accepted) == sorted(r.id for r in life.put)
    assert life.web.disturbed == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(puts, puts, waits, answering, restart), max_size=25))
def test_over_restarts_and_failures_every_report_arrives_once_and_each_calls_in_order(steps):
    life = lived(steps)
    accepted_once(life)
    for lane in {(r.call_id, r.url) for r in life.put}:
        put = [r.id for r in life.put if (r.call_id, r.url) == lane]
        tried = [r.id for _, r in life.web.tries if (r.call_id, r.url) == lane]
        assert list(dict.fromkeys(tried)) == put  # none was even tried before its turn
        assert sorted(tried, key=put.index) == tried


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(puts, puts, waits, answering, lock, unlock), max_size=25))
def test_a_database_that_comes_and_goes_loses_nothing_and_doubles_nothing(steps):
    accepted_once(lived(steps))
