"""transfer: let the other one's call be one to another number."""

from typing import Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.consult import Consultation
from ari_pivot.callflow import media
from ari_pivot.callflow.after import moved
from ari_pivot.callflow.directory import Found, directory_of, look_up, redirect, unknown
from ari_pivot.callflow.metaflow.command import Command, Pressed, follow

_NO_MATCH = "no_match"


class Transfer(Command):
    """To `target`, else what the pattern has captured; who has pressed the keys is hung up.

    `leg` self transfers who has pressed the keys. Attended, who has pressed them speaks with the
    target first, while the other one hears `moh` or music, and transfers by hanging up; the keys
    `takeback_dtmf`, or the target's end, lead back. Source: KAZOO, konami_transfer.
    """

    captures: list[str] = Field(default_factory=lambda: [_NO_MATCH])
    leg: str = ""
    moh: str = ""
    takeback_dtmf: str = Field(default="*1", pattern=r"^[0-9*#]*$")
    target: str = ""
    transfer_type: Literal["attended", "blind"] = "blind"

    async def run(self, pressed: Pressed) -> None:
        call = pressed.talk.call
        captured = next((one for one in self.captures if one != _NO_MATCH), pressed.capture)
        number = directory_of(call).normal(self.target or captured)
        found = await look_up(call, number)
        if found is None:
            raise unknown("callflow for", number)
        if self.transfer_type == "attended":
            await self._attended(pressed, number, found)
        else:
            await self._blind(pressed, number)

    async def _blind(self, pressed: Pressed, number: str) -> None:
        call, talk = pressed.talk.call, pressed.talk
        goes = pressed.leg if self.leg == "self" else pressed.peer
        if goes is call.caller:
            pressed.go(await moved(call, number))
            talk.end("transfer")
            return
        await talk.give_away(number)
        await talk.hang_up_caller()

    async def _attended(self, pressed: Pressed, number: str, found: Found) -> None:
        call, talk = pressed.talk.call, pressed.talk

        async def ask(leg: Call) -> None:
            redirect(leg, number)
            await follow(leg, found.enter(leg))

        sound = media.endless(self.moh)
        consultation = Consultation(talk, pressed.by_caller, number, ask, self.takeback_dtmf, sound)

        async def consult() -> None:
            if not await consultation.run() and not call.ended:
                pressed.go(await moved(call, number))
                talk.end("transfer")

        await talk.interlude(consult)
