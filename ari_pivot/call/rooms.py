"""Where the callers of this worker meet, by name."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ari_pivot.call.conference import Conference


@dataclass(slots=True)
class Rooms:
    """What there is of them: each is made by the first who comes, and forgotten with the last."""

    conferences: dict[str, "Conference"] = field(default_factory=dict)
