"""A channel: its state, what it tells the application, and its end."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk import causes
from ari_pivot.simulator.asterisk.far import Ear, FarEnd
from ari_pivot.simulator.asterisk.work import Turns

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.bridges import Bridge
    from ari_pivot.simulator.asterisk.core import Asterisk

_SOFT = 32  # what a ChannelHangupRequest of Asterisk's own says instead of a cause: a flag
RINGING, MOH, KEYS = "ringing:", "moh:", "dtmf:"  # sounds that have no media URI


class Channel:
    """A channel with `far` at its far end; `facts` are what every event says of it but its state.

    `watched` are those whose destruction the application hears of: those that it made or has
    subscribed to.
    """

    __slots__ = (
        "_destination", "_facts", "asterisk", "bridge", "cause", "ear", "far", "going", "id",
        "in_app", "language", "muted", "snoops", "speaking", "state", "turns", "variables",
        "watched",
    )  # fmt: skip

    def __init__(
        self, asterisk: "Asterisk", far: FarEnd, facts: dict[str, Any], state: str
    ) -> None:
        self.id: str = facts["id"]
        self.language: str = facts["language"]
        self.asterisk = asterisk
        self.far = far
        self.state = state
        self.watched = False
        self.in_app = False
        self.going = False
        self.speaking = False
        self.cause = causes.NORMAL
        self.bridge: Bridge | None = None
        self.muted: set[str] = set()  # directions: what it says is "in", what it hears "out"
        self.snoops: list[Channel] = []
        self.variables: dict[str, str] = {}
        self.turns = Turns(self._idle)
        self.ear = Ear(far, asterisk.time)
        self._facts = facts
        self._destination: Mapping[str, Any] | None = None

    @property
    def up(self) -> bool:
        return self.state == "Up"

    @property
    def leaving(self) -> bool:
        """Whether its bridge was destroyed a moment ago: what is played to it now is lost."""
        return self.bridge is not None and self.bridge.going

    @property
    def uri(self) -> str:
        return f"channel:{self.id}"

    def snapshot(self) -> dict[str, Any]:
        return self._facts | {"state": self.state}

    def emit(self, kind: str, **details: Any) -> None:
        """Send an event about this channel, if the application hears of it."""
        if self.in_app or self.watched:
            self.asterisk.emit(kind, channel=self.snapshot(), **details)

    def enter(self, args: list[str]) -> None:
        """Come under the application's control."""
        self.in_app = True
        self.emit("StasisStart", args=args)

    def move(self, args: list[str]) -> None:
        """Leave the application and come again, out of its bridge."""
        if self.bridge:
            self.bridge.remove(self)
        self.emit("StasisEnd")
        self.enter(args)

    def change(self, state: str) -> None:
        self.state = state
        self.emit("ChannelStateChange")

    def answer(self) -> None:
        """Answer a caller."""
        if not self.up:
            self.ear.stop(RINGING)
            self.change("Up")
            self.far.answered()

    def press(self, digit: str, duration: float) -> None:
        """Let the far end release a key that it held for `duration` seconds."""
        if self.bridge is None or self.bridge.dtmf_events:
            self.emit("ChannelDtmfReceived", digit=digit, duration_ms=round(duration * 1000))
        if work := self.turns.current:
            work.key(digit)

    def speak(self, *, speaking: bool) -> None:
        """Let the far end begin or end to speak."""
        self.speaking = speaking
        if "TALK_DETECT(set)" in self.variables:
            self.emit("ChannelTalkingStarted" if speaking else "ChannelTalkingFinished")
        if work := self.turns.current:
            work.voice()
        for snoop in self.snoops:
            snoop.speak(speaking=speaking)

    def hang_up(self, cause: int) -> None:
        """End it from this side."""
        self._end(cause, {"cause": _SOFT, "soft": True})

    def leave(self) -> None:
        """Let the far end hang up, or give up before an answer."""
        if self.up:
            self._end(causes.NORMAL, {"cause": causes.NORMAL} if self.bridge else {})
        else:
            refusal = {"cause": causes.INTERWORKING, "tech_cause": causes.CANCELLED}
            self._end(causes.INTERWORKING, refusal)

    def vanish(self) -> None:
        """End it without anybody having asked for that."""
        if not self.going:
            self.going = True
            self._gone(0)

    def go_on(self, destination: Mapping[str, Any]) -> None:
        """Go on in the dialplan, when all work is done."""
        self._destination = destination
        if self.turns.current is None:
            self.asterisk.loop.call_soon(self._idle)

    def _idle(self) -> None:
        if self._destination is None or self.going or not self.in_app:
            return
        if self.bridge:
            self.bridge.remove(self)
        destination, self._destination = self._destination, None
        self.emit("StasisEnd")
        self.in_app = False
        self.asterisk.dialplan(self, str(destination.get("context") or ""))

    def _end(self, cause: int, request: dict[str, Any]) -> None:
        if not self.going:
            self.going, self.cause = True, cause
            self.emit("ChannelHangupRequest", **request)
            self.asterisk.loop.call_soon(self._gone, request.get("tech_cause", 0))

    def _gone(self, refusal: int) -> None:
        self.turns.abandon()
        self.ear.stop_all()
        if self.bridge:
            self.bridge.remove(self)
        if self.in_app:
            self.emit("StasisEnd")
        if self.watched:
            self._destroyed(refusal)
        del self.asterisk.channels[self.id]
        self.far.gone(self.cause, self._told(refusal))
        for snoop in self.snoops:
            snoop.vanish()

    def _destroyed(self, refusal: int) -> None:
        status = refusal or (causes.told(self.cause) if self.cause != causes.NORMAL else 0)
        details = {"tech_cause": status} if status else {}
        self.emit(
            "ChannelDestroyed", cause=self.cause, cause_txt=causes.text(self.cause), **details
        )

    def _told(self, refusal: int) -> int:
        return causes.ANSWERED if self.up else refusal or causes.told(self.cause)
