"""Listening to a channel."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer, Refused
from ari_pivot.simulator.asterisk.channel import Channel
from ari_pivot.simulator.asterisk.far import FarEnd

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk

_DIRECTIONS = {"none", "in", "out", "both"}


def _snoop(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    """Make a channel that hears what the other one says; it ends with it."""
    spied = asterisk.channels.get(params["channelId"])
    if spied is None:
        raise Refused(404, "Provided channel was not found")
    directions = {side: params.get(side) or "none" for side in ("spy", "whisper")}
    for side, direction in directions.items():
        if direction not in _DIRECTIONS:
            raise Refused(400, f"Invalid direction specified for {side}")
    if set(directions.values()) == {"none"}:
        raise Refused(400, "Direction must be specified for at least spy or whisper")
    if not params.get("app"):
        raise Refused(400, "Application name is required")
    if params["snoopId"] in asterisk.channels:
        raise Refused(500, "Snoop channel could not be created")
    facts = asterisk.facts(params["snoopId"], f"Snoop/{spied.id}", "", "")
    snoop = Channel(asterisk, FarEnd(), facts, "Up")
    snoop.speaking = spied.speaking
    spied.snoops.append(snoop)
    asterisk.channels[snoop.id] = snoop
    args = str(params.get("appArgs") or "")
    snoop.enter(args.split(",") if args else [])
    return 200, snoop.snapshot()


OPERATIONS = {"channels.snoopChannelWithId": _snoop}
