"""The operations of the Asterisk REST Interface that we use, named as its own documents name them.

Source: the `rest-api` declarations of Asterisk 22 (`resource.nickname`).
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `repeatable` says that doing it twice does no harm.

    What creates something is repeatable because every id is ours: the second try gets a 409, or
    there is `proof` of the first.
    """

    resource: str
    nickname: str
    method: str
    path: str
    repeatable: bool = True
    body: str = ""  # the parameter that is the whole body, not one of its members
    proof: "Operation | None" = None  # what shows that it was done, where Asterisk does it twice

    @property
    def name(self) -> str:
        return f"{self.resource}.{self.nickname}"

    def uri(self, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the path with its ids filled in, and the parameters that are left."""
        path, rest = self.path, {}
        for name, value in params.items():
            slot = f"{{{name}}}"
            if slot in path:
                path = path.replace(slot, quote(str(value), safe=""))
            elif value is not None:
                rest[name] = value
        return path, rest[self.body] if self.body else rest


INFO = Operation("asterisk", "getInfo", "GET", "asterisk/info")
MODULES = Operation("asterisk", "listModules", "GET", "asterisk/modules")
FILTER = Operation(
    "applications", "filter", "PUT", "applications/{applicationName}/eventFilter", body="filter"
)
APPLICATION = Operation("applications", "get", "GET", "applications/{applicationName}")
SUBSCRIBE = Operation(
    "applications", "subscribe", "POST", "applications/{applicationName}/subscription"
)

CHANNELS = Operation("channels", "list", "GET", "channels")
CHANNEL = Operation("channels", "get", "GET", "channels/{channelId}")
ORIGINATE = Operation("channels", "originateWithId", "POST", "channels/{channelId}")
CREATE = Operation("channels", "create", "POST", "channels/create")
DIAL = Operation("channels", "dial", "POST", "channels/{channelId}/dial")
ANSWER = Operation("channels", "answer", "POST", "channels/{channelId}/answer")
RING = Operation("channels", "ring", "POST", "channels/{channelId}/ring")
RING_STOP = Operation("channels", "ringStop", "DELETE", "channels/{channelId}/ring")
PROGRESS = Operation("channels", "progress", "POST", "channels/{channelId}/progress")
TRANSFER_PROGRESS = Operation(
    "channels", "transfer_progress", "POST", "channels/{channelId}/transfer_progress"
)
HANGUP = Operation("channels", "hangup", "DELETE", "channels/{channelId}")
CONTINUE = Operation("channels", "continueInDialplan", "POST", "channels/{channelId}/continue")
PLAYBACK = Operation("playbacks", "get", "GET", "playbacks/{playbackId}")
PLAY = Operation(
    "channels", "playWithId", "POST", "channels/{channelId}/play/{playbackId}", proof=PLAYBACK
)
SEND_DTMF = Operation("channels", "sendDTMF", "POST", "channels/{channelId}/dtmf", repeatable=False)
RECORD = Operation("channels", "record", "POST", "channels/{channelId}/record")
SNOOP = Operation("channels", "snoopChannelWithId", "POST", "channels/{channelId}/snoop/{snoopId}")
MOVE = Operation("channels", "move", "POST", "channels/{channelId}/move")
START_MOH = Operation("channels", "startMoh", "POST", "channels/{channelId}/moh")
STOP_MOH = Operation("channels", "stopMoh", "DELETE", "channels/{channelId}/moh")
MUTE = Operation("channels", "mute", "POST", "channels/{channelId}/mute")
UNMUTE = Operation("channels", "unmute", "DELETE", "channels/{channelId}/mute")
GET_VARIABLE = Operation("channels", "getChannelVar", "GET", "channels/{channelId}/variable")
SET_VARIABLE = Operation("channels", "setChannelVar", "POST", "channels/{channelId}/variable")

CONTROL_PLAYBACK = Operation(
    "playbacks", "control", "POST", "playbacks/{playbackId}/control", repeatable=False
)
STOP_PLAYBACK = Operation("playbacks", "stop", "DELETE", "playbacks/{playbackId}")

RECORDING = Operation("recordings", "getLive", "GET", "recordings/live/{recordingName}")
STOP_RECORDING = Operation("recordings", "stop", "POST", "recordings/live/{recordingName}/stop")
MUTE_RECORDING = Operation("recordings", "mute", "POST", "recordings/live/{recordingName}/mute")
UNMUTE_RECORDING = Operation(
    "recordings", "unmute", "DELETE", "recordings/live/{recordingName}/mute"
)
STORED_RECORDING = Operation("recordings", "getStored", "GET", "recordings/stored/{recordingName}")
DELETE_RECORDING = Operation(
    "recordings", "deleteStored", "DELETE", "recordings/stored/{recordingName}"
)

BRIDGES = Operation("bridges", "list", "GET", "bridges")
CREATE_BRIDGE = Operation("bridges", "createWithId", "POST", "bridges/{bridgeId}")
DESTROY_BRIDGE = Operation("bridges", "destroy", "DELETE", "bridges/{bridgeId}")
ADD_CHANNEL = Operation("bridges", "addChannel", "POST", "bridges/{bridgeId}/addChannel")
REMOVE_CHANNEL = Operation("bridges", "removeChannel", "POST", "bridges/{bridgeId}/removeChannel")
PLAY_TO_BRIDGE = Operation(
    "bridges", "playWithId", "POST", "bridges/{bridgeId}/play/{playbackId}", proof=PLAYBACK
)

MAILBOX = Operation("mailboxes", "update", "PUT", "mailboxes/{mailboxName}")
RECORD_BRIDGE = Operation("bridges", "record", "POST", "bridges/{bridgeId}/record")

SOUND = Operation("sounds", "get", "GET", "sounds/{soundId}")

DEVICE_STATES = Operation("deviceStates", "list", "GET", "deviceStates")
DEVICE_STATE = Operation("deviceStates", "get", "GET", "deviceStates/{deviceName}")
SET_DEVICE_STATE = Operation("deviceStates", "update", "PUT", "deviceStates/{deviceName}")
FORGET_DEVICE_STATE = Operation("deviceStates", "delete", "DELETE", "deviceStates/{deviceName}")
