"""Telephones that transfer by themselves, by SIP's REFER.

Asterisk puts a channel of its own in the place of who has transferred: one half of a Local channel,
whose other half goes to the new number through the dialplan, or speaks in another conversation.
"""

from collections.abc import Mapping

from ari_pivot.ari.events import StasisStart
from ari_pivot.call.call import Call
from ari_pivot.call.consult import join
from ari_pivot.call.conversation import Conversation
from ari_pivot.call.dialled import Attempt, Progress, Target
from ari_pivot.call.leg import Leg
from ari_pivot.call.legs_told import telling
from ari_pivot.call.line import Line


def replaces(lines: Mapping[str, Line], event: StasisStart) -> bool:
    """Tell whether a channel takes the place of one that speaks; if so, it speaks on with it."""
    old = event.replace_channel
    call = lines.get(old.id) if old else None
    if old is None or not isinstance(call, Call):
        return False
    attempts = (part for part in call.parts.values() if isinstance(part, Attempt))
    talk = next((one.talk for one in attempts if one.talk and one.status is None), None)
    if talk is None or talk.between:
        return False
    new = _attempt(talk.call, event)
    if old.id == talk.attempt.id:
        talk.attempt.taken = new
    else:
        talk.between = lambda: _leave(talk, new)
    talk.call.wake()
    return True


def _attempt(call: Call, event: StasisStart) -> Attempt:
    channel = event.channel
    target = Target(channel.name, name=channel.dialplan.exten)
    leg = Leg(
        channel.id, channel.state
    )  # Asterisk tells no more of its end than that it has left us
    made = Attempt(target, call.clock, telling(call, lambda *_: None), leg=leg)
    call.join(made)
    for step in (Progress.INITIATED, Progress.ANSWERED):
        made.step(step)
    return made


async def _leave(talk: Conversation, new: Attempt) -> None:
    """Let who has answered speak on with who has taken the caller's place; the caller is done."""
    await join(talk, new, new.target.name)
    await talk.hang_up_caller()
