"""A keeper with its database, a web that takes what it sends, and an Asterisk's box."""

import asyncio
from contextlib import asynccontextmanager

from outbox_fakes import Web, now
from tapes import Shelved, write

from ari_pivot.call.owed import Owed
from ari_pivot.call.recordings import Notice, Order
from ari_pivot.recordings.keeper import Keeper, Settings
from ari_pivot.recordings.maker import Maker
from ari_pivot.recordings.shelf import Folder
from ari_pivot.report.outbox import Outbox, OutboxSettings
from ari_pivot.store.database import Database

BASE = "https://pivot.example"
DAY = 86_400


def notice(at, path="told", **more):
    owed = Owed(kind="callback", url=f"http://web.test/{path}", params={"At": at}, **more)
    return Notice(at=at, owed=owed, seconds="RecordingDuration")


class Worker:
    """One run of ours: `keeper` works on what an earlier run has left, too."""

    def __init__(self, folder, database, web, box, keep=30 * DAY, name="pivot"):
        self.folder = folder
        self.web = web
        self.box = box
        self.outbox = Outbox(database, web.deliver, OutboxSettings(), now, lambda longest: longest)
        maker = Maker(box, Folder(folder / "kept"), folder / "kept" / "unfinished")
        self.keeper = Keeper(
            maker, database, self.outbox, Settings(BASE, keep), name, now, self.write_down
        )

    async def write_down(self, sound):
        return f"{len(sound)} bytes"

    def record(self, *parts, **order):
        """Have Asterisk record these parts; they are not yet handed over."""
        made = Order(call="call-1", **{"tracks": ("in",)} | order)
        self.keeper.begin(made)
        for name in made.names:
            write(self.box.folder / f"{name}.wav", *parts)
        return made

    @property
    def files(self):
        return sorted(path.name for path in (self.folder / "kept").glob("*.*"))

    @property
    def told(self):
        """Return the parameters of what was sent."""
        return [report.params for report in self.web.accepted]


@asynccontextmanager
async def working(folder, database=None, **options):
    """Give a worker whose keeper and outbox run; they are killed, not stopped, at the end."""
    own = database or Database("sqlite://", threaded=False)
    (folder / "spool").mkdir(exist_ok=True)
    worker = Worker(folder, own, Web(), Shelved(folder / "spool"), **options)
    await worker.keeper.load()
    tasks = [asyncio.create_task(one.run()) for one in (worker.outbox, worker.keeper)]
    try:
        yield worker
    finally:
        await worker.keeper.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if database is None:
            await own.close()
