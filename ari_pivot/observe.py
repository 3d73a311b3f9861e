"""Whoever looks on, and where they show it: made of the configuration."""

import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from ari_pivot.call.watch import Watch
from ari_pivot.config import Config
from ari_pivot.debug.log import DebugLog
from ari_pivot.debug.reader import Reader
from ari_pivot.debug.recorder import Recorder
from ari_pivot.errors import ConfigError
from ari_pivot.logs import NoteLog
from ari_pivot.metrics import Metrics
from ari_pivot.server.access import Access
from ari_pivot.server.debug_api import DebugApi
from ari_pivot.server.metrics_page import MetricsPage
from ari_pivot.server.page import DebugPage
from ari_pivot.settings import Tracing
from ari_pivot.store.database import Database
from ari_pivot.switchboard import Switchboard

if TYPE_CHECKING:
    from ari_pivot.tracing import Traces

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Observers:
    """Those who are told of each call, and what they write to."""

    debug: DebugLog
    reader: Reader
    recorder: Recorder
    metrics: Metrics
    watches: tuple[Watch, ...]
    traces: "Traces | None" = None

    async def close(self) -> None:
        """Write and send what waits."""
        await self.debug.flush()
        if self.traces:
            await self.traces.close()


def observers(config: Config, database: Database, now: Callable[[], float]) -> Observers:
    """Make them; those that are turned off are not there."""
    settings = config.debug
    debug = DebugLog(database, keep=settings.keep, limit=settings.max_bytes, now=now)
    recorder = Recorder(debug, f"{config.asterisk.app}@{socket.gethostname()}", settings.hide)
    logged = (NoteLog(),) if config.log.level == "debug" else ()
    metrics = Metrics()
    traces = _traces(config.tracing)
    watches = (recorder, metrics, *logged, *((traces,) if traces else ()))
    return Observers(debug, Reader(database, debug), recorder, metrics, watches, traces)


def _traces(settings: Tracing) -> "Traces | None":
    """Return what sends traces, loaded only if it is wanted; raises ConfigError."""
    if not settings.endpoint:
        return None
    try:
        from ari_pivot.tracing import traces  # noqa: PLC0415 - an extra, which may not be there
    except ModuleNotFoundError as error:
        needs = f"needs {error.name}: pip install 'ari_pivot[otel]'"
        raise ConfigError(needs, where="tracing.endpoint") from error
    return traces(settings.endpoint, settings.headers)


def pages(
    config: Config,
    seen: Observers,
    board: Switchboard,
    refresh: Callable[[], Awaitable[None]],
) -> Iterable[web.RouteDef]:
    """Return the routes that need a token; none without one. `refresh` is before metrics."""
    access = Access(config.server.token, board.clock)
    metrics = Access(config.server.metrics_token, board.clock)
    if config.server.token or config.server.metrics_token:
        yield from MetricsPage(seen.metrics.registry, refresh, (access, metrics)).routes()
    if not config.server.token:
        log.warning("server.no_token", off="/debug, /pivot/debug", hint="set server.token")
        return
    yield from DebugApi(seen.reader, access, config.web.account_id).routes()
    yield from DebugPage(seen.reader, access, lambda: living(board), board.clock).routes()


def living(board: Switchboard) -> list[dict[str, Any]]:
    """Return what the page says of the calls that go on now, the latest first."""
    calls = sorted(board.calls.values(), key=lambda call: call.facts.started_at, reverse=True)
    return [
        {
            "call_id": call.facts.id,
            "caller": call.facts.caller_number,
            "name": call.facts.caller_name,
            "dialled": call.facts.dialled,
            "started_at": call.facts.started_at,
            "status": call.facts.status,
            "doing": call.doing,
            "debug": call.facts.debug,
        }
        for call in calls
    ]
