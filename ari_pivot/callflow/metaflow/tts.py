"""tts: speak a text."""

from ari_pivot.call.play import ALL_KEYS
from ari_pivot.call.source import Speech
from ari_pivot.callflow.metaflow.command import Command, Legs, Pressed


class Tts(Command):
    text: str = ""
    engine: str = ""
    language: str = ""
    leg: Legs = "self"
    terminators: tuple[str, ...] = tuple(ALL_KEYS)
    voice: str = "female"

    async def run(self, pressed: Pressed) -> None:
        language = self.language or pressed.talk.call.facts.language
        speech = Speech(self.text, self.voice, language, self.engine)
        await pressed.play([speech] if self.text else [], self.leg, "".join(self.terminators))
