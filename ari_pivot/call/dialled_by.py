"""Calls of ours that another call of ours has dialled: one application calls another."""

from collections.abc import Mapping

from ari_pivot.call.dialled import Attempt
from ari_pivot.call.leg import near
from ari_pivot.call.line import Line


def dialled_by(channel: str, lines: Mapping[str, Line]) -> Attempt | None:
    """Return the leg that a call of ours has dialled, and that came to us as this channel.

    Its endpoint is a Local channel whose far half the dialplan gives to our application.
    """
    leg = near(channel)
    line = lines.get(leg) if leg != channel else None
    part = line.parts.get(leg) if line else None
    return part if isinstance(part, Attempt) else None
