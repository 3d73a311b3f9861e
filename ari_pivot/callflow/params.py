"""What every KAZOO-format request says of the call. Source: KAZOO, kzt_kazoo:req_params."""

from collections.abc import Mapping
from typing import Any

from ari_pivot.call.call import Call
from ari_pivot.call.numbers import realm, user
from ari_pivot.callflow.directory import caller

API_VERSION = "4.x"

#: What TwiML verbs add to a request has a name of KAZOO's as well.
_NAMES = {
    "RecordingUrl": "Recording-Url",
    "RecordingDuration": "Recording-Duration",
    "RecordingSid": "Recording-ID",
}


def params(call: Call, account: str) -> dict[str, Any]:
    """Return the parameters of each request, in their order on the wire; unknown ones left out."""
    facts = call.facts
    values = {
        "Account-ID": account,
        "Api-Version": API_VERSION,
        "Call-ID": facts.sip_call_id or facts.id,
        "Caller-ID-Name": facts.caller_name or "unknown",
        "Caller-ID-Number": facts.caller_number or "anonymous",
        "Custom-Application-Vars": dict(facts.variables),
        "Custom-SIP-Headers": dict(facts.sip_headers),
        "Digits": dict(facts.digits) or None,
        "Direction": "inbound",
        "From": user(facts.from_uri) or facts.caller_number or "anonymous",
        "From-Realm": realm(facts.from_uri),
        "Language": facts.language,
        "Request": user(facts.request_uri) or facts.dialled,
        "Request-Realm": realm(facts.request_uri),
        "To": user(facts.to_uri) or facts.dialled,
        "To-Realm": realm(facts.to_uri),
        "User-ID": caller(call, "user")[0],
    }
    return {name: value for name, value in values.items() if value or value == {}}


def added(call: Call, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request of a TwiML document adds to these, in both formats' names.

    Source: KAZOO, kzt_util:get_request_vars.
    """
    kazoo = {_NAMES[name]: value for name, value in params.items() if name in _NAMES}
    return {"Call-Status": call.facts.status, **kazoo, **params}
