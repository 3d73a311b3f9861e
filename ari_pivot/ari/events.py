"""Asterisk's events: one class per event we act on, parsed in a microsecond."""

import msgspec


class Name(msgspec.Struct, frozen=True):
    name: str = ""
    number: str = ""


class Dialplan(msgspec.Struct, frozen=True):
    context: str = ""
    exten: str = ""
    priority: int = 0
    app_name: str = ""
    app_data: str = ""


class Channel(msgspec.Struct, frozen=True):
    id: str
    name: str = ""
    state: str = ""
    caller: Name = Name()
    connected: Name = Name()
    dialplan: Dialplan = Dialplan()
    language: str = ""
    creationtime: str = ""
    channelvars: dict[str, str] = {}


class Playback(msgspec.Struct, frozen=True):
    id: str
    state: str = ""
    target_uri: str = ""


class Recording(msgspec.Struct, frozen=True):
    name: str
    state: str = ""
    target_uri: str = ""
    cause: str = ""
    duration: int | None = None
    talking_duration: int | None = None
    silence_duration: int | None = None


class Bridge(msgspec.Struct, frozen=True):
    id: str
    channels: list[str] = []


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    @property
    def about(self) -> str:
        """The id of the channel or bridge that the event is about; empty for none."""
        return ""


class ChannelEvent(Event, frozen=True):
    channel: Channel

    @property
    def about(self) -> str:
        return self.channel.id


class StasisStart(ChannelEvent, frozen=True, tag="StasisStart"):
    args: list[str] = []
    timestamp: str = ""
    replace_channel: Channel | None = None


class StasisEnd(ChannelEvent, frozen=True, tag="StasisEnd"):
    pass


class ChannelStateChange(ChannelEvent, frozen=True, tag="ChannelStateChange"):
    pass


class ChannelHangupRequest(ChannelEvent, frozen=True, tag="ChannelHangupRequest"):
    cause: int = 0
    soft: bool = False
    tech_cause: int = 0


class ChannelDestroyed(ChannelEvent, frozen=True, tag="ChannelDestroyed"):
    cause: int = 0
    cause_txt: str = ""
    tech_cause: int = 0


class ChannelDtmfReceived(ChannelEvent, frozen=True, tag="ChannelDtmfReceived"):
    digit: str = ""
    duration_ms: int = 0


class ChannelHold(ChannelEvent, frozen=True, tag="ChannelHold"):
    pass


class ChannelUnhold(ChannelEvent, frozen=True, tag="ChannelUnhold"):
    pass


class ChannelTalkingStarted(ChannelEvent, frozen=True, tag="ChannelTalkingStarted"):
    pass


class ChannelTalkingFinished(ChannelEvent, frozen=True, tag="ChannelTalkingFinished"):
    pass


class ChannelEnteredBridge(ChannelEvent, frozen=True, tag="ChannelEnteredBridge"):
    bridge: Bridge | None = None


class ChannelLeftBridge(ChannelEvent, frozen=True, tag="ChannelLeftBridge"):
    bridge: Bridge | None = None


class Dial(Event, frozen=True, tag="Dial"):
    peer: Channel
    dialstatus: str = ""

    @property
    def about(self) -> str:
        return self.peer.id


class Destination(msgspec.Struct, frozen=True):
    destination: str = ""


class ReferTo(msgspec.Struct, frozen=True):
    requested_destination: Destination = Destination()


class ReferredBy(msgspec.Struct, frozen=True):
    source_channel: Channel


class ChannelTransfer(Event, frozen=True, tag="ChannelTransfer"):
    """A REFER, or with a `state` what we have said of one."""

    refer_to: ReferTo
    referred_by: ReferredBy
    state: str = ""

    @property
    def about(self) -> str:
        return self.referred_by.source_channel.id


class PlaybackEvent(Event, frozen=True):
    playback: Playback

    @property
    def about(self) -> str:
        return self.playback.target_uri.partition(":")[2]


class PlaybackStarted(PlaybackEvent, frozen=True, tag="PlaybackStarted"):
    pass


class PlaybackFinished(PlaybackEvent, frozen=True, tag="PlaybackFinished"):
    pass


class RecordingEvent(Event, frozen=True):
    recording: Recording

    @property
    def about(self) -> str:
        return self.recording.target_uri.partition(":")[2]


class RecordingStarted(RecordingEvent, frozen=True, tag="RecordingStarted"):
    pass


class RecordingFinished(RecordingEvent, frozen=True, tag="RecordingFinished"):
    pass


class RecordingFailed(RecordingEvent, frozen=True, tag="RecordingFailed"):
    pass


class BridgeDestroyed(Event, frozen=True, tag="BridgeDestroyed"):
    bridge: Bridge

    @property
    def about(self) -> str:
        return self.bridge.id


class ApplicationReplaced(Event, frozen=True, tag="ApplicationReplaced"):
    application: str = ""


class RESTResponse(Event, frozen=True, tag="RESTResponse"):
    """The answer to a command that went over the websocket."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


class Unknown(Event, frozen=True, tag=False):
    """An event we have no use for."""

    type: str = ""


_Known = (
    StasisStart | StasisEnd | ChannelStateChange | ChannelHangupRequest | ChannelDestroyed
    | ChannelDtmfReceived | ChannelHold | ChannelUnhold | ChannelEnteredBridge | ChannelLeftBridge
    | ChannelTalkingStarted | ChannelTalkingFinished | ChannelTransfer | Dial | PlaybackStarted
    | PlaybackFinished | RecordingStarted | RecordingFinished | RecordingFailed
    | BridgeDestroyed | ApplicationReplaced | RESTResponse
)  # fmt: skip

#: What Asterisk is told to leave out: dear in numbers, and of no use to us.
UNWANTED = ("ChannelVarset", "ChannelDialplan", "ChannelConnectedLine", "ChannelCallerId")

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(_Known)
_unknown = msgspec.json.Decoder(Unknown)


def parse(message: str | bytes) -> Event:
    """Parse one message of Asterisk; `Unknown` for types we have no class for.

    Raises msgspec.DecodeError for what is not JSON, msgspec.ValidationError for an event of a
    known type that lacks what it must have.
    """
    try:
        return _decoder.decode(message)
    except msgspec.ValidationError:
        unknown = _unknown.decode(message)
        if unknown.type in _types:
            raise
        return unknown


_types = {member.__name__ for member in _Known.__args__}
