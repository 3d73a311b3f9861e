"""What every TwiML request says of the call. Source: TwiML reference, request parameters."""

from typing import Any

from ari_pivot.call.call import Call
from ari_pivot.call.numbers import realm, user

API_VERSION = "2010-04-01"


def params(call: Call, account: str) -> dict[str, Any]:
    """Return the parameters of each request; what is not known is left out."""
    facts = call.facts
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
        "Direction": "inbound",
        "CallerName": facts.caller_name,
        "FromRealm": realm(facts.from_uri),
        "ToRealm": realm(facts.to_uri),
        "SipCallId": facts.sip_call_id,
        "SipDomain": realm(facts.request_uri or facts.to_uri),
    }
    values |= {f"SipHeader_{name}": value for name, value in facts.sip_headers.items()}
    return {name: value for name, value in values.items() if value}
