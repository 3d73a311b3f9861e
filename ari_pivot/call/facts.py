"""What is known of a call, as plain data: it can be written down and read again."""

from typing import Any

import msgspec


class Facts(msgspec.Struct, kw_only=True):
    """One call; times are seconds since the epoch, None for what has not happened.

    `id` is the caller's channel in Asterisk; `sid` is the same call in TwiML's form. `digits` are
    the collections of KAZOO's collect_dtmf, `variables` its custom application variables.
    """

    id: str
    sid: str
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""  # what the caller dialled
    from_uri: str = ""  # SIP URIs, where the channel has them
    to_uri: str = ""
    request_uri: str = ""
    sip_call_id: str = ""
    sip_headers: dict[str, str] = {}
    language: str = "en-us"
    language_set: bool = False  # the instructions chose it
    started_at: float
    answered_at: float | None = None
    ended_at: float | None = None
    ended_by: str = ""  # pivot, caller, callee, asterisk
    cause: int = 0  # Q.850
    sip: int = 0  # what the caller's side was told
    variables: dict[str, Any] = {}
    exported: dict[str, Any] = {}  # variables that dialled legs get too
    digits: dict[str, str] = {}
    given_back: str = ""  # why the dialplan has the call again
    cdr_url: str = ""  # where the CDR is owed
    cdr_scheme: str = "twiml"  # how its request is signed

    @property
    def status(self) -> str:
        """TwiML's CallStatus. Source: TwiML reference, call status values."""
        if self.ended_at is None:
            return "ringing" if self.answered_at is None else "in-progress"
        if self.answered_at is not None:
            return "completed"
        if self.ended_by == "caller":
            return "canceled"
        return {17: "busy", 18: "no-answer", 19: "no-answer", 21: "no-answer", 1: "no-answer"}.get(
            self.cause, "failed"
        )
