"""After a (re)connection to Asterisk: what calls have missed, and what nobody knows any more."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import structlog

from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import (
    APPLICATION,
    BRIDGES,
    CHANNELS,
    DESTROY_BRIDGE,
    HANGUP,
    PLAYBACK,
    RECORDING,
    STOP_PLAYBACK,
    Operation,
)
from ari_pivot.call.bridge import Bridge
from ari_pivot.call.dialled import Attempt
from ari_pivot.call.leg import Leg, OwnLeg, is_own, playback_ids
from ari_pivot.call.line import Line, Part
from ari_pivot.errors import AsteriskError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Box:
    """What there is in Asterisk: every channel with its state, and which of them are ours."""

    channels: dict[str, str]
    ours: set[str]
    bridges: set[str]


async def look(ari: Ari, app: str) -> Box:
    """Ask Asterisk what there is of our application; our bridges are those of its name."""
    channels = {one["id"]: one["state"] for one in await ari.send(CHANNELS)}
    bridges = {one["id"] for one in await ari.send(BRIDGES) if one.get("name") == app}
    ours = (await ari.send(APPLICATION, applicationName=app))["channel_ids"]
    return Box(channels, channels.keys() & ours, bridges)


async def catch_up(line: Line, parts: Sequence[Part], box: Box) -> None:
    """Tell a call or conference what it has missed of its parts, in Asterisk's words.

    The parts are those it had before Asterisk was asked.
    """
    for part in parts:
        for event in _missed(part, box):
            line.receive(event)
        leg = part.leg if isinstance(part, Attempt) else part
        if isinstance(leg, Leg) and not leg.ended:
            await _sounds(line, leg)


async def silence(ari: Ari, channel: str) -> None:
    """End what an earlier process has had played to a channel, or else all would wait for it."""
    for playback in playback_ids(channel):
        await _gone(ari, STOP_PLAYBACK, playbackId=playback)


async def clear(ari: Ari, box: Box, known: Container[str]) -> None:
    """End the channels and bridges an earlier process has made and left."""
    for channel in box.ours:
        if is_own(channel) and channel not in known:
            await _end(ari, HANGUP, channelId=channel)
    for bridge in box.bridges:
        if bridge not in known:
            await _end(ari, DESTROY_BRIDGE, bridgeId=bridge)


def _missed(part: Part, box: Box) -> list[events.Event]:
    if isinstance(part, Bridge):
        gone = part.made and part.id not in box.bridges
        return [events.BridgeDestroyed(events.Bridge(part.id))] if gone else []
    leg = part.leg if isinstance(part, Attempt) else part
    state = box.channels.get(part.id)
    channel = events.Channel(part.id, state=state or "Down")
    if isinstance(leg, OwnLeg) and not leg.entered:  # it may be on its way
        return [events.StasisStart(channel)] if part.id in box.ours else []
    if state is None:
        return [events.ChannelDestroyed(channel)]
    if part.id not in box.ours:
        return [events.StasisEnd(channel)]
    return [events.ChannelStateChange(channel)]


async def _sounds(line: Line, leg: Leg) -> None:
    """Tell of playbacks and recordings that are over."""
    target = f"channel:{leg.id}"
    for playback in list(leg.playing):
        if await _gone(line.ari, PLAYBACK, playbackId=playback):
            line.receive(events.PlaybackFinished(events.Playback(playback, "done", target)))
    for name in [name for name, state in leg.recording.items() if state == "recording"]:
        if await _gone(line.ari, RECORDING, recordingName=name):
            line.receive(events.RecordingFinished(events.Recording(name, "done", target)))


async def _gone(ari: Ari, operation: Operation, **params: str) -> bool:
    try:
        await ari.send(operation, **params)
    except AsteriskError as error:
        return error.status == 404
    return False


async def _end(ari: Ari, operation: Operation, **params: str) -> None:
    log.warning("asterisk.left_over", **params)
    await _gone(ari, operation, **params)
