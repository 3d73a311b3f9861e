"""The end of a call: what is known of it once it is over."""

from ari_pivot.call import causes
from ari_pivot.call.call import Call

_CAUSE = 2.0  # seconds in which a channel's cause follows its end


async def settle(call: Call) -> None:
    """Complete the facts of an ended call: when, by whom, why, and what its SIP side was told."""
    facts, leg = call.facts, call.caller
    if call.ended and not facts.given_back:
        await call.until(lambda: leg.destroyed, _CAUSE, beyond=True)
    facts.ended_at = facts.ended_at or call.clock()
    facts.ended_by = facts.ended_by or ("caller" if leg.hung_up else "asterisk")
    facts.cause = leg.cause or 16
    if leg.sip:
        facts.sip = leg.sip
    elif facts.answered_at is not None:
        facts.sip = 200
    elif facts.ended_by == "caller":
        facts.sip = 487
    elif not facts.given_back:
        facts.sip = causes.TO_SIP.get(facts.cause, 603)
