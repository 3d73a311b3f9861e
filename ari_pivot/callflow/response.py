"""response: refuse the call with a SIP status, after a sound that does not answer it."""

from typing import ClassVar

from pydantic import Field

from ari_pivot.call.answer import NORMAL
from ari_pivot.call.call import Call
from ari_pivot.call.causes import from_sip
from ari_pivot.call.play import play
from ari_pivot.callflow import media
from ari_pivot.callflow.hangup import hard_stop
from ari_pivot.callflow.module import Branch, Children, Integer, Module


class Response(Module):
    """`code` is the SIP status; Asterisk puts its own reason phrase to it, `message` is logged.

    On an answered call it is a hangup.
    """

    without_effect: ClassVar = {"message": "no: Asterisk puts its own phrase to the status"}

    code: Integer = 486
    message: str = ""
    media: str = Field(default="", max_length=2048)

    async def run(self, call: Call, children: Children) -> Branch:
        if self.media and (source := media.source(self.media, call.facts.language)):
            await play(call, source)
        await hard_stop(call, NORMAL if call.caller.up else from_sip(self.code))
        return None
