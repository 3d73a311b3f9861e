"""What every TwiML request says of the call. Source: TwiML reference, request parameters."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from ari_pivot.call.call import Call
from ari_pivot.call.facts import Facts
from ari_pivot.call.numbers import realm, user

API_VERSION = "2010-04-01"


def params(call: Call, account: str) -> dict[str, Any]:
    """Return the parameters of each request; what is not known is left out."""
    return about(call.facts, account)


def about(facts: Facts, account: str) -> dict[str, Any]:
    """Return what requests say of a call, or of a leg that a call has dialled."""
    caller = facts.caller_number or user(facts.from_uri) or "anonymous"
    dialled = facts.dialled or user(facts.to_uri)
    values = {
        "CallSid": facts.sid,
        "AccountSid": f"AC{account}",
        "From": caller,
        "To": dialled,
        "Caller": caller,
        "Called": dialled,
        "CallStatus": facts.status,
        "ApiVersion": API_VERSION,
        "Direction": "outbound-dial" if facts.parent else "inbound",
        "ParentCallSid": facts.parent,
        "CallerName": facts.caller_name,
        "FromRealm": realm(facts.from_uri),
        "ToRealm": realm(facts.to_uri),
        "SipCallId": facts.sip_call_id,
        "SipDomain": realm(facts.request_uri or facts.to_uri),
    }
    values |= {f"SipHeader_{name}": value for name, value in facts.sip_headers.items()}
    return {name: value for name, value in values.items() if value} | facts.given


def moment(at: float) -> str:
    """Return a time as requests say it, RFC 2822 in UTC; `at` in seconds since the epoch.

    It ends in `+0000`: with `-0000` readers of dates take the zone for unknown.
    """
    return format_datetime(datetime.fromtimestamp(at, UTC))
