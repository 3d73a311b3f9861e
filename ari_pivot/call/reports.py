"""Where a call puts what is owed to web servers, and what it tells them of itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ari_pivot.call.owed import Owed
from ari_pivot.errors import PivotError

if TYPE_CHECKING:
    from ari_pivot.call.call import Call

#: What webhooks can be told, in KAZOO's words; those in lower case are its notifications.
Event = Literal[
    "CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_DESTROY",
    "CHANNEL_HOLD", "CHANNEL_UNHOLD",
    "PARK_PARKED", "PARK_RETRIEVED", "PARK_ABANDONED",
    "RECORD_START", "RECORD_STOP",
    "cf_notification", "missed_call", "voicemail_new", "voicemail_full",
    "fax_inbound_to_email", "fax_inbound_error_to_email",
]  # fmt: skip


class Reports(Protocol):
    """Takes what is owed to web servers."""

    async def send(self, call: "Call", owed: Owed) -> None:
        """Return when it is written down to be sent now; never raises."""
        ...

    def owe(self, call: "Call") -> None:
        """Have written down what the call's facts say is owed at its end."""
        ...

    def tell(self, call: "Call", event: Event, more: Mapping[str, Any]) -> None:
        """Have the webhooks told that want to know; does not wait and never raises."""
        ...

    def wanted(self, call: "Call", event: Event, more: Mapping[str, Any]) -> list[Owed]:
        """Return what is owed to the webhooks that want to know, to be sent later."""
        ...


class Nowhere:
    """Takes nothing: for a call that owes nothing."""

    async def send(self, call: "Call", owed: Owed) -> None:
        raise PivotError("nobody takes what is owed", where=owed.url)

    def owe(self, call: "Call") -> None:
        raise PivotError("nobody takes what is owed")

    def tell(self, call: "Call", event: Event, more: Mapping[str, Any]) -> None:
        pass

    def wanted(self, call: "Call", event: Event, more: Mapping[str, Any]) -> list[Owed]:
        return []
