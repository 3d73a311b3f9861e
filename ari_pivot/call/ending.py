"""The end of a call: what is known of it once it is over."""

import structlog

from ari_pivot.call import causes
from ari_pivot.call.call import Call
from ari_pivot.call.facts import Facts

log = structlog.get_logger()


def settle(call: Call) -> None:
    """Complete the facts of an ended call: when, by whom, why, and what its SIP side was told.

    Asterisk sends no cause for a caller who hangs up an answered call: that is a normal end.
    """
    facts, leg = call.facts, call.caller
    facts.ended_at = facts.ended_at or call.clock()
    facts.ended_by = facts.ended_by or ("caller" if leg.hung_up else "asterisk")
    facts.cause = facts.cause or leg.cause or 16
    if leg.sip:
        facts.sip = leg.sip
    elif facts.answered_at is not None:
        facts.sip = 200
    elif facts.ended_by == "caller":
        facts.sip = 487
    elif not facts.given_back:
        facts.sip = causes.TO_SIP.get(facts.cause, 603)


def log_end(facts: Facts) -> None:
    """Say in the log how a call has ended."""
    log.info(
        "call.ended",
        by=facts.ended_by,
        cause=facts.cause,
        sip=facts.sip,
        answered=facts.answered_at is not None,
        given_back=facts.given_back,
        seconds=round((facts.ended_at or facts.started_at) - facts.started_at, 3),
    )
