"""What has been recorded."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk


def _get_stored(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return 200, {"name": _stored(asterisk, params), "format": "wav"}


def _delete_stored(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    del asterisk.sounds.recordings[_stored(asterisk, params)]
    return None


def _stored(asterisk: "Asterisk", params: Mapping[str, Any]) -> str:
    name = str(params["recordingName"])
    if name not in asterisk.sounds.recordings:
        raise Refused(404, "Recording not found")
    return name


OPERATIONS = {
    "recordings.getStored": _get_stored,
    "recordings.deleteStored": _delete_stored,
}
