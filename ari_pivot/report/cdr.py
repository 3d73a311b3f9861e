"""The call detail record. Source: KAZOO, the CHANNEL_DESTROY event that pivot posts."""

from typing import Any

from ari_pivot.call import causes
from ari_pivot.call.facts import Facts
from ari_pivot.call.times import gregorian, seconds


def build(facts: Facts) -> dict[str, Any]:
    """Return the CDR's fields in their order; what is not known is left out."""
    ended = facts.ended_at or facts.started_at
    answered = facts.answered_at
    cause = _cause(facts)
    fields = {
        "Call-ID": facts.sip_call_id or facts.id,
        "CallSid": facts.sid,
        "Call-Direction": "inbound",
        "Caller-ID-Name": facts.caller_name or "unknown",
        "Caller-ID-Number": facts.caller_number or "anonymous",
        "Callee-ID-Number": facts.dialled,
        "From": _address(facts.from_uri) or facts.caller_number or "anonymous",
        "To": _address(facts.to_uri) or facts.dialled,
        "Request": _address(facts.request_uri) or facts.dialled,
        "Hangup-Cause": cause,
        "Hangup-Code": f"sip:{facts.sip}" if facts.sip else None,
        "Disposition": "ANSWER" if answered is not None else cause,
        "Duration-Seconds": seconds(facts.started_at, ended),
        "Billing-Seconds": seconds(ended if answered is None else answered, ended),
        "Ringing-Seconds": seconds(facts.started_at, ended if answered is None else answered),
        "Timestamp": gregorian(ended),
        "Other-Leg-Call-ID": facts.other_leg,
        "Custom-Application-Vars": dict(facts.variables),
        "Custom-SIP-Headers": dict(facts.sip_headers),
    }
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def _cause(facts: Facts) -> str:
    if facts.answered_at is None and facts.ended_by == "caller":
        return "ORIGINATOR_CANCEL"
    return causes.name(facts.cause or 16)


def _address(uri: str) -> str:
    inside = uri.partition("<")[2].partition(">")[0] if "<" in uri else uri
    return inside.partition(":")[2].partition(";")[0] if inside.startswith("sip") else ""
