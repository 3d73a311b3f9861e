"""play: let one of the two, or both, hear a sound."""

from ari_pivot.callflow import media
from ari_pivot.callflow.metaflow.command import Command, Legs, Pressed


class Play(Command):
    """`id` is a media id."""

    id: str = ""
    leg: Legs = "both"

    async def run(self, pressed: Pressed) -> None:
        source = media.source(self.id)
        await pressed.play([source] if source else [], self.leg)
