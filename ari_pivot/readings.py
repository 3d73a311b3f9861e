"""What others count, read when Prometheus asks: no call pays for it."""

from collections import Counter

from sqlalchemy import func, select

from ari_pivot import __version__
from ari_pivot.compose import Parts
from ari_pivot.errors import StoreError
from ari_pivot.metrics import Metrics, Values
from ari_pivot.store.database import Database
from ari_pivot.store.schema import reports

_DEAD = select(func.count()).where(reports.c.state == "dead")


class Readings:
    """Reads the parts of the application; `refresh` first what lies in the database.

    Of those that may share it, `worker` is ours: each tells of its own reports.
    """

    def __init__(self, parts: Parts, database: Database, worker: str) -> None:
        self._parts, self._database = parts, database
        self._dead_of_ours = _DEAD.where(reports.c.worker == worker)
        self._waiting, self._oldest, self._dead = 0, 0.0, 0
        self._register(parts.observers.metrics)

    async def refresh(self) -> None:
        """Look at the outbox; with a database that fails, what was last known stands."""
        outbox = self._parts.outbox
        self._waiting, self._oldest = await outbox.depth(), await outbox.oldest()
        try:
            self._dead = await self._database.run(lambda one: one.scalar(self._dead_of_ours) or 0)
        except StoreError:
            return

    def _register(self, metrics: Metrics) -> None:
        read, board, breaker = metrics.read_out, self._parts.switchboard, self._parts.client.breaker
        library, debug, ari = self._parts.library, self._parts.observers.debug, board.ari
        read("info", "Which version runs.", lambda: [((__version__,), 1)], "version")
        read("live_calls", "Calls that go on now.", self._live, "state")
        read("draining", "1 while no new calls are taken.", lambda: board.draining)
        read("asterisk_connected", "1 while Asterisk is connected.", lambda: ari.connected)
        read("asterisk_connections", "Connections to Asterisk that were made.",
             lambda: ari.connections, counter=True)  # fmt: skip
        read("events", "Events that Asterisk has sent.", lambda: board.received, counter=True)
        read("calls_refused", "Calls not taken because of a limit, by its code.",
             lambda: [((str(int(code)),), n) for code, n in board.admission.refused.items()],
             "code", counter=True)  # fmt: skip
        read("breaker_open", "Web servers that are left alone for now.",
             lambda: len(breaker.open))  # fmt: skip
        read("breaker_opened", "How often one was begun to be left alone.",
             lambda: breaker.opened, counter=True)  # fmt: skip
        read("breaker_refused", "Requests not sent because of that.",
             lambda: breaker.refused, counter=True)  # fmt: skip
        read("outbox_reports", "Reports that are owed: waiting, or dead.", self._owed, "state")
        read("outbox_oldest_seconds", "Age of the oldest that waits.", lambda: self._oldest)
        read("sounds", "Sounds asked for that are spoken or come from the web.",
             lambda: library.asked, counter=True)  # fmt: skip
        read("sounds_made", "Sounds that had to be made: fetched, spoken, converted.",
             lambda: library.made, counter=True)  # fmt: skip
        read("sounds_bytes", "Bytes of sounds that are kept.", lambda: library.size)
        read("debug_dropped", "Documents of the debug log that were not kept.",
             lambda: debug.dropped, counter=True)  # fmt: skip

    def _live(self) -> Values:
        now = Counter(call.facts.status for call in self._parts.switchboard.calls.values())
        return [((state,), now[state]) for state in ("ringing", "in-progress")]

    def _owed(self) -> Values:
        return [(("waiting",), self._waiting), (("dead",), self._dead)]
