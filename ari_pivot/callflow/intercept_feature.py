"""intercept_feature: intercept whom the captured number means."""

from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.callflow.intercept import Intercept
from ari_pivot.callflow.module import Branch, Children, Module
from ari_pivot.callflow.others import Approval, meant, say


class InterceptFeature(Approval, Module):
    """`type` says what the number is: an extension is whom its callflow rings first.

    Source: KAZOO, cf_intercept_feature.
    """

    type: Literal["user", "device", "extension"] = "extension"

    async def run(self, call: Call, children: Children) -> Branch:
        who = meant(call, self.type)
        if who is None:
            await say(call, "park-no_caller")
            return None
        approved = self.model_dump(include=set(Approval.model_fields))
        return await Intercept(**approved, **who).run(call, children)
