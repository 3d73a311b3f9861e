"""One channel, as Asterisk's events have left it."""

from dataclasses import dataclass, field

from ari_pivot.ari import events


@dataclass(slots=True)
class Leg:
    """A channel: changed by events only, read by everyone.

    `digits` holds what was pressed and not yet taken; `playing` the state of each playback that
    somebody waits for.
    """

    id: str
    state: str = "Down"
    ended: bool = False  # gone, or no longer ours
    going: bool = False  # somebody asked for the end
    hung_up: bool = False  # the far end did
    cause: int = 0
    sip: int = 0
    digits: list[str] = field(default_factory=list)
    playing: dict[str, str] = field(default_factory=dict)

    @property
    def up(self) -> bool:
        return self.state == "Up"

    def receive(self, event: events.Event) -> None:
        match event:
            case events.ChannelDtmfReceived():
                self.digits.append(event.digit)
            case events.PlaybackFinished():
                if event.playback.id in self.playing:
                    self.playing[event.playback.id] = event.playback.state
            case events.ChannelStateChange():
                self.state = event.channel.state
            case events.ChannelHangupRequest():
                self.going = True
                if not event.soft:  # a soft one is ours, and its cause is none of Q.850
                    self.hung_up = True
                    self.cause = event.cause or self.cause
                self.sip = event.tech_cause or self.sip
            case events.StasisEnd():
                self.ended = True
            case events.ChannelDestroyed():
                self.ended = True
                self.cause = event.cause or self.cause
                self.sip = event.tech_cause or self.sip
            case _:
                pass
