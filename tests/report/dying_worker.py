"""A worker that ends calls as fast as it can and says what is durable, until it is killed."""

import asyncio
import sys
import time
from itertools import count

from ari_pivot.report.journal import Journal
from ari_pivot.report.outbox import Outbox, Report
from ari_pivot.store.database import Database


def say(*words):
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def main(url, life):
    database = Database(url)
    await database.open()
    box = Outbox(database, deliver=asyncio.Event().wait)  # never run: everything stays owed
    journal = Journal(database, box, "worker-1")

    async def calls(line):
        for n in count():
            call = f"{life}-{line}-{n}"
            journal.begin(call, {"call": call})
            await database.run(lambda _: None)  # comes after what was begun
            say("lives", call)
            cdr = Report(
                call_id=call,
                kind="cdr",
                url="http://web.test/cdr",
                params={},
                created_at=time.time(),
            )
            await journal.finish(call, [cdr])
            say("ended", call, cdr.id)

    await asyncio.gather(*(calls(line) for line in range(8)))


asyncio.run(main(*sys.argv[1:]))
