"""missed_call_alert: tell somebody of a call that nobody takes."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.module import NEXT, Branch, Children, Module
from ari_pivot.callflow.recipients import Recipient, at_end, notices


class MissedCallAlert(Module):
    """Sent when the call is over, if nobody has spoken with the caller or has a message.

    Calls from telephones of the directory are not told. Source: KAZOO, cf_missed_call_alert.
    """

    recipients: list[Recipient]

    async def run(self, call: Call, children: Children) -> Branch:
        if caller(call, "device")[1] is None:
            at_end(call, notices(call, "missed_call", self.recipients, if_missed=True))
        return NEXT
