"""What can be played: plain data that says where a sound comes from, not how it is had."""

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Speech:
    """Text to be spoken; `voice` is a name of the document's language, mapped by configuration.

    `markup` is the same as SSML, without its root, for engines that take it; made by us, of what
    they know.
    """

    text: str
    voice: str = ""
    language: str = ""
    engine: str = ""
    markup: str = ""


@dataclass(frozen=True, slots=True)
class Audio:
    """Audio on somebody's web server, `http` or `https`."""

    url: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sound of the Asterisk box by its name, `beep` or `vm-goodbye`.

    `language` is one like `fr-ca`; an empty one is the call's.
    """

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A number, digits or letters, put together from the sounds of the Asterisk box."""

    how: Literal["number", "digits", "characters"]
    text: str


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone in Asterisk's notation, `480+620/500,0/500`, or the name of one, `busy`.

    `seconds` is how long it sounds; None is until something else ends it.
    """

    spec: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that lies on the Asterisk box, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class File:
    """A sound file of our own, which is never changed; `path` where this process sees it."""

    path: str


Source = Speech | Audio | Prompt | Said | Tone | Recorded | File


class Media(Protocol):
    """Turns a source into what Asterisk can play."""

    def meant(self, source: Source) -> Source:
        """Return what a prompt stands for here, another source as it is."""
        ...

    async def get(self, source: Source) -> str:
        """Return the Asterisk media URI (`sound:…`, `tone:…`) of a source; raises MediaError."""
        ...

    def prepare(self, source: Source) -> None:
        """Begin to fetch or speak a source that will be wanted soon."""
        ...
