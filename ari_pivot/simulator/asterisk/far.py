"""Who is at the far end of a channel: somebody who hears, speaks, presses keys and hangs up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.dialling import Leg


@dataclass(slots=True, eq=False)
class Sound:
    """Something that is heard; `interrupted` means that it was cut short. Times are the loop's.

    `media` is a media URI, or for what has none: `dtmf:12`, `moh:default`, `ringing:`.
    """

    media: str
    began: float
    ended: float | None = None
    interrupted: bool = False


class FarEnd:
    """Somebody who does nothing."""

    def dialled(self, leg: "Leg") -> None:
        """Be called."""

    def answered(self) -> None:
        """Have one's call answered."""

    def bridged(self) -> None:
        """Be put together with somebody else."""

    def hears(self, sound: Sound) -> None:
        """Begin to hear something."""

    def heard(self, sound: Sound) -> None:
        """Hear the end of something."""

    def referred(self, to: str) -> int:
        """Be sent a REFER; return the SIP status of the new call, 0 where the line knows none."""
        return 0

    def gone(self, cause: int, sip: int) -> None:
        """Be told that the call is over: Q.850 cause, SIP status."""


class Ear:
    """What is heard at the far end now."""

    __slots__ = ("_endless", "_far", "_time")

    def __init__(self, far: FarEnd, time: Callable[[], float]) -> None:
        self._far = far
        self._time = time
        self._endless: dict[str, Sound] = {}

    def begin(self, media: str) -> Sound:
        """Begin a sound."""
        sound = Sound(media, self._time())
        self._far.hears(sound)
        return sound

    def end(self, sound: Sound, *, interrupted: bool) -> None:
        """End it."""
        sound.ended, sound.interrupted = self._time(), interrupted
        self._far.heard(sound)

    def start(self, media: str) -> None:
        """Begin a sound that goes on until `stop`: ringing, music on hold."""
        if media not in self._endless:
            self._endless[media] = self.begin(media)

    def stop(self, kind: str) -> None:
        """End what goes on of a kind, `ringing:` or `moh:`."""
        for media in [media for media in self._endless if media.startswith(kind)]:
            self.end(self._endless.pop(media), interrupted=False)

    def stop_all(self) -> None:
        """End them because the channel does."""
        for sound in self._endless.values():
            self.end(sound, interrupted=True)
        self._endless.clear()
