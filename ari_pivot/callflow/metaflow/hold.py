"""hold: let the other one wait until a key is pressed."""

from pydantic import Field

from ari_pivot.call.legs_told import about
from ari_pivot.call.music import waiting
from ari_pivot.callflow import media
from ari_pivot.callflow.metaflow.command import Command, Pressed


class Hold(Command):
    """They hear music on hold, or the media id `moh_aleg` (the caller) or `moh_bleg`."""

    moh_aleg: str = ""
    moh_bleg: str = ""
    unhold_key: str = Field(default="1", pattern=r"^[0-9*#]$")

    async def run(self, pressed: Pressed) -> None:
        talk, keys = pressed.talk, pressed.leg.digits
        mark = len(keys)
        sound = media.endless(self.moh_bleg if pressed.by_caller else self.moh_aleg)
        held = pressed.hearing(pressed.peer)
        who = about(talk.call.facts, talk.attempt if pressed.by_caller else None)
        async with talk.apart(pressed.peer):
            talk.call.tell("CHANNEL_HOLD", **who)
            async with waiting(held, sound):
                await held.until(lambda: self.unhold_key in keys[mark:])
            talk.call.tell("CHANNEL_UNHOLD", **who)
