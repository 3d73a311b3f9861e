"""callflow: run another callflow beside the conversation."""

from ari_pivot.call.aside import beside
from ari_pivot.callflow.directory import directory_of, unknown
from ari_pivot.callflow.metaflow.command import Command, Pressed, follow


class Callflow(Command):
    """`id` is one of the directory, else that with the number `captures` or what is captured."""

    id: str = ""
    captures: str = ""

    async def run(self, pressed: Pressed) -> None:
        call = beside(pressed.talk.call)
        everybody = directory_of(call)
        number = everybody.normal(self.captures or pressed.capture)
        found = everybody.callflows.get(self.id) or everybody.find(number)
        if found is None:
            raise unknown("callflow", self.id or number)
        await follow(call, found.flow)
