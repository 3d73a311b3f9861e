"""group_pickup: take a call that rings at somebody else's telephone."""

from ari_pivot.call.call import Call
from ari_pivot.call.pickup import pick_up, ringing
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import Approval, Somebody, say


class GroupPickup(Somebody, Approval, Module):
    """Of those that ring, the one that rings for longest; anybody may, unless it says who.

    Source: KAZOO, cf_group_pickup.
    """

    async def run(self, call: Call, children: Children) -> Branch:
        if not await self.approves(call, default=True):
            await say(call, "pickup-not_allowed")
            return None
        endpoints = await self.endpoints(call)
        if not endpoints:
            await say(call, "pickup-no_users")
            return None
        found = ringing(call, endpoints)
        if found is None or not await pick_up(call, found):
            await say(call, "pickup-no_channels")
        return None
