"""ring_group: ring several telephones, users and groups."""

import random
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Member, Wish, endpoints
from ari_pivot.callflow.module import Boolean, Branch, Children, Integer, Module


class Ringtones(BaseModel):
    """`Alert-Info` for callers of this installation, and others."""

    internal: str = ""
    external: str = ""

    def of(self, call: Call) -> str:
        return self.internal if caller(call, "device")[0] else self.external


class RingGroup(Module):
    """All together, or one after the other, in their order or one chosen at random by weight.

    Times in seconds: `timeout` is for all, or for each that rings alone. Source: KAZOO,
    cf_ring_group.
    """

    without_effect: ClassVar = {"ignore_forward": "Asterisk's endpoint says it (`redirect_method`)"}

    endpoints: Annotated[list[Member], Field(min_length=1)]
    fail_on_single_reject: Boolean = False
    ignore_forward: Boolean = True
    repeats: Annotated[Integer, Field(ge=1)] = 1
    ringback: str = ""
    ringtones: Ringtones = Field(default_factory=Ringtones)
    strategy: Literal["simultaneous", "single", "weighted_random"] = "simultaneous"
    timeout: Integer = DEFAULT_TIMEOUT

    async def run(self, call: Call, children: Children) -> Branch:
        timeout = self.timeout if self.timeout > 0 else DEFAULT_TIMEOUT
        members = self.endpoints
        if self.strategy == "weighted_random":
            members = shuffled(members)
        found = await endpoints(call)
        for one in members:
            wish = Wish(
                timeout=min(one.timeout or timeout, timeout),
                delay=one.delay,
                alert_info=self.ringtones.of(call),
                direct=False,
            )
            await found.add(one.endpoint_type, one.id, wish)
        ring = Ring(
            timeout=timeout,
            sequential=self.strategy != "simultaneous",
            early_media=False,
            one_refusal_ends=self.fail_on_single_reject,
            ringback=self.ringback,
            repeats=self.repeats,
        )
        return await bridge(call, found, children, ring)


def shuffled(members: Sequence[Member]) -> list[Member]:
    """Return members in a random order: the greater the weight, the sooner; without one it is 20.

    Source: P. Efraimidis, P. Spirakis, Weighted random sampling.
    """
    return sorted(
        members,
        key=lambda one: random.random() ** (1 / (one.weight or 20)),  # noqa: S311 - no secret
        reverse=True,
    )
