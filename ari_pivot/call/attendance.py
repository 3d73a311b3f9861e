"""How somebody takes part in a conference, and what is told of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from ari_pivot.call.call import Call
from ari_pivot.call.music import Waiting
from ari_pivot.call.owed import Owed
from ari_pivot.call.recordings import Order
from ari_pivot.call.source import Source

if TYPE_CHECKING:
    from ari_pivot.call.conference import Conference, Happening

MOST = 250  # in one conference


class Change(StrEnum):
    """What is told of a conference."""

    START = "start"
    END = "end"
    JOIN = "join"
    LEAVE = "leave"
    MUTE = "mute"
    UNMUTE = "unmute"
    HOLD = "hold"
    UNHOLD = "unhold"
    SPEECH = "speech"
    SILENCE = "silence"


class Place(StrEnum):
    """Where a member is."""

    WAITING = "waiting"  # until the conference starts, or somebody else comes
    INSIDE = "inside"  # hears the others
    HELD = "held"
    COACHING = "coaching"  # hears what one member hears, and is heard by that one only


class Left(StrEnum):
    """Why somebody is no longer in a conference, or never was."""

    CALLER = "caller"  # hung up
    KEY = "key"
    LIMIT = "limit"
    ENDED = "ended"  # somebody left who ends it for all
    REMOVED = "removed"
    FAILED = "failed"  # there is nothing to wait with
    ASTERISK = "asterisk"  # the bridge was taken away
    FULL = "full"
    LABEL = "label"  # another member has it
    COACHED = "coached"  # who was to be coached is not there


class Recorder(Protocol):
    """Has a conference recorded, from when two are together."""

    def order_for(self, call: Call, conference: "Conference") -> Order:
        """Return what is wanted of the recording."""
        ...

    async def recording(self, call: Call, order: Order) -> None:
        """Be told that it goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Keys:
    """`actions` by the keys that ask for them; the sounds are heard by who mutes themselves so."""

    actions: Mapping[str, str] = field(default_factory=dict)
    muted: Source | None = None
    unmuted: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to take part; `time_limit` in seconds.

    It starts with `quorum` members of whom one `starts` it, and ends for all when one who `ends`
    it leaves. Until then each hears `wait`, or music on hold; with `music_alone` later, too,
    whenever nobody else is there. `enter_sound` and `exit_sound` are heard by the others. `coaches`
    is the `sid` of a member. Who comes first says by `watch` what is owed for each change, with
    `tells_speech` also for who begins and ends to speak.
    """

    conference: str
    muted: bool = False
    deaf: bool = False
    starts: bool = True
    ends: bool = False
    quorum: int = 2
    most: int = MOST
    label: str = ""
    coaches: str = ""
    enter_sound: Source | None = None
    exit_sound: Source | None = None
    wait: Waiting | None = None
    music_alone: bool = False
    hangup_on: str = ""
    keys: Keys = Keys()
    time_limit: float | None = None
    recorder: Recorder | None = None
    tells_speech: bool = False
    watch: Callable[["Happening"], Owed | None] = lambda _: None
