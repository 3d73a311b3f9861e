"""Bridges: who is in them hears the others, or waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.far import Ear, Sound
from ari_pivot.simulator.asterisk.playbacks import play
from ari_pivot.simulator.asterisk.recordings import record
from ari_pivot.simulator.asterisk.work import Turns

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_LEAVING = 0.002  # seconds; measured: half a millisecond to five
_TYPES = {"mixing", "holding", "dtmf_events", "proxy_media", "video_sfu", "video_single"}


@dataclass(slots=True, eq=False)
class Ears:
    """The ears of all who are in a bridge when a sound begins."""

    bridge: "Bridge"
    sounds: dict[Sound, list[tuple[Ear, Sound]]] = field(default_factory=dict)

    def begin(self, media: str) -> Sound:
        sound = Sound(media, self.bridge.asterisk.time())
        ears = [channel.ear for channel in self.bridge.channels]
        self.sounds[sound] = [(ear, ear.begin(media)) for ear in ears]
        return sound

    def end(self, sound: Sound, *, interrupted: bool) -> None:
        for ear, heard in self.sounds.pop(sound):
            ear.end(heard, interrupted=interrupted)

    def stop(self, kind: str) -> None:
        """End what goes on of a kind: nothing does here."""


@dataclass(slots=True, eq=False)
class Bridge:
    """A bridge and the channels in it, in the order they came; sounds can be played to all."""

    asterisk: "Asterisk"
    id: str
    name: str
    types: set[str]
    channels: list[Channel] = field(default_factory=list)
    going: bool = False
    language: str = "en"
    ear: Ears = field(init=False)
    turns: Turns = field(default_factory=lambda: Turns(lambda: None))
    recording: Turns = field(default_factory=lambda: Turns(lambda: None))

    def __post_init__(self) -> None:
        self.ear = Ears(self)

    @property
    def uri(self) -> str:
        return f"bridge:{self.id}"

    @property
    def dtmf_events(self) -> bool:
        """Whether keys pressed in it are told."""
        return "dtmf_events" in self.types

    def snapshot(self) -> dict[str, Any]:
        holding = "holding" in self.types
        return {
            "id": self.id,
            "technology": "holding_bridge" if holding else "simple_bridge",
            "bridge_type": "holding" if holding else "mixing",
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": self.name,
            "channels": [channel.id for channel in self.channels],
        }

    def add(self, channel: Channel) -> None:
        """Take a channel in, out of the bridge it is in."""
        if channel.bridge is self or channel.going:
            return
        if channel.bridge:
            channel.bridge.remove(channel)
        self.channels.append(channel)
        channel.bridge = self
        channel.emit("ChannelEnteredBridge", bridge=self.snapshot())
        if "holding" not in self.types and len(self.channels) > 1:
            for member in self.channels:
                member.far.bridged()

    def remove(self, channel: Channel) -> None:
        """Let a channel go."""
        if channel.bridge is self:
            self.channels.remove(channel)
            channel.bridge = None
            channel.emit("ChannelLeftBridge", bridge=self.snapshot())

    def destroy(self) -> None:
        """Let all channels go, a moment after the command is answered."""
        self.going = True
        self.turns.abandon()
        self.recording.abandon()
        self.asterisk.loop.call_later(_LEAVING if self.channels else 0.0, self._end)

    def _end(self) -> None:
        for channel in list(self.channels):
            self.remove(channel)
        self.asterisk.emit("BridgeDestroyed", bridge=self.snapshot())


@dataclass(slots=True, eq=False)
class Microphone:
    """What records a bridge: beside what is played to it, and always with somebody speaking."""

    asterisk: "Asterisk"
    uri: str
    ear: Ears
    turns: Turns
    going: bool = False
    language: str = "en"
    speaking: bool = True
    bridge: None = None

    def snapshot(self) -> dict[str, Any]:
        return {"name": "Recorder/ARI"}


def _create(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    bridge, types = params["bridgeId"], str(params.get("type") or "mixing").split(",")
    if bridge in asterisk.bridges:
        raise Refused(409, f"Bridge with id '{bridge}' already exists")
    if not _TYPES.issuperset(types):
        raise Refused(500, "Unable to create bridge")
    made = Bridge(asterisk, bridge, params.get("name") or "", set(types))
    asterisk.bridges[bridge] = made
    return 200, made.snapshot()


def _list(asterisk: "Asterisk", _: Mapping[str, Any]) -> Answer:
    return 200, [bridge.snapshot() for bridge in asterisk.bridges.values()]


def _get(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return 200, _find(asterisk, params).snapshot()


def _destroy(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    bridge = _find(asterisk, params)
    del asterisk.bridges[bridge.id]
    bridge.destroy()
    return None


def _play(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    return play(asterisk, _find(asterisk, params), params)


def _record(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    bridge = _find(asterisk, params)
    microphone = Microphone(asterisk, bridge.uri, bridge.ear, bridge.recording)
    return record(asterisk, microphone, params)


def _add(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    bridge, answer = _find(asterisk, params), None
    for channel in _channels(asterisk, params):
        answer = channel.turns.order(partial(bridge.add, channel)) or answer
    return answer


def _remove(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    bridge, answer = _find(asterisk, params), None
    for channel in _channels(asterisk, params):
        if channel.bridge is not bridge:
            raise Refused(422, "Channel not in this bridge")
        answer = channel.turns.order(partial(bridge.remove, channel)) or answer
    return answer


def _channels(asterisk: "Asterisk", params: Mapping[str, Any]) -> list[Channel]:
    named = params["channel"]
    channels = []
    for channel in named.split(",") if isinstance(named, str) else named:
        found = asterisk.channels.get(channel)
        if found is None:
            raise Refused(400, "Channel not found")
        if not found.in_app:
            raise Refused(409, "Channel not in Stasis application")
        channels.append(found)
    return channels


def _find(asterisk: "Asterisk", params: Mapping[str, Any]) -> Bridge:
    bridge = asterisk.bridges.get(params["bridgeId"])
    if bridge is None:
        raise Refused(404, "Bridge not found")
    return bridge


OPERATIONS = {
    "bridges.createWithId": _create,
    "bridges.list": _list,
    "bridges.get": _get,
    "bridges.destroy": _destroy,
    "bridges.playWithId": _play,
    "bridges.record": _record,
    "bridges.addChannel": _add,
    "bridges.removeChannel": _remove,
}
