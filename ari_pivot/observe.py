"""Whoever looks on: the debug log, made of the configuration."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

from ari_pivot.call.watch import Watch
from ari_pivot.config import Config
from ari_pivot.debug.log import DebugLog
from ari_pivot.debug.recorder import Recorder
from ari_pivot.logs import NoteLog
from ari_pivot.store.database import Database


@dataclass(frozen=True, slots=True)
class Observers:
    """Those who are told of each call, and what they write to."""

    debug: DebugLog
    recorder: Recorder
    watches: tuple[Watch, ...]


def observers(config: Config, database: Database, now: Callable[[], float]) -> Observers:
    """Make them; those that are turned off are not there."""
    settings = config.debug
    debug = DebugLog(database, keep=settings.keep, limit=settings.max_bytes, now=now)
    recorder = Recorder(debug, f"{config.asterisk.app}@{socket.gethostname()}", settings.hide)
    logged = (NoteLog(),) if config.log.level == "debug" else ()
    return Observers(debug, recorder, (recorder, *logged))
