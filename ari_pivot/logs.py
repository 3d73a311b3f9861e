"""Structured logs: one line an event, the call's id on each."""

import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import WrappedLogger

from ari_pivot import redact
from ari_pivot.call.call import Call

_LOGGED = {"started", "problem", "ended"}  # with more to them, and at their own level
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}


def set_up(level: str, form: str) -> None:
    """Log to standard error; `form` is json, text, or auto: text on a terminal."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if text else structlog.processors.JSONRenderer(),
            _without_credentials,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


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


def _without_credentials(_: WrappedLogger, __: str, line: Any) -> str:
    return redact.credentials(str(line))
