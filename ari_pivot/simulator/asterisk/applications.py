"""Commands about Asterisk itself, the application and its sounds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk


def _info(_: "Asterisk", __: Mapping[str, Any]) -> Answer:
    return 200, {
        "system": {"version": "22.10.1", "entity_id": "simulator"},
        "config": {"name": "simulator", "default_language": "en"},
    }


def _application(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    if params["applicationName"] != asterisk.app:
        raise Refused(404, "Application not found")
    return 200, {
        "name": asterisk.app,
        "channel_ids": [name for name, channel in asterisk.channels.items() if channel.in_app],
        "bridge_ids": list(asterisk.bridges),
        "endpoint_ids": [],
        "device_names": [],
        "events_allowed": [],
        "events_disallowed": [{"type": kind} for kind in sorted(asterisk.unwanted)],
    }


def _filter(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    unwanted = params["filter"].get("disallowed", [])
    answer = _application(asterisk, params)
    asterisk.unwanted = {event["type"] for event in unwanted}
    return answer


def _subscribe(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    answer = _application(asterisk, params)
    for source in str(params.get("eventSource") or "").split(","):
        kind, _, name = source.partition(":")
        if kind == "channel" and name in asterisk.channels:
            asterisk.channels[name].watched = True
        elif kind != "bridge" or name not in asterisk.bridges:
            raise Refused(422, "Event source does not exist")
    return answer


def _sound(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    name = params["soundId"]
    if asterisk.sounds.length(f"sound:{name}") is None:
        raise Refused(404, "Sound not found")
    return 200, {"id": name, "formats": [{"language": "en", "format": "gsm"}]}


OPERATIONS = {
    "asterisk.getInfo": _info,
    "applications.get": _application,
    "applications.filter": _filter,
    "applications.subscribe": _subscribe,
    "sounds.get": _sound,
}
