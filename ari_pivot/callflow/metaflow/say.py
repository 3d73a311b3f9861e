"""say: say a text to who has pressed the keys."""

from datetime import datetime
from typing import Literal, cast

from ari_pivot.callflow.metaflow.command import Command, Pressed
from ari_pivot.callflow.module import Maybe
from ari_pivot.callflow.say import Method, Type, say


class Say(Command):
    """Numbers and letters as in audio_macro's say; without a type it is spoken."""

    text: str = ""
    gender: Maybe[Literal["feminine", "masculine", "neuter"]] = None
    language: str = ""
    method: Maybe[Literal["pronounced", "iterated", "counted"]] = None
    type: str = "name_phonetic"

    async def run(self, pressed: Pressed) -> None:
        call = pressed.talk.call
        language = self.language or call.facts.language
        kind = cast("Type", self.type.replace("email", "e-mail"))
        method: Method = self.method or "pronounced"
        now = datetime.fromtimestamp(call.clock()).astimezone()
        await pressed.play(say(self.text, kind, method, language, now), "self")
