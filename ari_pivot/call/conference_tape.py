"""Recording a conference, from when two are together until it is over."""

from dataclasses import dataclass

from ari_pivot.ari.operations import RECORD_BRIDGE, STOP_RECORDING
from ari_pivot.call.call import Call
from ari_pivot.call.conference import Conference
from ari_pivot.call.record import begun, over, settings
from ari_pivot.call.recordings import Order
from ari_pivot.errors import AsteriskError

_LONGEST = 86_400.0  # seconds


@dataclass(slots=True)
class Tape:
    """A recording that goes on, on behalf of the `call` whose plan wants it."""

    call: Call
    order: Order
    made: bool = True


async def begin(conference: Conference) -> None:
    """Record the bridge, if somebody wants that and two are in it; a refusal is noted."""
    member = next((one for one in conference.members if one.plan.recorder), None)
    together = sum(one.inside for one in conference.members) > 1
    if conference.tape or not (together and member and member.plan.recorder):
        return
    call, recorder = member.call, member.plan.recorder
    order = recorder.order_for(call, conference)
    conference.tape = tape = Tape(call, order)
    begun(call, order)
    try:
        wanted = settings(order.names[0], _LONGEST)
        await call.ari.send(RECORD_BRIDGE, bridgeId=conference.bridge.id, **wanted)
    except AsteriskError as error:
        tape.made = False
        call.warn(error)
    else:
        await recorder.recording(call, order)


async def end(conference: Conference) -> None:
    """End the recording, if there is one, and hand it over; never raises."""
    tape = conference.tape
    if tape is None:
        return
    try:
        if tape.made:
            await tape.call.ari.send(STOP_RECORDING, recordingName=tape.order.names[0])
    except AsteriskError as error:
        if error.status != 404:  # over by itself
            tape.call.warn(error)
    over(tape.call, tape.order, made=tape.made)
