"""hangup: end the call of who has pressed the keys."""

from ari_pivot.callflow.metaflow.command import Command, Pressed


class Hangup(Command):
    async def run(self, pressed: Pressed) -> None:
        if pressed.by_caller:
            await pressed.talk.hang_up_caller()
        else:
            await pressed.talk.hang_up(pressed.leg)
