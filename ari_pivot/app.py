"""The application: started, and brought to its end."""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial

import structlog

from ari_pivot import keeping, messages
from ari_pivot.ari.client import Ari
from ari_pivot.ari.connection import Connection
from ari_pivot.ari.version import look_at
from ari_pivot.compose import Outside, Parts, compose
from ari_pivot.config import Config
from ari_pivot.errors import StoreError
from ari_pivot.media.outside import engine
from ari_pivot.observe import pages
from ari_pivot.reach import address, web_hop
from ari_pivot.readings import Readings
from ari_pivot.recordings.box import AsteriskBox
from ari_pivot.reload import Reload
from ari_pivot.server.http import Server
from ari_pivot.store.database import Database
from ari_pivot.switchboard import Switchboard

log = structlog.get_logger()

_FLUSH = 5.0  # seconds for reports at the end; what is not sent by then is in the database


async def serve(config: Config, read: Callable[[], Config]) -> None:
    """Run until SIGTERM, then drain; a second SIGTERM ends at once, every report written.

    On SIGHUP `read` is asked for the configuration again.

    Raises ConfigError for what cannot work, ari.connection.Replaced when another program takes
    our application's name.
    """
    async with AsyncExitStack() as stack:
        hop = web_hop(config.web)
        stack.push_async_callback(hop.close)
        database = Database(config.reports.database)
        stack.push_async_callback(database.close)
        ari = Ari(patience=config.asterisk.patience)
        place = address(config.asterisk)
        box = AsteriskBox(ari, place, config.recordings.spool)
        speech, post = partial(engine, config.speech), messages.smtp(config)
        parts = compose(config, Outside(ari, hop, database, speech, box, post))
        reload = Reload(config, read, parts, hop.allowed)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)
        stack.push_async_callback(parts.library.close)
        stack.push_async_callback(parts.keeper.close)
        board = parts.switchboard
        connection = Connection(place, ari, board.receive, partial(_connected, ari, board))
        await _listen(stack, config, parts, connection, database)
        await _remember(database, parts)
        _see_to_what_is_kept(stack, parts)
        connecting = _in_background(stack, connection.run(), "asterisk")
        stack.push_async_callback(parts.keeper.settled, _FLUSH)
        # What is made by now stays. Going through it on each full collection held up all calls.
        gc.collect()
        gc.freeze()
        await _until_told(board, connecting, reload)


def _see_to_what_is_kept(stack: AsyncExitStack, parts: Parts) -> None:
    """Have the debug log, reports and recordings seen to, beside the calls."""
    stack.push_async_callback(parts.observers.close)
    _in_background(stack, parts.observers.debug.run(), "debug log")
    _in_background(stack, parts.workers.run(), "workers")
    _in_background(stack, parts.outbox.run(), "outbox")
    stack.push_async_callback(parts.outbox.flush, _FLUSH)  # before it stops: cuts off no POST
    _in_background(stack, parts.keeper.run(), "recordings")


async def _until_told(
    board: Switchboard, connecting: "asyncio.Task[None]", settings: Reload
) -> None:
    """Serve calls until a signal, then let them end, until another one or their time is over."""
    stop = _signals()
    await _either(connecting, asyncio.create_task(stop.get()))
    log.info("stopping", calls=len(board.calls))
    draining = asyncio.create_task(board.close(settings.config.calls.drain))
    await _either(draining, asyncio.create_task(stop.get()))
    await board.close(0)


async def _listen(
    stack: AsyncExitStack,
    config: Config,
    parts: Parts,
    connection: Connection,
    database: Database,
) -> None:
    """Serve our own HTTP until the stack unwinds; raises ConfigError."""
    board = parts.switchboard
    readings = Readings(parts, database, config.worker)
    more = [
        *keeping.pages(config, parts.keeper).routes(),
        *pages(config, parts.observers, board, readings.refresh),
    ]
    server = Server(parts.library.file, partial(_health, connection, board), more)
    stack.push_async_callback(server.close)
    await server.start(config.server.host, config.server.port)


async def _remember(database: Database, parts: Parts) -> None:
    """Take up what an earlier process owed; without a database calls go on all the same."""
    try:
        await database.open()
    except StoreError as error:
        log.error("store.unusable", reason=str(error), hint="calls go on; reports are in memory")
    await parts.reporter.load()
    await parts.keeper.load()


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


async def _connected(ari: Ari, board: Switchboard) -> None:
    """Take up what there is in an Asterisk that has just been connected; raises AsteriskError."""
    await board.reconcile()
    await look_at(ari)


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
