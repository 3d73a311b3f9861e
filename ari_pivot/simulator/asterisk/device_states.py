"""States of devices that applications control: `Stasis:NAME`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_OURS = "Stasis:"


def _list(asterisk: "Asterisk", _: Mapping[str, Any]) -> Answer:
    return 200, [{"name": name, "state": state} for name, state in asterisk.device_states.items()]


def _get(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    name = params["deviceName"]
    return 200, {"name": name, "state": asterisk.device_states.get(name, "UNKNOWN")}


def _update(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.device_states[_controlled(params)] = params["deviceState"]
    return None


def _delete(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    asterisk.device_states.pop(_controlled(params), None)
    return None


def _controlled(params: Mapping[str, Any]) -> str:
    name = str(params["deviceName"])
    if not name.startswith(_OURS):
        raise Refused(409, "Uncontrolled device specified")
    return name


OPERATIONS = {
    "deviceStates.list": _list,
    "deviceStates.get": _get,
    "deviceStates.update": _update,
    "deviceStates.delete": _delete,
}
