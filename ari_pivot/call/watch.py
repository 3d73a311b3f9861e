"""Being told what happens on calls, as it happens: for the debug log, metrics and traces."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ari_pivot.call.call import Call

#: What a watch is told, and the details that come with it. Whatever else happens may be noted too.
NOTES: Mapping[str, str] = {
    "arrived": "lag: seconds since Asterisk said so",
    "asks": "outgoing iteration",
    "hop": "request reply iteration: one HTTP request; reply None before it, or a WebError",
    "asked": "reply: what the last hop brought, or a WebError",
    "faulty": "error reply: an answer that cannot be understood",
    "does": "name: of a verb or module",
    "did": "name seconds",
    "answered": "",
    "pressed": "digit",
    "plays": "source",
    "played": "how",
    "recorded": "names ended_by",
    "dials": "endpoint leg",
    "leg": "leg step status cause: of one that is dialled",
    "refused": "command status reason: by Asterisk",
    "problem": "about: a Note",
    "ended": "",
}


class Watch(Protocol):
    """Is told of every call."""

    def saw(self, call: "Call", what: str, details: Mapping[str, Any]) -> None:
        """Take a note in; it neither waits nor raises."""
        ...


def note(call: "Call", what: str, **details: Any) -> None:
    """Tell whoever watches a call what happens on it."""
    for watch in call.watches:
        watch.saw(call, what, details)
