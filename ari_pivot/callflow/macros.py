"""The sounds of which an audio_macro is made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ari_pivot.call.play import ENDLESS
from ari_pivot.call.source import Prompt, Source, Speech
from ari_pivot.callflow import media
from ari_pivot.callflow.module import Boolean, Integer, Maybe
from ari_pivot.callflow.say import Method, Type, say


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for sounds that do not say it: language of prompts and of speech, local time."""

    prompts: str
    speech: str
    now: datetime


class Macro(BaseModel):
    """One sound, or several. `terminators` end all of the audio_macro; None are the module's."""

    language: str = ""
    terminators: Maybe[tuple[str, ...]] = None

    @property
    def loop(self) -> int:
        return 1

    def sources(self, around: Around) -> list[Source]:
        """Return what is played."""
        raise NotImplementedError


class PlayMacro(Macro):
    macro: Literal["play"]
    id: str = ""
    answer: Boolean = False
    endless_playback: Boolean = False
    loop_count: Annotated[Integer, Field(ge=1)] = 1

    @property
    def loop(self) -> int:
        return ENDLESS if self.endless_playback else self.loop_count

    def sources(self, around: Around) -> list[Source]:
        source = media.source(self.id, self.language or around.speech)
        return [source] if source else []


class PromptMacro(Macro):
    macro: Literal["prompt"]
    id: str = ""

    def sources(self, around: Around) -> list[Source]:
        return [Prompt(self.id, (self.language or around.prompts).lower())] if self.id else []


class SayMacro(Macro):
    macro: Literal["say"]
    text: str = ""
    type: Type = "name_spelled"
    method: Method = "pronounced"
    gender: Maybe[Literal["masculine", "feminine", "neuter"]] = None

    def sources(self, around: Around) -> list[Source]:
        return say(self.text, self.type, self.method, self.language or around.speech, around.now)


class TtsMacro(Macro):
    macro: Literal["tts"]
    text: str = Field(min_length=1, max_length=1000)
    voice: str = "female"
    engine: Maybe[Literal["flite", "google", "ispeech", "voicefabric"]] = None
    endless_playback: Boolean = False

    @property
    def loop(self) -> int:
        return ENDLESS if self.endless_playback else 1

    def sources(self, around: Around) -> list[Source]:
        language = self.language or around.speech
        return [Speech(self.text, self.voice, language, self.engine or "")]


class ToneMacro(Macro):
    """Frequencies in Hz, durations in milliseconds."""

    macro: Literal["tone"]
    frequencies: list[Integer] = Field(default_factory=list)
    duration_on: Integer = 0
    duration_off: Integer = 0
    repeat: Integer = 1
    volume: Maybe[Annotated[Integer, Field(ge=0, le=100)]] = None

    def sources(self, around: Around) -> list[Source]:
        if not self.frequencies or self.duration_on <= 0:
            return []
        part = self.duration_on, max(self.duration_off, 0), self.frequencies
        return [media.tone([part], max(self.repeat, 1))]


AnyMacro = Annotated[
    PlayMacro | PromptMacro | SayMacro | TtsMacro | ToneMacro, Field(discriminator="macro")
]
