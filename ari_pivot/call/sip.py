"""What the other side of a dialled SIP leg has said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ari_pivot.ari.operations import GET_VARIABLE
from ari_pivot.call.call import Call
from ari_pivot.errors import AsteriskError

_MOST = 20  # headers


@dataclass(slots=True)
class SipAnswer:
    """The Call-ID of a leg, and the `X-` headers of the 200 that answered it; empty if unknown."""

    call_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


async def sip_answer(call: Call, channel: str, *, answered: bool) -> SipAnswer:
    """Ask Asterisk; what a leg that is gone, or is not SIP, does not tell is left empty."""
    call_id = await _variable(call, channel, "CHANNEL(pjsip,call-id)")
    if not (call_id and answered):
        return SipAnswer(call_id)
    names = (await _variable(call, channel, "PJSIP_RESPONSE_HEADERS(X-)")).split(",")
    return SipAnswer(
        call_id,
        {
            name: await _variable(call, channel, f"PJSIP_RESPONSE_HEADER(read,{name})")
            for name in names[:_MOST]
            if name
        },
    )


async def _variable(call: Call, channel: str, name: str) -> str:
    try:
        return str((await call.ari.send(GET_VARIABLE, channelId=channel, variable=name))["value"])
    except AsteriskError:
        return ""
