"""Who is dialled, how, and what becomes of it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ari_pivot.ari.events import Event
from ari_pivot.call.leg import Leg, own_leg
from ari_pivot.call.source import Source

if TYPE_CHECKING:
    from ari_pivot.call.conversation import Conversation


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is shown to be calling; over SIP a hidden number hides the name, too."""

    number: str
    name: str = ""
    hide_number: bool = False
    hide_name: bool = False

    def variables(self) -> dict[str, str]:
        """Return it as Asterisk takes it with a channel that is yet to be dialled."""
        return {
            "CONNECTEDLINE(num,i)": self.number,
            "CONNECTEDLINE(num-pres,i)": "prohib" if self.hide_number else "allowed",
            "CONNECTEDLINE(name,i)": "" if self.hide_name else self.name,
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to be dialled; `endpoint` as Asterisk dials it, `PJSIP/alice`.

    `timeout` is how long it rings, `delay` how long after the others it begins to, in seconds.
    Without `identity` it is shown the caller's own. `variables` are set on its channel. Where it
    fails or does not answer, `otherwise` is dialled in its place. `gives` is what requests of its
    own call say beside, where it leads back to us.
    """

    endpoint: str
    timeout: float = 30.0
    delay: float = 0.0
    identity: Identity | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    otherwise: "Target | None" = None
    gives: Mapping[str, str] = field(default_factory=dict)

    def referring(self) -> "Target":
        """Return it so that its REFER is told to us; Asterisk would act on it by itself."""
        if not self.endpoint.startswith("PJSIP/"):
            return self
        variables = {**self.variables, "PJSIP_TRANSFER_HANDLING()": "ari-only"}
        otherwise = self.otherwise and self.otherwise.referring()
        return replace(self, variables=variables, otherwise=otherwise)

    def chain(self) -> Iterator["Target"]:
        """Yield it, and who may be dialled in its place."""
        yield self
        if self.otherwise:
            yield from self.otherwise.chain()


class Progress(StrEnum):
    """The steps of a dialled leg; each is taken once at most, in this order."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    BRIDGED = "bridged"
    ENDED = "ended"


class Status(StrEnum):
    """What became of it."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(slots=True, eq=False)
class Attempt:
    """One target and its leg; `at` holds when each step was taken, in seconds since the epoch.

    `tell` hears of each step once. It is called between two events: it must not raise or block.
    """

    target: Target
    clock: Callable[[], float]
    tell: Callable[["Attempt", Progress], None]
    leg: Leg = field(default_factory=own_leg)
    at: dict[Progress, float] = field(default_factory=dict)
    status: Status | None = None
    cause: int = 0  # Q.850
    sip: int = 0  # its SIP status, where it was never answered and has one
    taken: "Attempt | None" = None  # somebody else who has picked it up
    returned: dict[str, str] = field(default_factory=dict)  # what its own call, if ours, gave back
    talk: "Conversation | None" = None  # where it speaks with the caller
    inherited: bool = False  # its leg goes on, as that of another attempt
    borrowed: bool = False  # its leg is the caller of another call, and stays that

    @property
    def id(self) -> str:
        return self.leg.id

    @property
    def answered(self) -> bool:
        return Progress.ANSWERED in self.at

    def receive(self, event: Event) -> None:
        leg = self.leg
        leg.receive(event)
        if leg.state == "Ringing":
            self.step(Progress.RINGING)
        if leg.up:
            self.step(Progress.ANSWERED)
        if leg.ended:
            self.end(leg.cause, leg.sip)

    def step(self, step: Progress) -> None:
        """Take a step, unless it is taken."""
        if step not in self.at and Progress.ENDED not in self.at:
            self.at[step] = self.clock()
            self.tell(self, step)

    def end(self, cause: int, sip: int = 0, status: Status | None = None) -> None:
        """Take the last step; the first end counts."""
        if self.status is None:
            self.cause, self.sip = cause, 0 if self.answered else sip
            self.status = Status.ANSWERED if self.answered else status or outcome(cause, sip)
            self.step(Progress.ENDED)


def _nobody_asks(_: Attempt, __: Progress) -> None:
    pass


#: What is done beside a conversation; it ends with it.
Beside = Callable[["Conversation"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whom to dial, and how; times in seconds.

    All targets ring together, or one after the other if `sequential`; not longer than `timeout` in
    all. The caller hears `ringback`, or else the one target's own early media, or else ringing.
    `screen` may decline for a leg that has answered while the others go on ringing; `bridged` is
    awaited just before the conversation, which `time_limit` or a key of `hangup_on` ends.
    `beside` is run for as long as it lasts.
    `on_progress` hears of each step of each leg once, and must not raise or block.
    """

    targets: Sequence[Target]
    sequential: bool = False
    timeout: float | None = None
    ringback: Source | None = None
    early_media: bool = True
    one_refusal_ends: bool = False  # somebody who is busy or declines decides for all
    time_limit: float | None = None
    hangup_on: str = ""
    screen: Callable[[Attempt], Awaitable[bool]] | None = None
    bridged: Callable[[Attempt], Awaitable[None]] | None = None
    on_progress: Callable[[Attempt, Progress], None] = _nobody_asks
    beside: Beside | None = None

    @property
    def hears_early_media(self) -> bool:
        """Whether the caller may hear what the one who is dialled sends before the answer."""
        alone = len(self.targets) == 1 and self.ringback is None and self.screen is None
        return self.early_media and alone


@dataclass(frozen=True, slots=True)
class Dialled:
    """What became of them all; `winner` is who was put together with the caller.

    `status` is ANSWERED, too, where somebody answered and declined. `ended_by` says who or what
    ended the conversation: caller, callee, key, limit, refer or asterisk.
    """

    status: Status
    attempts: Sequence[Attempt]
    winner: Attempt | None = None
    ended_by: str = ""

    @property
    def cause(self) -> int:
        return self.decisive.cause if self.decisive else 0

    @property
    def sip(self) -> int:
        return self.decisive.sip if self.decisive else 0

    @property
    def decisive(self) -> Attempt | None:
        """Whose end is the end of it all."""
        of_status = [one for one in self.attempts if one.status is self.status]
        return self.winner or next(iter([*of_status, *self.attempts]), None)

    @property
    def seconds(self) -> float:
        """How long the conversation was."""
        at = self.winner.at if self.winner else {}
        return at[Progress.ENDED] - at[Progress.BRIDGED] if Progress.BRIDGED in at else 0.0


def summary(attempts: Sequence[Attempt]) -> Status:
    """Return what several ends are together: what most nearly was an answer."""
    found = {one.status for one in attempts}
    return next((status for status in _NEAREST if status in found), Status.FAILED)


def outcome(cause: int, sip: int) -> Status:
    """Return what became of a leg that was not answered, by its Q.850 cause and SIP status.

    A call declined by a person (603) is busy; one refused by a server (403) has failed.
    """
    if sip in _REFUSED:
        return Status.FAILED
    return _OUTCOMES.get(cause, Status.FAILED)


_NEAREST = (Status.ANSWERED, Status.NO_ANSWER, Status.BUSY, Status.CANCELED)
_REFUSED = {401, 402, 403, 407}
_OUTCOMES = {
    16: Status.NO_ANSWER,
    17: Status.BUSY,
    18: Status.NO_ANSWER,
    19: Status.NO_ANSWER,
    20: Status.NO_ANSWER,
    21: Status.BUSY,
    26: Status.CANCELED,
}
