"""pivot: ask a web server, and do as told beside the conversation."""

from typing import Literal

from pydantic import Field

from ari_pivot.call.aside import beside
from ari_pivot.call.instructions import Pivot as Asked
from ari_pivot.callflow import pivot
from ari_pivot.callflow.metaflow.command import Command, Pressed
from ari_pivot.callflow.module import Boolean


class Pivot(Command):
    """With keys of the callflow's `pivot`; what it plays, the caller hears."""

    voice_url: str = Field(pattern=r"^https?://[^/\s]\S*$")
    method: Literal["get", "post", "GET", "POST"] = "get"
    req_format: Literal["kazoo", "twiml"] = "kazoo"
    cdr_url: str = ""
    debug: Boolean = False

    async def run(self, pressed: Pressed) -> None:
        call = beside(pressed.talk.call)
        asked = await pivot.Pivot(**self.model_dump()).run(call, {})
        if isinstance(asked, Asked):
            await call.customer.follow(call, asked)
