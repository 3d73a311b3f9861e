"""collect_dtmf: collect digits into a named collection."""

from itertools import takewhile
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.collect import collect
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module, keep_digits

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]

_DEFAULT = "default"


def _different(keys: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(keys)) < len(keys):
        raise ValueError("has a key twice")
    return keys


class CollectDtmf(Module):
    """`timeout` for the first digit and `interdigit_timeout` in milliseconds.

    Digits pressed before count: they are taken from the collection `default`, up to a terminator,
    which ends it. For the first of the others there is `timeout` again. What is collected may be
    empty. Source: KAZOO, cf_collect_dtmf.
    """

    collection_name: str = _DEFAULT
    max_digits: Annotated[Integer, Field(ge=1)] = 1
    timeout: Annotated[Integer, Field(ge=1)] = 5000
    interdigit_timeout: Annotated[Integer, Field(ge=1)] = 2000
    terminator: Maybe[Key] = None
    terminators: Maybe[Annotated[tuple[Key, ...], AfterValidator(_different)]] = None

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        keep_digits(call)
        collections, terminators = call.facts.digits, self._terminators()
        early = collections.pop(_DEFAULT, "")
        taken = "".join(takewhile(lambda key: key not in terminators, early))[: self.max_digits]
        if taken == early and len(taken) < self.max_digits:
            collected = await collect(
                call,
                max_digits=self.max_digits - len(taken),
                timeout=self.timeout / 1000,
                interdigit_timeout=self.interdigit_timeout / 1000,
                terminators=terminators,
            )
            taken += collected.digits
        call.caller.digits.clear()
        collections[self.collection_name or _DEFAULT] = taken
        return NEXT

    def _terminators(self) -> str:
        if self.terminator is None and self.terminators is not None:
            return "".join(self.terminators)
        return self.terminator or "#"
