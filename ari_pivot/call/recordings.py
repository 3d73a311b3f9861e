"""What becomes of a recording when it is over, as those who make it say it."""

from typing import Literal, Protocol

import msgspec

from ari_pivot.call.owed import Owed
from ari_pivot.ids import new_id

#: What the caller says, what the caller hears, or both in one.
Track = Literal["in", "out", "both"]
Format = Literal["wav", "mp3"]


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """A request that is owed once a recording is `kept`, or found to be `absent`.

    `seconds` names the parameter that says how long it is.
    """

    at: Literal["kept", "absent"]
    owed: Owed
    seconds: str = ""


class Transcript(msgspec.Struct, kw_only=True, frozen=True):
    """A request that is owed with what was said; `text` and `status` name its parameters.

    The status is completed or failed.
    """

    owed: Owed
    text: str
    status: str


class Upload(msgspec.Struct, kw_only=True, frozen=True):
    """Where a recording is sent, as it is, and in which format; what was sent is not kept here."""

    url: str
    method: Literal["PUT", "POST"] = "PUT"
    format: Format = "mp3"


class Order(msgspec.Struct, kw_only=True, frozen=True):
    """What is wanted of a recording: plain data, written down while it goes on.

    `tracks` are one file each in Asterisk, two are the left and right of stereo. `trim` cuts
    silence off both ends. One shorter than `at_least` seconds is dropped. It is kept for `keep`
    seconds, 0 is for ever, None as configured. `name`, `label` and `origin` are what the
    instructions say of it.
    """

    call: str
    tracks: tuple[Track, ...] = ("both",)
    trim: bool = False
    at_least: float = 0.0
    keep: float | None = None
    formats: tuple[Format, ...] = ("wav", "mp3")
    notices: tuple[Notice, ...] = ()
    upload: Upload | None = None
    transcript: Transcript | None = None
    name: str = ""
    label: str = ""
    origin: str = ""
    id: str = msgspec.field(default_factory=new_id)

    @property
    def sid(self) -> str:
        return f"RE{self.id}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return what its tracks are called in Asterisk."""
        return tuple(f"{self.id}-{track}" for track in self.tracks)


class Recordings(Protocol):
    """Keeps recordings, beside the call; nothing here waits or raises."""

    @property
    def transcribes(self) -> bool:
        """Tell whether anybody can write down what is said."""
        ...

    def url(self, order: Order) -> str:
        """Return where it can be had: WAV, and with `.mp3` behind it the same as MP3."""
        ...

    def begin(self, order: Order) -> None:
        """Write down that it begins: should we die, it is found again."""
        ...

    def end(self, order: Order, *, made: bool = True) -> None:
        """Take it over from Asterisk, which has one if `made`; said once, whatever the way out."""
        ...


class Unkept:
    """Keeps nothing: recordings stay where Asterisk puts them."""

    transcribes = False

    def url(self, order: Order) -> str:
        return ""

    def begin(self, order: Order) -> None:
        pass

    def end(self, order: Order, *, made: bool = True) -> None:
        pass
