"""group_pickup: take a call that rings at somebody else's telephone."""

from ari_pivot.call.call import Call
from ari_pivot.call.pickup import ringing
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import PickUp


class GroupPickup(PickUp, Module):
    """Of those that ring, the one that rings for longest; anybody may, unless it says who.

    Source: KAZOO, cf_group_pickup.
    """

    async def run(self, call: Call, children: Children) -> Branch:
        await self.take(call, ringing)
        return None
