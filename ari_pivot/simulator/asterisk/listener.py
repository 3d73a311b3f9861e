"""What can be played to and recorded: a channel, or all who are in a bridge."""

from typing import TYPE_CHECKING, Any, Protocol

from ari_pivot.simulator.asterisk.far import Sound
from ari_pivot.simulator.asterisk.work import Turns

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk


class Listener(Protocol):
    """What can be played to."""

    asterisk: "Asterisk"
    going: bool
    language: str
    turns: Turns

    @property
    def uri(self) -> str: ...

    @property
    def ear(self) -> "Hearing": ...


class Hearing(Protocol):
    """What hears."""

    def begin(self, media: str) -> Sound: ...

    def end(self, sound: Sound, *, interrupted: bool) -> None: ...

    def stop(self, kind: str) -> None: ...


class Recordable(Listener, Protocol):
    """What can be recorded."""

    speaking: bool

    @property
    def bridge(self) -> object: ...

    def snapshot(self) -> dict[str, Any]: ...
