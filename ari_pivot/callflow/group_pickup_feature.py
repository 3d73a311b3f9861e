"""group_pickup_feature: group_pickup of whom the captured number means."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.group_pickup import GroupPickup
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import Approval, Somebody, meant, say


class GroupPickupFeature(Somebody, Approval, Module):
    """`type` says what the number is: an extension is whom its callflow rings first.

    Source: KAZOO, cf_group_pickup_feature.
    """

    type: Literal["group", "user", "device", "extension"] = "extension"

    async def run(self, call: Call, children: Children) -> Branch:
        who = meant(call, self.type)
        if who is None:
            await say(call, "park-no_caller")
            return None
        approved = self.model_dump(include=set(Approval.model_fields))
        return await GroupPickup(**approved, **who).run(call, children)
