"""<Reject>: refuse the call without answering it."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from ari_pivot.call.answer import BUSY, NORMAL, UNALLOCATED, hangup
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.play import play
from ari_pivot.call.source import Audio, Prompt, Source
from ari_pivot.errors import CallEnded
from ari_pivot.twiml.parameter import Parameter, give_back
from ari_pivot.twiml.verb import Verb


class Reject(Verb):
    """`busy` is SIP 486, `rejected` 404; on an answered call it is a <Hangup>.

    `prompt`, which only KAZOO has, is heard before: a URL, or a prompt by its name.

    The `action` of the <Dial> that has called this one as an <Application> is told the parameters.
    Source: TwiML reference, Reject, and SIP and TwiML interaction.
    """

    nests: ClassVar = (Parameter,)
    codes: ClassVar = {"reason": 12200}

    reason: Literal["rejected", "busy"] = "rejected"
    prompt: str = ""

    async def run(self, call: Call) -> Pivot | None:
        cause = BUSY if self.reason == "busy" else UNALLOCATED
        give_back(call, self.children)
        for source in self.sources():
            await play(call, source)
        await hangup(call, NORMAL if call.caller.up else cause)
        raise CallEnded("<Reject>")

    def sources(self) -> Iterator[Source]:
        if self.prompt.startswith(("http://", "https://")):
            yield Audio(self.prompt)
        elif self.prompt:
            yield Prompt(self.prompt)
