"""Everything that can go wrong, named by whose fault it is.

PivotError
├── CallEnded             the channel is no longer ours: not a fault, hence no "Error"
├── WebError              their server did not answer, or with an error
├── InstructionError      their answer cannot be understood
├── MediaError            a prompt cannot be had; the call goes on without it
├── AsteriskError         Asterisk refused a command
│   └── AsteriskUnavailable   the connection to Asterisk is lost
├── StoreError            the database cannot be written or read
└── ConfigError           the operator's configuration cannot be used
"""

from enum import IntEnum
from typing import Literal

from ari_pivot import redact


class Code(IntEnum):
    """Stable numbers of faults: Twilio's where Twilio has one, ours from 90000.

    Source: the error dictionary of the TwiML reference.
    """

    INVALID_URL = 11100
    HTTP_STATUS = 11200
    CONNECTION = 11205
    TIMEOUT = 11205  # the same number for both, as the original has it
    PROTOCOL = 11206
    DNS = 11210
    REDIRECTS = 11215
    TLS = 11220
    TOO_LARGE = 11750
    PARSE = 12100
    ROOT = 12102
    SCHEMA = 12200
    CONTENT_TYPE = 12300
    INTERNAL = 12400
    DIAL_IN_LEG = 13201
    CALLER_ID = 13214
    NUMBER_INVALID = 13224
    NUMBER_FORBIDDEN = 13225
    COACHED = 13240
    UNSUPPORTED = 13750
    MEDIA_TYPE = 13420
    PARTICIPANT_LABEL = 16025
    ADDRESS_REFUSED = 90001
    CALL_LIMIT = 90002
    CIRCUIT_OPEN = 90003
    CALL_TOO_LONG = 90004
    VERB_LIMIT = 90005
    CALLS_AT_ONCE = 90006
    CALL_RATE = 90007
    JSON_SYNTAX = 90100
    FLOW_SCHEMA = 90101
    UNKNOWN_MODULE = 90102
    UNKNOWN_ID = 90103
    MEDIA_UNPLAYABLE = 90200
    SPEECH = 90201
    RECORDING = 90202
    ASTERISK_REFUSED = 90300
    ASTERISK_LOST = 90301
    STORE = 90400
    RESTARTED = 90401
    ROOM_FULL = 90500


class PivotError(Exception):
    """The root of them all; `where` says which URL, element or key it is about.

    URLs in it are shown without what may be secret.
    """

    def __init__(self, message: str, *, code: int = Code.INTERNAL, where: str = "") -> None:
        self.message = redact.urls(message)
        super().__init__(self.message)
        self.code = int(code)
        self.where = redact.urls(where)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class CallEnded(PivotError):  # noqa: N818 - not a fault
    """The call ended while something waited on it."""


class WebError(PivotError):
    """The customer's web server did not answer, or answered with an error status.

    `status` is its HTTP status, if there was one; `retry_after` the seconds it asks to be left
    alone (RFC 9110 §10.2.3). `stage` says how far it came: `ct`, not even a connection, `rt`, not
    a byte of an answer; empty where another try is of no use, or not safe.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int = Code.HTTP_STATUS,
        where: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        stage: Literal["", "ct", "rt"] = "",
    ) -> None:
        super().__init__(message, code=code, where=where)
        self.status = status
        self.retry_after = retry_after
        self.stage = stage


class InstructionError(PivotError):
    """The answer of the customer's web server is not valid instructions."""


class MediaError(PivotError):
    """A prompt cannot be fetched, spoken or converted."""


class AsteriskError(PivotError):
    """Asterisk refused a command; `status` is its HTTP status."""

    def __init__(self, message: str, *, status: int, where: str = "") -> None:
        super().__init__(message, code=Code.ASTERISK_REFUSED, where=where)
        self.status = status


class AsteriskUnavailable(AsteriskError):  # noqa: N818 - named as HTTP names its 503
    """The connection to Asterisk is lost, and did not come back in time."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message, status=503, where=where)
        self.code = int(Code.ASTERISK_LOST)


class StoreError(PivotError):
    """The database cannot be read or written."""

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message, code=Code.STORE, where=where)


class ConfigError(PivotError):
    """The configuration cannot be used; each problem names key and reason, `where` is the file."""

    def __init__(self, *problems: str, where: str = "") -> None:
        super().__init__("; ".join(problems), where=where)
        self.problems = [redact.urls(problem) for problem in problems]
