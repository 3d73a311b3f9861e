"""What is known of a call, as plain data: it can be written down and read again."""

from typing import Any

import msgspec

from ari_pivot.call.owed import Owed


class Onward(msgspec.Struct, kw_only=True):
    """What the legs that a call dials are shown of its caller, and given."""

    name: str = ""  # instead of the caller's
    number: str = ""
    name_prefix: str = ""
    number_prefix: str = ""
    hide_name: bool = False
    hide_number: bool = False
    endpoint_privacy: bool = False  # what the dialled endpoint hides is hidden, too
    alert_info: str = ""
    auto_answer: bool = False  # telephones shall answer by themselves …
    barge: bool = False  # … also those in use
    after_bridge: str = ""  # what is done with the caller when the callee has left
    after_bridge_number: str = ""
    channel_variables: dict[str, str] = {}

    def caller_id(self, name: str, number: str) -> tuple[str, str]:
        """Return the name and number to show for a caller's own."""
        return self.name or self.name_prefix + name, self.number or self.number_prefix + number


class LiveLeg(msgspec.Struct, kw_only=True):
    """A dialled leg that has not ended; `said` is what its events say of it."""

    said: dict[str, Any]
    began_at: float
    answered_at: float | None = None


class Facts(msgspec.Struct, kw_only=True):
    """One call; times are seconds since the epoch, None for what has not happened.

    `id` is the caller's channel in Asterisk; `sid` is the same call in TwiML's form. `digits` are
    the collections of KAZOO's collect_dtmf, `variables` its custom application variables.
    """

    id: str
    sid: str
    caller_number: str = ""
    caller_name: str = ""
    arrived_as: tuple[str, str] = ("", "")  # name and number that the call came with
    dialled: str = ""  # what the caller dialled
    parent: str = ""  # the `sid` of the call that dialled this one
    from_uri: str = ""  # SIP URIs, where the channel has them
    to_uri: str = ""
    request_uri: str = ""
    sip_call_id: str = ""
    sip_headers: dict[str, str] = {}
    given: dict[str, str] = {}  # what the call of ours that dialled this one has requests say
    language: str = "en-us"
    language_set: bool = False  # the instructions chose it
    started_at: float
    answered_at: float | None = None
    ended_at: float | None = None
    ended_by: str = ""  # pivot, caller, callee, asterisk
    cause: int = 0  # Q.850
    sip: int = 0  # what the caller's side was told
    variables: dict[str, Any] = {}
    said: dict[str, str] = {}  # parameters that TwiML's <Set> adds to requests
    exported: dict[str, Any] = {}  # variables that dialled legs get too
    digits: dict[str, str] = {}
    capture: str = ""  # what the pattern of the number has captured
    captures: dict[str, str] = {}  # the same by its groups' names
    endpoint: str = ""  # the caller's own in Asterisk, `PJSIP/alice`
    owner: str = ""  # the user who calls, where the instructions say it
    guest: str | None = None  # the user who is logged in at the telephone; None is not asked yet
    metaflows: dict[str, Any] = {}  # of the callflow that took the number
    channel_variables: dict[str, str] = {}  # KAZOO's custom channel variables
    onward: Onward = msgspec.field(default_factory=Onward)
    bridged: bool = False  # somebody has spoken with the caller
    other_leg: str = ""  # the channel in Asterisk of who did
    legs: dict[str, LiveLeg] = {}  # that are dialled now, by their channels
    message_left: bool = False  # or has a message of theirs
    at_end: list[Owed] = []
    given_back: str = ""  # why the dialplan has the call again
    cdr_url: str = ""  # where the CDR is owed
    cdr_scheme: str = "twiml"  # how its request is signed
    debug: bool = False  # what happens is kept in the debug log

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
