"""intercept: take over a call that rings at somebody else's telephone, or is spoken on there."""

from ari_pivot.call.call import Call
from ari_pivot.call.pickup import ringing, talking
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import PickUp


class Intercept(PickUp, Module):
    """Who was speaking is hung up; anybody may, unless it says who. Source: KAZOO, cf_intercept."""

    async def run(self, call: Call, children: Children) -> Branch:
        await self.take(call, lambda call, those: ringing(call, those) or talking(call, those))
        return None
