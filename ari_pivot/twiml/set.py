"""<Set>: something that every later request of the call says. KAZOO's own."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.twiml.verb import Element, Verb


class Variable(Element):
    """A parameter by its name."""

    key: str = Field(default="", max_length=256)
    value: str = Field(default="", max_length=4096)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.key:
            raise ValueError("needs a key")
        return self


class Set(Verb):
    """What requests say of the call anyway comes above it. Source: KAZOO, kzt_twiml."""

    nests: ClassVar = (Variable,)

    async def run(self, call: Call) -> Pivot | None:
        call.facts.said |= {one.key: one.value for one in self.children}
        return None
