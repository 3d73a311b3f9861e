"""<Hangup>: end the call."""

from typing import ClassVar

from ari_pivot.call.answer import hangup
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.errors import CallEnded
from ari_pivot.twiml.parameter import Parameter, give_back
from ari_pivot.twiml.verb import Verb


class Hangup(Verb):
    """Ends the call normally, answered or not.

    The `action` of the <Dial> that has called this one as an <Application> is told the parameters.
    """

    nests: ClassVar = (Parameter,)

    async def run(self, call: Call) -> Pivot | None:
        give_back(call, self.children)
        await hangup(call)
        raise CallEnded("<Hangup>")
