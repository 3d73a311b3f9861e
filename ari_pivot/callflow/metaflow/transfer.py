"""transfer: let the other one's call be one to another number."""

from typing import Literal

from pydantic import Field

from ari_pivot.callflow.after import moved
from ari_pivot.callflow.directory import directory_of, unknown
from ari_pivot.callflow.metaflow.command import Command, Pressed

_NO_MATCH = "no_match"


class Transfer(Command):
    """To `target`, else what the pattern has captured; who has pressed the keys is hung up.

    `leg` self transfers who has pressed the keys. An attended transfer is done as a blind one.
    Source: KAZOO, konami_transfer.
    """

    captures: list[str] = Field(default_factory=lambda: [_NO_MATCH])
    leg: str = ""
    target: str = ""
    transfer_type: Literal["attended", "blind"] = "blind"

    async def run(self, pressed: Pressed) -> None:
        call, talk = pressed.talk.call, pressed.talk
        captured = next((one for one in self.captures if one != _NO_MATCH), pressed.capture)
        number = self.target or captured
        goes = pressed.leg if self.leg == "self" else pressed.peer
        if goes is call.caller:
            pressed.then = moved(call, number)
            talk.end("transfer")
            return
        number = directory_of(call).normal(number)
        if directory_of(call).find(number) is None:
            raise unknown("callflow for", number)
        await talk.give_away(number)
        await talk.hang_up_caller()
