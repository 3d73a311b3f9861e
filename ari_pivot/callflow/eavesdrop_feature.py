"""eavesdrop_feature: eavesdrop on whom the captured number's callflow rings."""

from ari_pivot.call.call import Call
from ari_pivot.callflow.eavesdrop import eavesdrop
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import Approval, Somebody, meant, say


class EavesdropFeature(Approval, Module):
    """With `group_id` only on the telephones of that group. Nobody may, unless it says who.

    Source: KAZOO, cf_eavesdrop_feature.
    """

    group_id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        if not await self.approves(call, default=False):
            await say(call, "eavesdrop-not_allowed")
            return None
        endpoints = await Somebody(**(meant(call, "extension") or {})).endpoints(call)
        if self.group_id:
            endpoints &= await Somebody(group_id=self.group_id).endpoints(call)
        await eavesdrop(call, endpoints)
        return None
