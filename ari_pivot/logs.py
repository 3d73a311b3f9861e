"""Structured logs: one line an event, the call's id on each."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError
from structlog.typing import EventDict, Processor, WrappedLogger

from ari_pivot import redact
from ari_pivot.call.call import Call

_LOGGED = {"started", "problem", "ended"}  # with more to them, and at their own level
_OF_LINES = {"exception", "stack"}  # have lines of their own
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}


def set_up(level: str, form: str) -> None:
    """Log to standard error; `form` is json, text, or auto: text on a terminal."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    people: list[Processor] = [_printable, structlog.dev.ConsoleRenderer()]
    programs: list[Processor] = [structlog.processors.JSONRenderer()]
    written = [*(people if text else programs), _without_credentials]
    structlog.configure(
        processors=[*shared, *written],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    _take_in_libraries(shared, written)


def _take_in_libraries(shared: list[Processor], written: list[Processor]) -> None:
    """Have what libraries log by Python's own means come out in the same form."""
    handler = logging.StreamHandler(sys.stderr)
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[meta, *written],
        )
    )
    handler.addFilter(_worth_a_line)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Tell whether it is no stranger's request that is not HTTP: anybody could fill the log."""
    error = record.exc_info and record.exc_info[1]
    strange = isinstance(error, HttpProcessingError | RequestPayloadError)
    return not (record.name == "aiohttp.server" and strange)


class NoteLog:
    """Logs whatever is noted of calls, as far as it is plain: for the level debug."""

    def saw(self, call: Call, what: str, details: Mapping[str, Any]) -> None:
        if what in _LOGGED:
            return
        if what in {"plays", "played"}:  # said where Asterisk is told, with the file's name
            return
        plain = {
            name: value
            for name, value in details.items()
            if isinstance(value, str | int | float | tuple)
        }
        if what == "asks":
            asked = details["outgoing"]
            plain |= {"method": asked.method, "url": asked.url, "params": asked.params}
        structlog.get_logger().debug(f"call.{what}", call=call.facts.id, **plain)


def _printable(_: WrappedLogger, __: str, said: EventDict) -> EventDict:
    """Escape what would move a terminal's cursor, or break a line: names come from strangers."""
    for name, value in said.items():
        if isinstance(value, str) and not value.isprintable() and name not in _OF_LINES:
            said[name] = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in value)
    return said


def _without_credentials(_: WrappedLogger, __: str, line: Any) -> str:
    return redact.credentials(str(line))
