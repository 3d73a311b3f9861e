"""collect_dtmf: collect digits into a named collection."""

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

    Digits pressed before count: they are taken from the collection `default`, up to a terminator.
    What is collected may be empty. Source: KAZOO, cf_collect_dtmf.
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
        collections = call.facts.digits
        call.caller.digits.extend(collections.pop(_DEFAULT, ""))
        collected = await collect(
            call,
            max_digits=self.max_digits,
            timeout=self.timeout / 1000,
            interdigit_timeout=self.interdigit_timeout / 1000,
            terminators=self._terminators(),
        )
        call.caller.digits.clear()
        collections[self.collection_name or _DEFAULT] = collected.digits
        return NEXT

    def _terminators(self) -> str:
        if self.terminator is None and self.terminators is not None:
            return "".join(self.terminators)
        return self.terminator or "#"
