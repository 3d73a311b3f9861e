"""Bridges: whoever is in one hears the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from ari_pivot.ari.events import BridgeDestroyed, Event, PlaybackFinished
from ari_pivot.ari.operations import (
    ADD_CHANNEL,
    CREATE_BRIDGE,
    DESTROY_BRIDGE,
    PLAY_TO_BRIDGE,
    REMOVE_CHANNEL,
)
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.leg import Leg
from ari_pivot.call.play import stop_playback
from ari_pivot.call.source import Source
from ari_pivot.errors import AsteriskError, CallEnded, MediaError

#: Two channels by themselves would be joined so closely that their keys are not told.
_TYPE = "mixing,dtmf_events"
_PLAYING = 3.0  # seconds that a sound for all may last
_OUT = {400, 404, 409, 422}  # what Asterisk answers of a leg that has gone by itself
_GOING = 2.0  # seconds in which the end of a channel follows the first refused command


@dataclass(slots=True)
class Bridge:
    """A bridge of Asterisk's, as its events have left it; `playing` is what is played to all.

    `inside` are the channels that were put in and not taken out.
    """

    id: str
    made: bool = False
    ended: bool = False
    inside: set[str] = field(default_factory=set)
    playing: set[str] = field(default_factory=set)

    def receive(self, event: Event) -> None:
        self.ended = self.ended or type(event) is BridgeDestroyed
        if type(event) is PlaybackFinished:
            self.playing.discard(event.playback.id)


@asynccontextmanager
async def bridge(call: Call) -> AsyncIterator[Bridge]:
    """Have a bridge for as long as it is needed; whoever is in it then is let go, not hung up.

    Raises AsteriskError where there is none to be had.
    """
    made = Bridge(new_id())
    call.join(made)
    try:
        await create(call, made)
        yield made
    finally:
        call.leave(made)
        await take_out(call, made, call.caller)
        await destroy(call, made)


async def create(call: Call, made: Bridge) -> None:
    """Have Asterisk make a bridge; raises AsteriskError."""
    await call.ari.send(CREATE_BRIDGE, bridgeId=made.id, type=_TYPE, name=call.app)
    made.made = True


async def play_to(call: Call, made: Bridge, sound: Source) -> None:
    """Play a short sound to everybody in a bridge; one that cannot be had is noted.

    It may be another call of those in the bridge that waits for its end.
    """
    playback = new_id()
    made.playing.add(playback)
    longest = min(getattr(sound, "seconds", None) or _PLAYING, _PLAYING)
    try:
        media = await call.media.get(call.media.meant(sound))
        await call.ari.send(PLAY_TO_BRIDGE, bridgeId=made.id, playbackId=playback, media=media)
        with suppress(CallEnded):
            await call.until(lambda: made.ended or playback not in made.playing, longest)
        if playback in made.playing and not made.ended:  # a tone never ends by itself
            await stop_playback(call, playback)
    except (MediaError, AsteriskError) as error:
        if not made.ended:
            call.warn(error)
    finally:
        made.playing.discard(playback)


async def add(call: Call, made: Bridge, leg: Leg) -> bool:
    """Put a leg into a bridge, once what is played to it is over; False when the leg is gone.

    Raises CallEnded, and AsteriskError for a refusal without such a reason.
    """
    try:
        await call.ari.send(ADD_CHANNEL, bridgeId=made.id, channel=leg.id)
        made.inside.add(leg.id)
    except AsteriskError as error:
        if error.status == 503 or not await call.until(lambda: leg.ended, _GOING):
            raise
    return not leg.ended


async def take_out(call: Call, made: Bridge, leg: Leg) -> None:
    """Take a leg out of a bridge, as it was before; one that is gone is out. Never raises.

    For every leg that something is played to afterwards: of one that is just leaving a destroyed
    bridge by itself, Asterisk may lose the playback, or be deaf for ten minutes.
    """
    if leg.ended or made.ended or leg.id not in made.inside:
        return
    made.inside.discard(leg.id)
    try:
        await call.ari.send(REMOVE_CHANNEL, bridgeId=made.id, channel=leg.id)
    except AsteriskError as error:
        if error.status not in _OUT:
            call.warn(error)


async def destroy(call: Call, made: Bridge) -> None:
    """Have Asterisk destroy a bridge; whoever is in it is let go. Never raises."""
    try:
        if not made.ended:
            await call.ari.send(DESTROY_BRIDGE, bridgeId=made.id)
    except AsteriskError as error:
        if error.status != 404:  # gone by itself, or never made
            call.warn(error)
