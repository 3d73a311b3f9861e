"""What is heard of a member of a conference, and what the member hears."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ari_pivot.ari.operations import MUTE, SET_VARIABLE, UNMUTE
from ari_pivot.call.call import Call

if TYPE_CHECKING:
    from ari_pivot.call.conference import Member

#: What the member says, and what the member hears, as Asterisk's VOLUME function has it.
Direction = Literal["RX", "TX"]
LOUDEST = 4  # steps from the volume as it is. Source: FreeSWITCH, switch_change_sln_volume


@dataclass(slots=True)
class Voice:
    """How the member's channel is set in Asterisk: the `quiet` direction, and steps of volume."""

    call: Call
    member: "Member"
    quiet: str = ""  # in, out, both
    steps: dict[Direction, int] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether the directions that are to be silent are."""
        return self._wanted() == self.quiet

    async def settle(self) -> None:
        """Mute the member, or let them be heard again, where that has changed."""
        wanted = self._wanted()
        if self.settled:
            return
        if self.quiet:
            await self.call.send(UNMUTE, direction=self.quiet)
        if wanted:
            await self.call.send(MUTE, direction=wanted)
        self.quiet = wanted

    async def turn(self, direction: Direction, by: int) -> None:
        """Make one direction louder by a step, or less loud; by 0, as it was.

        Raises AsteriskError, CallEnded.
        """
        step = max(-LOUDEST, min(LOUDEST, self.steps.get(direction, 0) + by)) if by else 0
        if step != self.steps.get(direction, 0):
            volume = str(factor(step))
            await self.call.send(SET_VARIABLE, variable=f"VOLUME({direction})", value=volume)
            self.steps[direction] = step

    async def restore(self) -> None:
        """Have the channel as it was before. Raises AsteriskError."""
        if self.quiet:
            await self.call.ari.send(UNMUTE, channelId=self.call.caller.id, direction=self.quiet)
            self.quiet = ""
        for direction in list(self.steps):
            await self.turn(direction, 0)

    def _wanted(self) -> str:
        muted = self.member.muted or bool(self.member.plan.coaches)
        return ("both" if muted else "out") if self.member.deaf else ("in" if muted else "")


def factor(step: int) -> int:
    """Return a step as VOLUME has it: twice or three times as loud, half as loud; 0 as usual."""
    return step + (step > 0) - (step < 0)
