"""A box with an Asterisk in memory: commands by their names, events as short lines."""

import json

from ari_pivot.ari.operations import Operation
from ari_pivot.simulator.asterisk.core import Asterisk
from ari_pivot.simulator.asterisk.far import FarEnd
from ari_pivot.simulator.asterisk.sounds import Sounds
from ari_pivot.simulator.parties import Parties
from ari_pivot.simulator.script import Party


class Listener(FarEnd):
    """Somebody who listens: `sounds` is what they heard, `end` how it ended."""

    def __init__(self):
        self.sounds = []
        self.answers = 0
        self.end = None

    def answered(self):
        self.answers += 1

    def hears(self, sound):
        self.sounds.append(sound)

    def gone(self, cause, sip):
        self.end = (cause, sip)


class Box(Asterisk):
    """Keeps every event; `do` sends a command."""

    def __init__(self, *, missing=(), directories=None, parties=None, **options):
        self.events = []
        self.dialled = Parties({name: Party(**party) for name, party in (parties or {}).items()})
        super().__init__(
            self.events.append,
            sounds=Sounds(directories, missing),
            parties=self.dialled.find,
            **options,
        )

    async def do(self, command, /, **params):
        resource, _, nickname = command.partition(".")
        status, body = await self.request(Operation(resource, nickname, "", ""), params)
        return status, json.loads(body) if body else None

    def comes_in(self, **details):
        """Let somebody call; return who listens and the channel's id."""
        listener = Listener()
        channel = self.call(listener, "+15551230001", "1000", name="Ann", **details)
        return listener, channel.id

    def told(self, *kinds):
        """Return the names of the events so far, with the state or cause that matters."""
        lines = [_line(event) for event in self.events]
        return [line for line in lines if not kinds or line.split()[0] in kinds]


_DETAILS = {
    "ChannelStateChange": lambda event: event.channel.state,
    "PlaybackStarted": lambda event: f"{event.playback.id} {event.playback.state}",
    "PlaybackFinished": lambda event: f"{event.playback.id} {event.playback.state}",
    "ChannelHangupRequest": lambda event: (
        f"{event.cause}{' soft' if event.soft else ''} {event.tech_cause}"
    ),
    "ChannelDestroyed": lambda event: f"{event.cause} {event.tech_cause}",
    "ChannelDtmfReceived": lambda event: event.digit,
    "Dial": lambda event: event.dialstatus,
    "RecordingStarted": lambda event: event.recording.name,
    "RecordingFinished": lambda event: event.recording.name,
    "RecordingFailed": lambda event: event.recording.name,
    "ChannelEnteredBridge": lambda event: str(len(event.bridge.channels)),
    "ChannelLeftBridge": lambda event: str(len(event.bridge.channels)),
}


def _line(event):
    name = type(event).__name__
    if name == "Unknown":
        return event.type
    return f"{name} {_DETAILS[name](event)}".rstrip() if name in _DETAILS else name
