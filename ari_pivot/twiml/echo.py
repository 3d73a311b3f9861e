"""<Echo>: the caller hears himself."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Plan, Target
from ari_pivot.call.instructions import Pivot
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.verb import Verb

_ANSWERING = 5.0  # seconds


class Echo(Verb):
    """Until the caller hangs up, by the directory's endpoint that echoes. Source: Twilio's SDK."""

    async def run(self, call: Call) -> Pivot | None:
        await answer(call)
        if call.directory.echo:
            await dial(call, Plan(targets=[Target(call.directory.echo, _ANSWERING)]))
        else:
            message = "directory.echo names nobody who echoes"
            call.warn(InstructionError(message, code=Code.UNSUPPORTED, where=self.where))
        call.check()
        return None
