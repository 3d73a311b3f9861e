"""set_alert_info: how the telephones that are dialled later ring."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module


class SetAlertInfo(Module):
    """`alert_info` is the value of their `Alert-Info` header."""

    alert_info: str

    async def run(self, call: Call, children: Children) -> Branch:
        call.facts.onward.alert_info = self.alert_info
        return NEXT
