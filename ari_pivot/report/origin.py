"""What the outbox knows of one web server while something is owed to it."""

from dataclasses import dataclass, field
from math import inf


@dataclass(slots=True)
class Origin:
    """Times in seconds since the epoch; forgotten as soon as nothing is owed."""

    running: dict[str, str] = field(default_factory=dict)  # lane: id of the report under way
    clear: bool = True  # the ledger holds nothing but what is running
    look_at: float = inf  # when the ledger may hold something due
    alone_until: float = 0.0
    failures: int = 0  # running, of the server as such

    def ready_at(self) -> float:
        """Return when the ledger is to be looked into."""
        return max(self.look_at, self.alone_until if self.failures else 0.0)

    def slots(self, most: int) -> int:
        """Return how many more tries it may have; one at a time while it does not answer."""
        return (1 if self.failures else most) - len(self.running)
