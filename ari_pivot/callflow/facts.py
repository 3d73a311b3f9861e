"""What webhooks and notifications say of a call, in KAZOO's names."""

from typing import Any

from ari_pivot.call.call import Call
from ari_pivot.call.numbers import realm, user
from ari_pivot.callflow.directory import caller, directory_of


def about(call: Call) -> dict[str, Any]:
    """Return what is known of the call, without what is not. Source: KAZOO, kapps_call:to_json."""
    facts = call.facts
    values = {
        "call_id": facts.sip_call_id or facts.id,
        "caller_id_name": facts.caller_name or "unknown",
        "caller_id_number": facts.caller_number or "anonymous",
        "callee_id_number": facts.dialled,
        "call_direction": "inbound",
        **_address("from", facts.from_uri, facts.caller_number),
        **_address("to", facts.to_uri, facts.dialled),
        **_address("request", facts.request_uri, facts.dialled),
        "account_id": directory_of(call).account_id,
        "owner_id": caller(call, "user")[0],
        "authorizing_id": caller(call, "device")[0],
        "language": facts.language,
        "custom_application_vars": dict(facts.variables),
        "custom_sip_headers": dict(facts.sip_headers),
    }
    return {name: value for name, value in values.items() if value}


def _address(name: str, uri: str, number: str) -> dict[str, str]:
    return {
        name: address(uri, number),
        f"{name}_user": user(uri) or number,
        f"{name}_realm": realm(uri),
    }


def address(uri: str, number: str) -> str:
    """Return `user@realm` of a SIP URI; the number where there is none."""
    name, host = user(uri) or number, realm(uri)
    return f"{name}@{host}" if host else name
