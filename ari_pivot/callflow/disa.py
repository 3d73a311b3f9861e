"""disa: direct inward system access: the caller gets a dial tone and dials on from here."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Tone
from ari_pivot.callflow.ask import ask, seconds
from ari_pivot.callflow.directory import directory_of, look_up, redirect
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Integer, Maybe, Module
from ari_pivot.callflow.restriction import refused

_PIN_LENGTH = 10
_DIAL_TONE = Tone("350+440/10000", 10.0)


class Disa(Module):
    """`interdigit` in milliseconds. Without a `pin` anybody may; after `retries` numbers, `_`.

    Source: KAZOO, cf_disa.
    """

    pin: str = ""
    retries: Integer = 3
    interdigit: Maybe[Integer] = None
    max_digits: Integer = 15
    preconnect_audio: Literal["dialtone", "ringing"] = "dialtone"
    ring_repeat_count: Integer = 1
    enforce_call_restriction: Boolean = False
    use_account_caller_id: Boolean = True

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        if self.pin and not await self._admitted(call):
            await play(call, Prompt("disa-retries_exceeded"))
            return None
        for _ in range(self.retries):
            number = directory_of(call).normal(await self._ask(call, self._tone(), self.max_digits))
            self._identify(call)
            found = await look_up(call, number)
            if found:
                redirect(call, number)
                account = directory_of(call).account
                if self.enforce_call_restriction and await refused(call, number, [account]):
                    return None
                return found.enter(call)
            if number:
                await play(call, Prompt("disa-invalid_extension"))
        return NEXT

    async def _admitted(self, call: Call) -> bool:
        length = max(_PIN_LENGTH, len(self.pin))
        for _ in range(self.retries):
            if await self._ask(call, Prompt("disa-enter_pin"), length) == self.pin:
                return True
            await play(call, Prompt("disa-invalid_pin"))
        return False

    async def _ask(self, call: Call, prompt: Prompt | Tone, digits: int) -> str:
        return await ask(call, prompt, digits, interdigit_timeout=seconds(self.interdigit))

    def _tone(self) -> Tone:
        if self.preconnect_audio == "ringing":
            return Tone("440+480/2000,0/4000", 6.0 * self.ring_repeat_count)
        return _DIAL_TONE

    def _identify(self, call: Call) -> None:
        """Show the account to those who are called, if it has a number of its own."""
        external = directory_of(call).account.caller_id.external
        if self.use_account_caller_id and external.number:
            call.facts.caller_name, call.facts.caller_number = external.name, external.number
