"""What a caller is told of a call that could not be made. Source: KAZOO, kz_call_response."""

from ari_pivot.call import causes
from ari_pivot.call.answer import NORMAL
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Source, Tone
from ari_pivot.callflow.hangup import hard_stop

_ROUNDS = 25
_BUSY = Tone("480+620/500,0/500", 1.0 * _ROUNDS)
_REORDER = Tone("480+620/250,0/250", 0.5 * _ROUNDS)
_AS_DIALLED = Prompt("fault-can_not_be_completed_as_dialed")

#: By cause: the SIP status, and what is heard before it.
_RESPONSES: dict[str, tuple[int, Source | None]] = {
    "UNALLOCATED_NUMBER": (404, _AS_DIALLED),
    "NO_ROUTE_TRANSIT_NET": (404, None),
    "NO_ROUTE_DESTINATION": (404, _AS_DIALLED),
    "NORMAL_CLEARING": (0, _REORDER),
    "USER_BUSY": (486, _BUSY),
    "NO_USER_RESPONSE": (408, _BUSY),
    "NO_ANSWER": (480, None),
    "SUBSCRIBER_ABSENT": (480, None),
    "NORMAL_UNSPECIFIED": (480, None),
    "CALL_REJECTED": (603, _BUSY),
    "NUMBER_CHANGED": (410, None),
    "EXCHANGE_ROUTING_ERROR": (483, None),
    "DESTINATION_OUT_OF_ORDER": (502, None),
    "INVALID_NUMBER_FORMAT": (484, None),
    "FACILITY_REJECTED": (510, None),
    "NORMAL_CIRCUIT_CONGESTION": (503, None),
    "NETWORK_OUT_OF_ORDER": (503, None),
    "NORMAL_TEMPORARY_FAILURE": (503, None),
    "SWITCH_CONGESTION": (503, None),
    "REQUESTED_CHAN_UNAVAIL": (503, None),
    "OUTGOING_CALL_BARRED": (403, None),
    "INCOMING_CALL_BARRED": (403, None),
    "BEARERCAPABILITY_NOTAUTH": (403, None),
    "BEARERCAPABILITY_NOTAVAIL": (403, None),
    "BEARERCAPABILITY_NOTIMPL": (488, None),
}


async def refuse(call: Call, cause: int, sip: int) -> None:
    """Let the caller hear what belongs to the end of a leg, and end the call with its SIP status.

    `cause` is Q.850. What it is named comes before the name of the status: that is passed on.
    """
    names = reversed(causes.names(cause, sip))
    known = (_RESPONSES[name] for name in names if name in _RESPONSES)
    status, sound = next(known, (0, None))
    if sound:
        await play(call, sound)
    told = causes.from_sip(status) if status else cause
    await hard_stop(call, NORMAL if call.caller.up else told)
