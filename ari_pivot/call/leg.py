"""One channel, as Asterisk's events have left it."""

from dataclasses import dataclass, field

from ari_pivot.ari import events
from ari_pivot.ids import new_id

_PLAYBACKS = 8  # more than are ever under way on one channel


def playback_ids(channel: str) -> list[str]:
    """Return the ids that playbacks on a channel have, in turn."""
    return [f"{channel}-play-{n}" for n in range(_PLAYBACKS)]


#: What some events say of a channel, and no more.
_FLAGS: dict[type[events.Event], tuple[str, bool]] = {
    events.ChannelEnteredBridge: ("bridged", True),
    events.ChannelLeftBridge: ("bridged", False),
    events.ChannelTalkingStarted: ("speaks", True),
    events.ChannelTalkingFinished: ("speaks", False),
}


@dataclass(slots=True)
class Leg:
    """A channel: changed by events only, read by everyone.

    `digits` holds what was pressed and not yet taken; `playing` and `recording` the state of each
    playback and recording that somebody waits for.
    """

    id: str
    state: str = "Down"
    ended: bool = False  # gone, or no longer ours
    going: bool = False  # somebody asked for the end
    hung_up: bool = False  # the far end did
    speaks: bool = False  # known where Asterisk was asked to tell
    bridged: bool = False  # it is in a bridge
    refer_to: str = ""  # whom it has asked us to call in its place, by REFER
    away: bool = False  # in the dialplan, from where it comes back
    brought: list[str] = field(default_factory=list)  # what the dialplan gave it for that
    cause: int = 0
    sip: int = 0
    digits: list[str] = field(default_factory=list)
    entered: bool = False  # known for those we make: in our application, where they take commands
    early_media: bool = False  # … and that its network speaks before anybody answers
    playing: dict[str, str] = field(default_factory=dict)
    recording: dict[str, str] = field(default_factory=dict)
    plays: int = 0

    @property
    def up(self) -> bool:
        return self.state == "Up"

    def next_playback(self) -> str:
        """Return the id of the next playback: one of those that another process would guess."""
        self.plays += 1
        return playback_ids(self.id)[self.plays % _PLAYBACKS]

    def receive(self, event: events.Event) -> None:
        match event:
            case events.ChannelDtmfReceived():
                self.digits.append(event.digit)
            case events.PlaybackFinished(playback=told):
                _note(self.playing, told.id, told.state)
            case events.RecordingEvent(recording=made):
                _note(self.recording, made.name, made.state)
            case events.ChannelStateChange():
                self.state = event.channel.state
            case events.ChannelHangupRequest():
                self._go(event)
            case _ if type(event) in _FLAGS:
                setattr(self, *_FLAGS[type(event)])
            case events.StasisStart() if self.away:
                self.away, self.brought = False, event.args
            case events.StasisEnd():
                self.ended = self.ended or not self.away
            case events.ChannelDestroyed():
                self.ended = True
                self.cause = self.cause or event.cause  # at times it says 16 whatever it was
                self.sip = event.tech_cause or self.sip

    def _go(self, event: events.ChannelHangupRequest) -> None:
        self.going = True
        if not event.soft:  # a soft one is ours, and its cause is none of Q.850
            self.hung_up = True
            self.cause = event.cause or self.cause
        self.sip = event.tech_cause or self.sip
        self.ended = self.ended or self.away  # its channel may stay for long


def _note(waited_for: dict[str, str], name: str, state: str) -> None:
    if name in waited_for:
        waited_for[name] = state


#: What the ids of channels of our making begin with: nobody calls on these.
OWN = "leg-"
_FAR = ";2"  # what Asterisk puts behind them for the far half of a Local channel


def is_own(channel: str) -> bool:
    """Tell whether a channel is one of our making; a Local one's far half comes as a call."""
    return channel.startswith(OWN) and not channel.endswith(_FAR)


def near(channel: str) -> str:
    """Return the near half of a Local channel; any other channel is its own."""
    return channel.removesuffix(_FAR)


@dataclass(slots=True)
class OwnLeg(Leg):
    """A channel that we make; it takes commands once it has `entered` our application."""

    def receive(self, event: events.Event) -> None:
        match event:
            case events.StasisStart() if not self.away:
                self.entered = True
            case events.Dial():
                self.early_media = self.early_media or event.dialstatus == "PROGRESS"
            case events.ChannelTransfer() if not event.state:
                self.refer_to = event.refer_to.requested_destination.destination
            case events.StasisEnd() if self.going:
                pass  # it is followed by the event that says why
            case _:
                Leg.receive(self, event)  # a class with slots knows no bare super()


def own_leg() -> OwnLeg:
    """Return a leg for a channel that is yet to be made."""
    return OwnLeg(OWN + new_id())
