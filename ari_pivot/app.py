"""The composition root: everything is made here, started, and brought to its end."""

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import structlog

from ari_pivot import sounds
from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Connection
from ari_pivot.callflow.media import source
from ari_pivot.config import Config
from ari_pivot.config import Reports as ReportSettings
from ari_pivot.config import Web as WebSettings
from ari_pivot.errors import StoreError
from ari_pivot.media.library import MediaLibrary
from ari_pivot.media.outside import engine
from ari_pivot.media.prompts import Prompts
from ari_pivot.media.speech import SpeechEngine
from ari_pivot.observe import Observers, observers
from ari_pivot.pivot import Control
from ari_pivot.reach import address, web_hop
from ari_pivot.report.deliver import Deliverer
from ari_pivot.report.journal import Journal
from ari_pivot.report.outbox import Outbox
from ari_pivot.report.reporter import Reporter
from ari_pivot.report.retry import Jitter, OutboxSettings, full_jitter
from ari_pivot.report.webhooks import Webhooks
from ari_pivot.routes import Routes
from ari_pivot.server.http import Server
from ari_pivot.store.database import Database
from ari_pivot.switchboard import Switchboard
from ari_pivot.web.ask import Asker
from ari_pivot.web.breaker import Breaker
from ari_pivot.web.client import Client
from ari_pivot.web.hop import Hop
from ari_pivot.web.signature import Keys

log = structlog.get_logger()

_FLUSH = 5.0  # seconds for reports at the end; what is not sent by then is in the database


@dataclass(frozen=True, slots=True)
class Outside:
    """What the application touches of the world, real or simulated; `now` in seconds.

    `jitter` spreads the pauses between the tries of a report.
    """

    ari: Ari
    hop: Hop
    database: Database
    speech: Callable[[Client], SpeechEngine]
    now: Callable[[], float] = time.time
    jitter: Jitter = full_jitter


@dataclass(frozen=True, slots=True)
class Parts:
    """The application, put together and not yet running."""

    client: Client
    library: MediaLibrary
    outbox: Outbox
    reporter: Reporter
    observers: Observers
    switchboard: Switchboard


def compose(config: Config, outside: Outside) -> Parts:
    """Put the application together; raises ConfigError for settings that contradict each other."""
    web, now = config.web, outside.now
    client = _client(web, outside)
    library = sounds.library(config, outside.speech(client), client, now)
    looking_on = observers(config, outside.database, now)
    outbox = _outbox(config.reports, client, outside, looking_on)
    journal = Journal(outside.database, outbox, config.asterisk.app, now)
    directory = config.directory.of(web.account_id, config.calls.region)
    webhooks = Webhooks(config.webhooks, directory)
    reporter = Reporter(journal, outbox, now, webhooks)
    control = Control(
        asker=Asker(client, web.account_id, web.retries, web.strict),
        fallback=source(config.fallback.media) if config.fallback.media else None,
        owe=reporter.owe,
        report=reporter.report,
        documents=config.calls.documents,
        burst=config.calls.burst,
        debug=config.debug.all,
    )
    switchboard = Switchboard(
        app=config.asterisk.app,
        ari=outside.ari,
        media=Prompts(library, sounds.prompts(config), config.calls.language.lower()),
        router=Routes(config.routes, directory.find),
        control=control,
        region=config.calls.region,
        language=config.calls.language.lower(),
        directory=directory,
        reports=reporter,
        longest=config.calls.longest,
        clock=now,
        recall=reporter.recall,
        on_reconciled=reporter.close_lost,
        watches=looking_on.watches,
    )
    return Parts(client, library, outbox, reporter, looking_on, switchboard)


def _client(web: WebSettings, outside: Outside) -> Client:
    return Client(
        outside.hop,
        Keys(web.auth_token, web.shared_keys),
        connect_timeout=web.connect_timeout,
        breaker=Breaker(web.breaker_failures, web.breaker_pause),
        now=outside.now,
    )


def _outbox(
    reports: ReportSettings, client: Client, outside: Outside, looking_on: Observers
) -> Outbox:
    settings = OutboxSettings(
        first=reports.first, longest=reports.longest, give_up_after=reports.give_up_after
    )
    deliver = Deliverer(client, reports.timeout, looking_on.recorder.delivery)
    return Outbox(outside.database, deliver, settings, outside.now, outside.jitter)


async def serve(config: Config) -> None:
    """Run until SIGTERM, then drain; a second SIGTERM ends at once, every report written.

    Raises ConfigError for what cannot work, ari.connection.Replaced when another program takes
    our application's name.
    """
    async with AsyncExitStack() as stack:
        hop = web_hop(config.web)
        stack.push_async_callback(hop.close)
        database = Database(config.reports.database)
        stack.push_async_callback(database.close)
        ari = Ari(patience=config.asterisk.patience)
        parts = compose(config, Outside(ari, hop, database, partial(engine, config.speech)))
        stack.push_async_callback(parts.library.close)
        board = parts.switchboard
        connection = Connection(address(config.asterisk), ari, board.receive, board.reconcile)
        server = Server(parts.library.file, partial(_health, connection, board))
        stack.push_async_callback(server.close)
        await server.start(config.server.host, config.server.port)
        await _remember(database, parts.reporter)
        stack.push_async_callback(parts.observers.debug.flush)
        _in_background(stack, parts.observers.debug.run(), "debug log")
        _in_background(stack, parts.outbox.run(), "outbox")
        stack.push_async_callback(parts.outbox.flush, _FLUSH)  # before it stops: cuts off no POST
        connecting = _in_background(stack, connection.run(), "asterisk")
        # What is made by now stays. Going through it on each full collection held up all calls.
        gc.collect()
        gc.freeze()
        await _until_told(board, connecting, config.calls.drain)


async def _until_told(board: Switchboard, connecting: "asyncio.Task[None]", drain: float) -> None:
    """Serve calls until a signal, then let them end, until another one or `drain` seconds."""
    stop = _signals()
    await _either(connecting, asyncio.create_task(stop.get()))
    log.info("stopping", calls=len(board.calls))
    draining = asyncio.create_task(board.close(drain))
    await _either(draining, asyncio.create_task(stop.get()))
    await board.close(0)


async def _remember(database: Database, reporter: Reporter) -> None:
    """Take up what an earlier process owed; without a database calls go on all the same."""
    try:
        await database.open()
    except StoreError as error:
        log.error("store.unusable", reason=str(error), hint="calls go on; reports are in memory")
    await reporter.load()


def _in_background(
    stack: AsyncExitStack, work: Coroutine[None, None, None], name: str
) -> "asyncio.Task[None]":
    """Run something until the stack unwinds; should it die before, that is said."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_say_if_dead)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)
    return task


def _say_if_dead(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.critical("task.died", task=task.get_name(), reason=repr(error), exc_info=error)


def _health(connection: Connection, board: Switchboard) -> dict[str, object]:
    """Say how we are: ready means that a call that comes now is served."""
    return {
        "ready": board.ari.connected and not board.draining,
        "asterisk": connection.transport if board.ari.connected else "not connected",
        "calls": len(board.calls),
        "draining": board.draining,
    }


def _signals() -> "asyncio.Queue[int]":
    asked: asyncio.Queue[int] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.put_nowait, number)
    return asked


async def _either(work: "asyncio.Task[None]", stop: "asyncio.Task[int]") -> None:
    """Wait for work to end, with its failure, or to be told to stop."""
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if work.done():
        work.result()
