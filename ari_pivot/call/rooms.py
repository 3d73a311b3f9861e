"""Where the callers of this worker meet, by name."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ari_pivot.call.conference import Conference
    from ari_pivot.call.instructions import Instructions
    from ari_pivot.call.queue import Queue
    from ari_pivot.call.waiter import Waiter


@dataclass(slots=True)
class Rooms:
    """What there is of them: each is made by the first who comes.

    `waiting` are those in queues, by their channels; `parked` are parked, by their slots.
    `expected` are dialled legs that are about to come as calls of their own, by their channels:
    what they do first.
    """

    conferences: dict[str, "Conference"] = field(default_factory=dict)
    queues: dict[str, "Queue"] = field(default_factory=dict)
    waiting: dict[str, "Waiter"] = field(default_factory=dict)
    parked: dict[str, "Waiter"] = field(default_factory=dict)
    expected: dict[str, "Instructions"] = field(default_factory=dict)
