"""Who watches a simulated call and tells what came of it."""

import asyncio
from collections.abc import Callable, Sequence
from email.message import EmailMessage

from ari_pivot.call.call import Call
from ari_pivot.call.source import Source
from ari_pivot.simulator.asterisk.far import Sound
from ari_pivot.simulator.asterisk.recordings import Recorded as RecordedSound
from ari_pivot.simulator.caller import Person
from ari_pivot.simulator.hearing import meaning
from ari_pivot.simulator.parties import Callee
from ari_pivot.simulator.result import Asked, Dialled, Heard, Problem, Recorded, Result

EPOCH = 1_767_225_600.0  # when simulated calls arrive: 2026-01-01, midnight UTC


class Watcher:
    """Is told what happens while it does; times are seconds since the call arrived."""

    def hears(self, heard: Heard) -> None:
        """Learn that a sound begins: `until` is not known yet."""

    def heard(self, heard: Heard) -> None:
        """Learn that a sound is over."""

    def asked(self, asked: Asked) -> None:
        """Learn that a request is answered, or that there is no answer."""


class Witness:
    """Turns the loop's time into the call's, and media URIs into what they mean.

    `epoch` is when the call arrives, in seconds since 1970.
    """

    def __init__(self, watcher: Watcher, epoch: float = EPOCH) -> None:
        self.epoch = epoch
        self._loop = asyncio.get_running_loop()
        self._watcher = watcher
        self._by: dict[Sound, str] = {}
        self.began = self._loop.time()
        self.asked: list[Asked] = []
        self.problems: list[Problem] = []
        self.call: Call | None = None
        self.describe: Callable[[str], Source | None] = lambda _: None

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return self.epoch + self.since()

    def since(self) -> float:
        """Return the seconds since the call arrived."""
        return self._loop.time() - self.began

    def hears(self, sound: Sound) -> None:
        """Take note that the caller begins to hear something."""
        self._by[sound] = self.call.doing if self.call else ""
        self._watcher.hears(self._heard(sound))

    def heard(self, sound: Sound) -> None:
        """Take note that it is over."""
        self._watcher.heard(self._heard(sound))

    def answered(self, asked: Asked) -> None:
        """Take note of a request that is over."""
        self._watcher.asked(asked)

    async def posted(self, message: EmailMessage) -> None:
        """Take note of mail, which goes nowhere."""
        body = message.get_body()
        self.asked.append(
            Asked(
                at=self.since(),
                kind="email",
                method="POST",
                url=f"mailto:{message['To'].replace(' ', '')}",
                headers=dict(message.items()),
                params={
                    "subject": message["Subject"],
                    "text": body.get_content() if body else "",
                    "attachments": [one.get_filename() for one in message.iter_attachments()],
                },
                status=250,
            )
        )

    def result(
        self, caller: Person, dialled: Sequence[Callee], recorded: Sequence[RecordedSound]
    ) -> Result:
        """Tell what came of the call."""
        by = self.call.facts.ended_by if self.call else ""
        return Result(
            requests=self.asked,
            heard=self._all_heard(),
            dialled=[self._dialled(callee) for callee in dialled],
            recordings=[
                Recorded(at=one.began - self.began, duration=one.seconds, name=one.name)
                for one in recorded
            ],
            answered_at=self._relative(caller.answered_at),
            ended_at=self._relative(caller.ended_at) or 0.0,
            ended_by=by or ("caller" if caller.hung_up else "asterisk"),
            cause=caller.cause,
            sip=caller.sip,
            warnings=self._noted("warning"),
            errors=self._noted("error") + self.problems,
        )

    def _noted(self, level: str) -> list[Problem]:
        return [
            Problem(code=note.code, message=note.message, where=note.where)
            for note in (self.call.notes if self.call else [])
            if note.level == level
        ]

    def _all_heard(self) -> list[Heard]:
        heard = [self._heard(sound) for sound in self._by] + self._silences()
        return sorted((one for one in heard if one.until > one.at), key=lambda one: one.at)

    def _heard(self, sound: Sound) -> Heard:
        kind, value = meaning(sound.media, self.describe)
        ended = sound.began if sound.ended is None else sound.ended
        return Heard(
            at=sound.began - self.began,
            until=ended - self.began,
            kind=kind,
            value=value,
            interrupted=sound.interrupted,
            by=self._by[sound],
        )

    def _silences(self) -> list[Heard]:
        return [
            Heard(
                at=silence.began - self.epoch,
                until=silence.ended - self.epoch,
                kind="silence",
                value="",
                interrupted=silence.interrupted,
                by=silence.by,
            )
            for silence in (self.call.silences if self.call else [])
        ]

    def _dialled(self, callee: Callee) -> Dialled:
        return Dialled(
            at=callee.dialled_at - self.began,
            to=callee.to,
            answered_at=self._relative(callee.answered_at),
            bridged_at=self._relative(callee.bridged_at),
            ended_at=self._relative(callee.ended_at),
            cause=callee.cause,
            sip=callee.sip,
        )

    def _relative(self, at: float | None) -> float | None:
        return None if at is None else at - self.began
