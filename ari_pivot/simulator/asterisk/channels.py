"""Commands about channels that are there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk import causes
from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.channel import MOH, RINGING, Channel

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk


def _list(asterisk: "Asterisk", _: Mapping[str, Any]) -> Answer:
    return 200, [channel.snapshot() for channel in asterisk.channels.values()]


def _get(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return 200, _any(asterisk, params).snapshot()


def _any(asterisk: "Asterisk", params: Mapping[str, Any], gone: str = "Channel") -> Channel:
    """Return a channel, whoever controls it."""
    channel = asterisk.channels.get(params["channelId"])
    if channel is None:
        raise Refused(404, f"{gone} not found")
    return channel


def _answer(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    return channel.turns.order(channel.answer)


def _ring(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.ready_channel(params).ear.start(RINGING)
    return None


def _ring_stop(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.ready_channel(params).ear.stop(RINGING)
    return None


def _progress(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.ready_channel(params)
    return None


def _start_moh(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    _stop_moh(asterisk, params)
    channel.ear.start(f"{MOH}{params.get('mohClass') or 'default'}")
    return None


def _stop_moh(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.ready_channel(params).ear.stop(MOH)
    return None


def _mute(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel, directions = _muting(asterisk, params)
    channel.muted |= directions
    return None


def _unmute(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel, directions = _muting(asterisk, params)
    channel.muted -= directions
    return None


def _muting(asterisk: "Asterisk", params: Mapping[str, Any]) -> tuple[Channel, set[str]]:
    direction = params.get("direction") or "both"
    if direction not in {"in", "out", "both"}:
        raise Refused(400, "Invalid direction specified")
    return asterisk.ready_channel(params), {"in", "out"} if direction == "both" else {direction}


def _hangup(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = _any(asterisk, params)
    reason, code = params.get("reason"), params.get("reason_code")
    if reason and code:
        raise Refused(400, "The reason and reason_code can't both be specified")
    if reason and reason not in causes.REASONS:
        raise Refused(400, "Invalid reason for hangup reason provided")
    if code and not str(code).isdigit():
        raise Refused(400, "Invalid reason for hangup reason code provided")
    channel.hang_up(causes.REASONS[reason] if reason else int(code or causes.NORMAL))
    return None


def _continue(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    channel.go_on({name: value for name, value in params.items() if name != "channelId"})
    return None


def _move(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    channel = asterisk.ready_channel(params)
    args = str(params.get("appArgs") or "")
    asterisk.loop.call_soon(channel.move, args.split(",") if args else [])
    return None


def _set_variable(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    name, value = params.get("variable"), params.get("value") or ""
    if not name:
        raise Refused(400, "Variable name is required")
    channel = asterisk.channel(params)
    return channel.turns.order(lambda: channel.variables.update({name: str(value)}))


def _get_variable(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    name = params.get("variable")
    if not name:
        raise Refused(400, "Variable name is required")
    channel = _any(asterisk, params, "Provided channel was")
    values = _functions(channel) | channel.variables
    if name in values:
        return 200, {"value": values[name]}
    if "(" in name:
        raise Refused(500, "Unable to read provided function")
    raise Refused(404, "Provided variable was not found")


def _functions(channel: Channel) -> dict[str, str]:
    """Return the dialplan functions there are, with their values."""
    facts = channel.snapshot()
    return {
        "CALLERID(num)": facts["caller"]["number"],
        "CALLERID(name)": facts["caller"]["name"],
        "CHANNEL(state)": channel.state,
        "CHANNEL(language)": channel.language,
        "CHANNEL(pjsip,call-id)": facts["protocol_id"],
    }


OPERATIONS = {
    "channels.list": _list,
    "channels.get": _get,
    "channels.answer": _answer,
    "channels.ring": _ring,
    "channels.ringStop": _ring_stop,
    "channels.progress": _progress,
    "channels.startMoh": _start_moh,
    "channels.stopMoh": _stop_moh,
    "channels.mute": _mute,
    "channels.unmute": _unmute,
    "channels.hangup": _hangup,
    "channels.continueInDialplan": _continue,
    "channels.move": _move,
    "channels.setChannelVar": _set_variable,
    "channels.getChannelVar": _get_variable,
}
