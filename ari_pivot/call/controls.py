"""What members of a conference do by keys. Source: FreeSWITCH, mod_conference, caller-controls."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ari_pivot.call.attendance import Keys
from ari_pivot.call.conference import Conference, Member
from ari_pivot.call.play import play
from ari_pivot.call.voice import Voice
from ari_pivot.errors import AsteriskError


@dataclass(slots=True)
class Controls:
    """Takes the keys that a member presses."""

    conference: Conference
    member: Member
    voice: Voice
    keys: Keys
    taken: int = 0  # of the keys pressed
    pressed: str = ""  # the beginning of several
    leaves: bool = False

    @property
    def waiting(self) -> bool:
        """Whether there are keys that have not been taken."""
        return bool(self.keys.actions) and len(self.member.call.caller.digits) > self.taken

    async def obey(self) -> None:
        """Do what the keys ask for, one after the other; a command that is refused is noted."""
        while self.waiting and not self.leaves:
            self.pressed += self.member.call.caller.digits[self.taken]
            self.taken += 1
            action = self.keys.actions.get(self.pressed)
            if action or not any(keys.startswith(self.pressed) for keys in self.keys.actions):
                self.pressed = ""
            if action:
                try:
                    await self._do(action)
                except AsteriskError as error:
                    self.member.call.warn(error)

    async def _do(self, action: str) -> None:
        """Do one thing; what else FreeSWITCH's keys may ask for is not to be had here."""
        member, turn = self.member, self.voice.turn
        deeds: dict[str, Callable[[], Awaitable[None]]] = {
            "mute": lambda: self._mute(muted=not member.muted),
            "mute on": lambda: self._mute(muted=True),
            "mute off": lambda: self._mute(muted=False),
            "deaf mute": lambda: self._mute(muted=not member.muted, deaf=not member.muted),
            "vol talk up": lambda: turn("RX", 1),
            "vol talk zero": lambda: turn("RX", 0),
            "vol talk dn": lambda: turn("RX", -1),
            "vol listen up": lambda: turn("TX", 1),
            "vol listen zero": lambda: turn("TX", 0),
            "vol listen dn": lambda: turn("TX", -1),
            "hangup": self._leave,
        }
        if deed := deeds.get(action):
            await deed()

    async def _mute(self, *, muted: bool, deaf: bool = False) -> None:
        self.member.deaf = deaf
        self.conference.mute(self.member, muted=muted)
        sound = self.keys.muted if muted else self.keys.unmuted
        if self.member.inside:
            await self.voice.settle()
            if sound and not deaf:
                await play(self.member.call, sound)

    async def _leave(self) -> None:
        self.leaves = True
