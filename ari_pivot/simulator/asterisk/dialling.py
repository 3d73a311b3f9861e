"""Making channels: calling somebody."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk import causes
from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.far import FarEnd

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_TIMEOUT = 30.0  # seconds, where the command says none


class Leg(Channel):
    """A channel that ARI made. `args` are those of StasisStart, if that waits for the answer."""

    __slots__ = ("_args", "_dialstring", "_timer")

    def __init__(
        self, asterisk: "Asterisk", far: FarEnd, facts: dict[str, Any], dialstring: str
    ) -> None:
        super().__init__(asterisk, far, facts, "Down")
        self.watched = True
        self._dialstring = dialstring
        self._args: list[str] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def dial(self, timeout: float, args: list[str] | None = None) -> None:
        """Call the far end for `timeout` seconds; negative ones are for ever."""
        self._args = args
        if timeout >= 0:
            self._timer = self.asterisk.loop.call_later(timeout, self.hang_up, causes.NO_ANSWER)
        self._dial_event("")
        self.far.dialled(self)

    def ring(self) -> None:
        """Let the far end's telephone ring."""
        if self.state == "Down" and not self.going:
            self.change("Ringing")
            self._dial_event("RINGING")

    def progress(self) -> None:
        """Let the far end's network speak before anybody answers."""
        self._dial_event("PROGRESS")

    def answer(self) -> None:
        """Let the far end answer."""
        if self.up or self.going:
            return
        self._still()
        self.change("Up")
        self._dial_event("ANSWER")
        if self._args is not None:
            self.enter(self._args)
        self.far.answered()

    def refuse(self, sip: int) -> None:
        """Let the far end refuse the call, with a SIP status."""
        cause = causes.of_refusal(sip)
        self._end(cause, {"cause": cause, "tech_cause": sip})

    def refer(self, to: str) -> None:
        """Let the far end send a REFER; Asterisk acts on one by itself unless it is told not to."""
        if self.variables.get("PJSIP_TRANSFER_HANDLING()") == "ari-only":
            self.transfer(to)
        else:
            self.leave()

    def transfer(self, to: str, **state: str) -> None:
        """Tell of a REFER, or of its `state`."""
        self.asterisk.emit(
            "ChannelTransfer",
            refer_to={"requested_destination": {"destination": to}},
            referred_by={"source_channel": self.snapshot()},
            **state,
        )

    def _told(self, refusal: int) -> int:
        return causes.ANSWERED if self.up else refusal or causes.CANCELLED

    def _end(self, cause: int, request: dict[str, Any]) -> None:
        self._still()
        super()._end(cause, request)
        if self._args is not None and not self.up:  # measured: only an originated one says so
            self._dial_event(_STATUS.get(self.cause, "NOANSWER"))

    def _still(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _dial_event(self, status: str) -> None:
        self.asterisk.emit(
            "Dial", peer=self.snapshot(), dialstatus=status, dialstring=self._dialstring
        )


_STATUS = {17: "BUSY", 34: "CONGESTION", 3: "CHANUNAVAIL", 20: "CHANUNAVAIL"}


def _create(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    leg = _make(asterisk, params)
    answer = leg.snapshot()
    leg.enter(_args(params))
    return 200, answer


def _dial(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    leg = asterisk.channel(params)
    if not isinstance(leg, Leg) or leg.state != "Down" or leg.going:
        raise Refused(409, "Channel is not in the 'Down' state")
    asterisk.loop.call_soon(leg.dial, float(params.get("timeout") or _TIMEOUT))
    return None


def _originate(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    leg = _make(asterisk, params)
    answer = leg.snapshot()
    timeout = float(params.get("timeout") or _TIMEOUT)
    asterisk.loop.call_soon(leg.dial, timeout, _args(params))
    return 200, answer


def _make(asterisk: "Asterisk", params: Mapping[str, Any]) -> Leg:
    endpoint, channel = str(params.get("endpoint") or ""), params["channelId"]
    if not endpoint:
        raise Refused(400, "Endpoint must be specified")
    technology, separator, resource = endpoint.partition("/")
    if not separator:
        raise Refused(400, "Invalid endpoint specified")
    if not params.get("app"):
        raise Refused(400, "Application or extension must be specified")
    if channel in asterisk.channels:
        raise Refused(409, "Channel with given unique ID already exists")
    far = asterisk.parties(endpoint)
    if far is None:
        raise Refused(500, "Allocation failed")
    name, number = _caller(str(params.get("callerId") or ""))
    facts = asterisk.facts(channel, f"{technology}/{resource.partition('/')[0]}", number, name)
    leg = Leg(asterisk, far, facts, resource)
    leg.variables.update(params.get("variables") or {})
    asterisk.channels[channel] = leg
    return leg


def _args(params: Mapping[str, Any]) -> list[str]:
    args = str(params.get("appArgs") or "")
    return args.split(",") if args else []


def _caller(caller_id: str) -> tuple[str, str]:
    """Return name and number of `"Ann" <123>`, `Ann <123>` or `123`."""
    name, bracket, number = caller_id.partition("<")
    if not bracket:
        return "", caller_id
    return name.strip().strip('"'), number.rstrip("> ")


def _transfer_progress(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    leg = asterisk.channel(params)
    if isinstance(leg, Leg):
        leg.transfer("", state=str(params.get("states")))
    return None


OPERATIONS = {
    "channels.transfer_progress": _transfer_progress,
    "channels.create": _create,
    "channels.dial": _dial,
    "channels.originateWithId": _originate,
}
