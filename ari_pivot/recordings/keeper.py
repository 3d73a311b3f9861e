"""What becomes of recordings: taken from Asterisk, made ready, kept, told of, removed in time."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from ari_pivot.call.recordings import Order
from ari_pivot.errors import AsteriskError, Code, MediaError, PivotError
from ari_pivot.recordings.maker import Kept, Maker
from ari_pivot.recordings.notices import owed, transcript
from ari_pivot.recordings.register import KEPT, LIVE, TAKEN, Register
from ari_pivot.recordings.shelf import Stream, content
from ari_pivot.recordings.transcriber import Transcriber
from ari_pivot.report.outbox import Outbox
from ari_pivot.store.database import Database

log = structlog.get_logger()

_FIRST, _LONGEST = 1.0, 300.0  # seconds between two tries to take a recording
_SWEEP = 20.0  # seconds between two looks for what has expired, or is left by others
_READY = 20.0  # seconds for which a request waits for a recording that has just ended
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`base_url` is ours, as customers reach it. Recordings are kept for `keep`, 0 is for ever.

    `patience` is for how long one that cannot be had from Asterisk is tried again. Seconds.
    """

    base_url: str
    keep: float = 30 * _DAY
    patience: float = 3 * _DAY


class Keeper:
    """All recordings. It works beside the calls: nothing here holds one up."""

    def __init__(
        self,
        maker: Maker,
        database: Database,
        outbox: Outbox,
        settings: Settings,
        worker: str,
        now: Callable[[], float] = time.time,
        transcriber: Transcriber | None = None,
    ) -> None:
        self._maker = maker
        self._outbox = outbox
        self.base_url = f"{settings.base_url}/recordings/"
        self._settings = settings
        self._now = now
        self._transcriber = transcriber
        self.transcribes = transcriber is not None
        self._register = Register(database, worker)
        self._left: list[tuple[Order, str]] = []
        self._work: dict[str, asyncio.Task[None]] = {}

    def url(self, order: Order) -> str:
        return self.base_url + order.sid

    def begin(self, order: Order) -> None:
        self._register.write(order, LIVE, self._now())

    def end(self, order: Order, *, made: bool = True) -> None:
        self._start(order, self._see_to(order, made=made))

    async def get(self, id_: str, suffix: str) -> Path | Stream | None:
        """Return a recording, None when there is none; one that has just ended is waited for.

        Raises OSError.
        """
        if work := self._work.get(id_):
            await asyncio.wait([work], timeout=_READY)
        return await self._maker.shelf.get(id_, suffix)

    async def remove(self, id_: str) -> None:
        """Remove a recording before its time; raises OSError."""
        await self._maker.shelf.remove(id_)
        self._register.strike(id_)

    async def read(self, name: str) -> bytes | None:
        """Return a file, None when it was removed; raises OSError, StoreError.

        One that is not here although somebody keeps it lies in another worker's folder: OSError.
        """
        id_, _, suffix = name.partition(".")
        found = await self.get(id_, suffix)
        if found is None and await self._register.known(id_):
            raise FileNotFoundError(f"{name} is not in this worker's folder")
        return await content(found)

    async def sent(self, name: str) -> None:
        """Remove what somebody else has now."""
        with suppress(OSError):  # it goes when its time is over
            await self.remove(name.partition(".")[0])

    async def load(self) -> None:
        """Read what an earlier process has left."""
        self._maker.open()
        self._left = await self._register.left()

    def take_up(self) -> None:
        """Finish what an earlier process has left, now that Asterisk can be asked; once."""
        left, self._left = self._left, []
        for order, state in left:
            self._found(order, state)

    def _found(self, order: Order, state: str) -> None:
        log.warning("recording.found", recording=order.id, call_id=order.call, state=state)
        if state != KEPT:
            work = self._clear(order) if state == TAKEN else self._see_to(order, made=True)
            self._start(order, work)

    async def run(self) -> None:
        """Remove what has been kept for long enough, until cancelled; see to what others left."""
        while True:
            for order, state in await self._register.orphans(self._now()):
                if await self._within_reach(order, state) and await self._register.adopt(order.id):
                    self._found(order, state)
            for order in await self._register.expired(self._now()):
                with suppress(OSError):  # the next time
                    await self.remove(order.id)
            await asyncio.sleep(_SWEEP)

    async def _within_reach(self, order: Order, state: str) -> bool:
        """Tell whether another worker's recording is in our Asterisk, or on our shelf."""
        try:
            if state == LIVE:
                return await self._maker.waits(order)
            return await self._maker.shelf.get(order.id, order.formats[0]) is not None
        except (AsteriskError, OSError):
            return False

    async def settled(self, limit: float | None = None) -> None:
        """Return when nothing is being worked on, or after `limit` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while self._work:
                    await asyncio.wait(self._work.values())

    async def close(self) -> None:
        """Leave what is not finished to the next process."""
        for work in self._work.values():
            work.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)
        await self._maker.close()

    def _start(self, order: Order, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=f"recording {order.id}")
        self._work[order.id] = task
        task.add_done_callback(lambda _: self._work.pop(order.id, None))

    async def _see_to(self, order: Order, *, made: bool) -> None:
        """Take it, keep it, tell of it: all that is owed about it becomes durable at once."""
        kept, clear = None, made
        try:
            kept = await self._take(order) if made else None
        except (PivotError, OSError) as error:
            clear = False  # Asterisk's own is the only one
            log.error("recording.lost", code=int(Code.RECORDING), recording=order.id,
                      call_id=order.call, reason=str(error),
                      left_in_asterisk=order.names)  # fmt: skip
        now, seconds = self._now(), kept.seconds if kept else 0.0
        expiry = self._expiry(order) if kept else now
        done = self._register.entry(order, TAKEN if clear else KEPT, now, expiry)
        await self._outbox.put(*owed(order, kept, now), also=done)
        log.info("recording.over", recording=order.id, call_id=order.call, kept=kept is not None,
                 seconds=seconds)  # fmt: skip
        if clear:
            await self._clear(order)

    async def _take(self, order: Order) -> Kept | None:
        """Take it from Asterisk, as often as that is of use; raises what the last try met."""
        give_up, pause = self._now() + self._settings.patience, _FIRST
        while True:
            try:
                return await self._maker.make(order)
            except (AsteriskError, OSError) as error:
                if self._now() >= give_up:
                    raise
                log.warning("recording.not_taken", recording=order.id, call_id=order.call,
                            reason=str(error), again_in=pause)  # fmt: skip
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST)

    async def _clear(self, order: Order) -> None:
        """Remove it from Asterisk; where that fails, the next start of ours does."""
        try:
            await self._maker.clear(order)
        except AsteriskError as error:
            log.warning("recording.not_removed", recording=order.id, reason=str(error))
            return
        if order.transcript:
            said = await self._said(order)
            report = transcript(order, order.transcript, said, self._now())
            await self._outbox.put(report, also=self._register.advanced(order))
        else:
            self._register.advance(order)

    async def _said(self, order: Order) -> str | None:
        """Have what was said written down; None where there is nothing, or it fails."""
        try:
            sound = await content(await self._maker.shelf.get(order.id, "wav"))
            return await self._transcriber(sound) if self._transcriber and sound else None
        except (MediaError, OSError) as error:
            log.warning("recording.not_transcribed", recording=order.id, reason=str(error))
            return None

    def _expiry(self, order: Order) -> float | None:
        keep = self._settings.keep if order.keep is None else order.keep
        if order.upload:  # it goes when it has been accepted, or when nobody tries any more
            keep = max(keep, self._settings.patience) if keep else self._settings.patience
        return self._now() + keep if keep else None
