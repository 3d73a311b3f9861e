"""Who stands at the far end of a channel: somebody who hears, speaks, presses keys and hangs up."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Sound:
    """Something that is heard; `interrupted` means that it was cut short. Times are the loop's.

    `media` is a media URI, or what has none: `dtmf:12`, `moh:default`, `ringing:`.
    """

    media: str
    began: float
    ended: float | None = None
    interrupted: bool = False


class FarEnd:
    """Somebody who does nothing."""

    def dialled(self, timeout: float) -> None:
        """Hear that a call comes in, for `timeout` seconds."""

    def answered(self) -> None:
        """Hear that the call is answered."""

    def bridged(self) -> None:
        """Be put together with somebody else."""

    def hears(self, sound: Sound) -> None:
        """Begin to hear something."""

    def heard(self, sound: Sound) -> None:
        """Hear the end of something."""

    def gone(self, cause: int, sip: int) -> None:
        """Be told that the call is over: Q.850 cause, SIP status."""
