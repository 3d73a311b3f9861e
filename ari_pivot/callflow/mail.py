"""Electronic mail that instructions owe."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ari_pivot.call.owed import Owed


class Attachment(msgspec.Struct, kw_only=True, frozen=True):
    """A recording of ours; `name` ends in what it is sent as: .wav, .mp3 or .tif."""

    name: str
    recording: str


def mail(
    to: Sequence[str],
    subject: str,
    text: str,
    attachment: Attachment | None = None,
    then: Mapping[str, Any] | None = None,
    *,
    if_missed: bool = False,
) -> Owed:
    """Return a mail to several people; `then` is what is done once it has been sent."""
    return Owed(
        kind="email",
        url=f"mailto:{','.join(to)}",
        params={
            "to": list(to),
            "subject": subject,
            "text": text,
            "attachment": msgspec.to_builtins(attachment) if attachment else None,
            "then": dict(then or {}),
        },
        if_missed=if_missed,
    )
