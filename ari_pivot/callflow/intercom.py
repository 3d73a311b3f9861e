"""intercom: call a number whose telephones answer by themselves."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import directory_of, look_up
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Module


class Intercom(Module):
    """The number is what the pattern has captured; with `barge_calls` also telephones in use.

    Source: KAZOO, cf_intercom.
    """

    barge_calls: Boolean = False

    async def run(self, call: Call, children: Children) -> Branch:
        found = await look_up(call, directory_of(call).normal(call.facts.capture))
        if found is None or found.no_match:
            return NEXT
        call.facts.onward.auto_answer, call.facts.onward.barge = True, self.barge_calls
        return found.enter(call)
