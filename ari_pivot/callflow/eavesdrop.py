"""eavesdrop: listen to a call of somebody else."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.coach import listening
from ari_pivot.call.pickup import speaking
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import Approval, Somebody, say


class Eavesdrop(Approval, Module):
    """Until that call is over. Nobody may, unless it says who. Source: KAZOO, cf_eavesdrop."""

    device_id: str = ""
    user_id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        if not await self.approves(call, default=False):
            await say(call, "eavesdrop-not_allowed")
            return None
        whose = Somebody(device_id=self.device_id, user_id=self.user_id)
        await eavesdrop(call, await whose.endpoints(call))
        return None


async def eavesdrop(call: Call, endpoints: set[str]) -> None:
    """Listen to a call at one of these endpoints of Asterisk's, or say that there is none."""
    if not endpoints:
        await say(call, "pickup-no_users")
        return
    leg = speaking(call, endpoints)
    if leg is None:
        await say(call, "pickup-no_channels")
        return
    await answer(call)
    async with listening(call, leg) as ear:
        await call.until(lambda: ear.ended)
