"""An Asterisk in memory: takes commands as its REST interface does, sends events as JSON text.

What it does where the documentation leaves it open was seen on a real Asterisk 22.10.1.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from ari_pivot.ari import events
from ari_pivot.ari.operations import Operation
from ari_pivot.errors import AsteriskUnavailable
from ari_pivot.simulator.asterisk import (
    applications,
    bridges,
    causes,
    channels,
    device_states,
    dialling,
    mailboxes,
    playbacks,
    recordings,
    snoops,
    stored,
)
from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.bridges import Bridge
from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.far import FarEnd
from ari_pivot.simulator.asterisk.playbacks import Playback
from ari_pivot.simulator.asterisk.recordings import Recorded, Recording
from ari_pivot.simulator.asterisk.sounds import Sounds

_encode = msgspec.json.Encoder().encode
_OK = 200  # SIP
_REFERRING = 1.0  # seconds from a REFER to what became of it
_UNBORN = {"Down", "Rsrvd", "Dialing"}  # states in which a channel takes few commands


def _nobody(_: str) -> FarEnd | None:
    return None


class Asterisk:
    """All channels, bridges and sounds; a link to send commands over (`ari.client.Link`).

    Commands are carried out one after the other, as over a websocket: one that waits for its
    channel holds up the rest. Events come after the answer to the command that caused them, with
    `events_first` before it: a real Asterisk does both. `epoch` is the time of the world when the
    loop's is 0.
    """

    def __init__(
        self,
        on_event: Callable[[events.Event], None],
        *,
        app: str = "pivot",
        sounds: Sounds | None = None,
        parties: Callable[[str], FarEnd | None] = _nobody,
        epoch: float = 0.0,
        events_first: bool = False,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.time = self.loop.time
        self.app = app
        self.on_event = on_event
        self.sounds = sounds or Sounds()
        self.parties = parties
        self.epoch = epoch
        self.events_first = events_first
        self.connected = True
        self.unwanted: set[str] = set()
        self.channels: dict[str, Channel] = {}
        self.playbacks: dict[str, Playback] = {}
        self.bridges: dict[str, Bridge] = {}
        self.recordings: dict[str, Recording] = {}
        self.recorded: list[Recorded] = []
        self.device_states: dict[str, str] = {}
        self.mailboxes: dict[str, tuple[int, int]] = {}  # new and saved messages
        self._numbers = itertools.count()
        self._pending: list[bytes] = []
        self._held_up: asyncio.Future[None] | None = None

    async def request(self, operation: Operation, params: Mapping[str, Any]) -> tuple[int, str]:
        """Carry out a command; raises AsteriskUnavailable while it is not `connected`."""
        while self._held_up:
            await asyncio.wait([self._held_up])
        if not self.connected:
            raise AsteriskUnavailable("the connection was lost", where=operation.name)
        answer = self._carry_out(operation.name, params)
        if isinstance(answer, asyncio.Future):
            await self._wait(answer)
            answer = None
        if self.events_first:
            await asyncio.sleep(0)
        if answer is None:
            return 204, ""
        return answer[0], _encode(answer[1]).decode()

    def _carry_out(self, name: str, params: Mapping[str, Any]) -> Answer:
        carry_out = _OPERATIONS.get(name)
        if carry_out is None:
            return 404, {"message": "Resource not found"}
        try:
            return carry_out(self, params)
        except Refused as refusal:
            return refusal.status, {"message": refusal.message}

    async def _wait(self, carried_out: "asyncio.Future[None]") -> None:
        self._held_up = carried_out
        carried_out.add_done_callback(self._go_ahead)
        await asyncio.shield(carried_out)

    def _go_ahead(self, _: object) -> None:
        self._held_up = None

    def emit(self, kind: str, **details: Any) -> None:
        """Send an event, unless nobody listens or it was asked to be left out."""
        if not self.connected or kind in self.unwanted:
            return
        event = {"type": kind, "timestamp": self._timestamp()}
        event |= details
        event |= {"asterisk_id": "simulator", "application": self.app}
        if not self._pending:
            self.loop.call_soon(self._deliver)
        self._pending.append(_encode(event))

    def _deliver(self) -> None:
        pending, self._pending = self._pending, []
        for text in pending:
            self.on_event(events.parse(text))

    def call(
        self, far: FarEnd, number: str, dialled: str, *, name: str = "", args: tuple[str, ...] = ()
    ) -> Channel:
        """Let a call come in, which the dialplan hands to the application with `args`."""
        identity = f"simulator-{int(self.epoch + self.time())}.{next(self._numbers)}"
        facts = self.facts(identity, "PJSIP/caller", number, name)
        facts["dialplan"] = {
            "context": "from-outside",
            "exten": dialled,
            "priority": 2,
            "app_name": "Stasis",
            "app_data": ",".join((self.app, *args)),
        }
        channel = Channel(self, far, facts, "Ring")
        self.channels[channel.id] = channel
        if self.connected:
            channel.enter(list(args))
        else:
            self.loop.call_soon(self.dialplan, channel)
        return channel

    def facts(self, identity: str, device: str, number: str, name: str) -> dict[str, Any]:
        """Return what every event says of a new channel."""
        return {
            "id": identity,
            "name": f"{device}-{next(self._numbers):08x}",
            "protocol_id": f"{identity}@simulator",
            "caller": {"name": name, "number": number},
            "connected": {"name": "", "number": ""},
            "accountcode": "",
            "dialplan": {
                "context": "from-outside",
                "exten": "s",
                "priority": 1,
                "app_name": "",
                "app_data": "",
            },
            "creationtime": self._timestamp(),
            "language": "en",
        }

    def dialplan(self, channel: Channel, context: str = "") -> None:
        """Go on behind the `Stasis` line: hang up, saying whether that is a failure.

        Another context is the one that sends a REFER and comes back with what became of it.
        """
        if context:
            self.loop.call_later(_REFERRING, _come_back, channel)
            return
        given_back = channel.variables.get("PIVOT_REASON") or not self.connected
        channel.hang_up(causes.FAILURE if given_back else causes.NORMAL)

    def channel(self, params: Mapping[str, Any]) -> Channel:
        """Return the channel a command is about; Refused where the application has no say."""
        channel = self.channels.get(params["channelId"])
        if channel is None:
            raise Refused(404, "Channel not found")
        if not channel.in_app:
            raise Refused(409, "Channel not in Stasis application")
        return channel

    def ready_channel(self, params: Mapping[str, Any]) -> Channel:
        """Return it, if it is more than created."""
        channel = self.channel(params)
        if channel.state in _UNBORN:
            raise Refused(412, "Channel in invalid state")
        return channel

    def _timestamp(self) -> str:
        return _timestamp(round(self.epoch + self.time(), 3))


def _come_back(channel: Channel) -> None:
    status = channel.far.referred(channel.variables["PIVOT_REFER_TO"])
    if not channel.going:
        success = status == _OK
        came = "SUCCESS" if success else "FAILURE" if status else "UNSUPPORTED"
        channel.enter([f"referred={came}", f"sip={0 if success else status}"])


@lru_cache(maxsize=1)  # most events are several at one moment
def _timestamp(seconds: float) -> str:
    now = datetime.fromtimestamp(seconds, UTC)
    return now.isoformat(timespec="milliseconds").replace("+00:00", "+0000")


_OPERATIONS: dict[str, Callable[[Asterisk, Mapping[str, Any]], Answer]] = {
    **applications.OPERATIONS,
    **channels.OPERATIONS,
    **dialling.OPERATIONS,
    **playbacks.OPERATIONS,
    **recordings.OPERATIONS,
    **stored.OPERATIONS,
    **bridges.OPERATIONS,
    **device_states.OPERATIONS,
    **mailboxes.OPERATIONS,
    **snoops.OPERATIONS,
}
