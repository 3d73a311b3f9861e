"""What is known of a call when it arrives: from its channel, and from the dialplan's line."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote

from ari_pivot.ari import events
from ari_pivot.call.dialled_by import dialled_by
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import near
from ari_pivot.call.line import Line
from ari_pivot.call.numbers import e164


def arguments(args: list[str]) -> dict[str, str]:
    """Return `name=value` arguments of the dialplan's Stasis line; values may be URI-encoded."""
    pairs = (argument.partition("=") for argument in args)
    return {name.strip(): unquote(value) for name, _, value in pairs if value}


def lag(timestamp: str, now: float) -> float:
    """Return the seconds since Asterisk's time of an event, 0 where it has none or a later one."""
    try:
        return max(0.0, now - datetime.fromisoformat(timestamp).timestamp())
    except (ValueError, OverflowError):
        return 0.0


def sid(channel_id: str) -> str:
    """Return TwiML's CallSid of a channel: always the same, so that it can be found again.

    Both halves of a Local channel are one call: who dials it, and who is dialled, know it by it.
    """
    return f"CA{hashlib.md5(near(channel_id).encode(), usedforsecurity=False).hexdigest()}"


def given(channel_id: str, lines: Mapping[str, Line]) -> dict[str, str]:
    """Return what requests of a call say beside because another of our calls has dialled it."""
    attempt = dialled_by(channel_id, lines)
    return dict(attempt.target.gives) if attempt else {}


def facts(
    channel: events.Channel, arguments: Mapping[str, str], region: str, language: str, now: float
) -> Facts:
    """Return what is known of a call that has just come in; `now` in seconds since the epoch."""
    number = e164(channel.caller.number, region)
    return Facts(
        id=channel.id,
        sid=sid(channel.id),
        caller_number=number,
        arrived_as=(channel.caller.name, number),
        caller_name=channel.caller.name,
        dialled=e164(arguments.get("to") or channel.dialplan.exten, region),
        from_uri=arguments.get("from_uri", ""),
        to_uri=arguments.get("to_uri", ""),
        request_uri=arguments.get("request_uri", ""),
        sip_call_id=arguments.get("sip_call_id", ""),
        sip_headers={
            name.removeprefix("header_"): value
            for name, value in arguments.items()
            if name.startswith("header_")
        },
        capture=arguments.get("capture", ""),
        endpoint=channel.name.rpartition("-")[0],
        language=language,
        started_at=now,
    )
