"""Switches that callers turn on and off, kept by Asterisk as device states.

A hint shows them on a lamp: `exten => *78,hint,Stasis:dnd-ID`. Asterisk keeps them over restarts.
"""

import re

from ari_pivot.ari.operations import (
    DEVICE_STATE,
    DEVICE_STATES,
    FORGET_DEVICE_STATE,
    SET_DEVICE_STATE,
)
from ari_pivot.call.call import Call
from ari_pivot.errors import AsteriskError

_OURS = "Stasis:"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.@+*#-]")
ON, OFF, UNSET = "INUSE", "NOT_INUSE", "UNKNOWN"  # the last is that of one never set


async def state(call: Call, name: str) -> str:
    """Return the state of a device `Stasis:NAME`; what cannot be asked was never set."""
    try:
        answer = await call.ari.send(DEVICE_STATE, deviceName=_device(name))
    except AsteriskError as error:
        call.warn(error)
        return UNSET
    return str(answer["state"])


async def states(call: Call) -> dict[str, str]:
    """Return the states of all devices `Stasis:NAME` by name; none where they cannot be asked."""
    try:
        answer = await call.ari.send(DEVICE_STATES)
    except AsteriskError as error:
        call.warn(error)
        return {}
    return {one["name"].removeprefix(_OURS): str(one["state"]) for one in answer}


async def set_state(call: Call, name: str, value: str) -> None:
    """Set the state of a device `Stasis:NAME`."""
    if value == UNSET:
        await call.ari.send(FORGET_DEVICE_STATE, deviceName=_device(name))
    else:
        await call.ari.send(SET_DEVICE_STATE, deviceName=_device(name), deviceState=value)


def safe(name: str) -> str:
    """Return a name as devices may have it."""
    return _UNSAFE.sub("_", name)


def _device(name: str) -> str:
    return f"{_OURS}{safe(name)}"
