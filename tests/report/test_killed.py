"""Killed with -9 at any instant: nothing that was durable is lost, nothing is sent twice."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from outbox_fakes import Web, outbox_on

from ari_pivot.report.journal import Journal
from ari_pivot.simulator import clock
from ari_pivot.store.database import Database

WORKER = Path(__file__).with_name("dying_worker.py")


def lives_and_dies(url, life, lines):
    """Kill a worker after it has said so many lines; return what it said."""
    arguments = [sys.executable, str(WORKER), url, str(life)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as worker:  # noqa: S603 - our own program
        said = [worker.stdout.readline() for _ in range(lines)]
        worker.send_signal(signal.SIGKILL)
        said += worker.stdout.read().splitlines(keepends=True)
    assert worker.returncode == -signal.SIGKILL
    return [line.split() for line in said if line.endswith("\n")]


def test_every_call_that_lived_is_reported_or_known_to_be_unfinished_never_both(tmp_path):
    url = f"sqlite:///{tmp_path / 'pivot.db'}"
    said = [x for life in range(5) for x in lives_and_dies(url, life, 37 + 61 * life)]
    lived = {words[1] for words in said if words[0] == "lives"}
    ended = {words[1]: words[2] for words in said if words[0] == "ended"}
    assert len(ended) > 100

    web = Web()

    async def scenario():
        database = Database(url)
        async with outbox_on(database, web) as box:
            left = [call for call, _ in await Journal(database, box, "worker-1").unfinished()]
            await asyncio.sleep(600)
            assert await box.depth() == 0
        return left

    left = clock.run(scenario())
    delivered = Counter(report.id for report in web.accepted)
    reported = {report.call_id for report in web.accepted}
    assert set(ended.values()) <= set(delivered)
    assert set(delivered.values()) == {1}
    assert not reported & set(left)
    assert lived <= reported | set(left)


def test_what_one_life_has_delivered_the_next_does_not_deliver_again(tmp_path):
    url = f"sqlite:///{tmp_path / 'pivot.db'}"
    lives_and_dies(url, 0, 200)
    web = Web()

    async def scenario():
        for _ in range(2):
            async with outbox_on(Database(url), web) as box:
                await box.flush(600)

    clock.run(scenario())
    assert len(web.accepted) == len({report.id for report in web.accepted}) > 50
