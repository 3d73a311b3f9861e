"""dynamic_cid: give the call another caller id: entered, of a list, or a fixed one."""

from typing import Literal

from pydantic import BaseModel

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Tone
from ari_pivot.callflow import media
from ari_pivot.callflow.ask import ask, seconds
from ari_pivot.callflow.directory import caller, directory_of, look_up, redirect, unknown
from ari_pivot.callflow.hangup import hard_stop
from ari_pivot.callflow.module import NEXT, Boolean, Branch, Children, Integer, Maybe, Module
from ari_pivot.callflow.patterns import search
from ari_pivot.callflow.restriction import refused

_DIGITS = 10
_ACCEPTED = Tone("440/250,0/50", 0.3)


class CallerId(BaseModel):
    name: str = ""
    number: str = ""


class DynamicCid(Module):
    """A list's entry is chosen by the first of the captured digits, the rest are called.

    `interdigit_timeout` in milliseconds. Source: KAZOO, cf_dynamic_cid.
    """

    action: Maybe[Literal["list", "lists", "manual", "static"]] = None
    caller_id: Maybe[CallerId] = None
    enforce_call_restriction: Boolean = True
    id: str = ""
    idx_name: str = ""
    interdigit_timeout: Maybe[Integer] = None
    max_digits: Maybe[Integer] = None
    media_id: str = ""
    min_digits: Maybe[Integer] = None
    permit_custom_callflow: Boolean = False
    whitelist_regex: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        capture = call.facts.capture
        if self.action in {"list", "lists"} and capture:
            return await self._from_list(call, capture)
        if self.action == "static":
            static = self.caller_id or CallerId()
            await _take(call, static.name, static.number)
        else:
            await _take(call, "", await self._enter(call))
        if capture:
            redirect(call, directory_of(call).normal(capture))
        return NEXT

    async def _enter(self, call: Call) -> str:
        """Return the number that the caller enters, empty for none that will do."""
        await answer(call)
        digits = await ask(
            call,
            media.source(self.media_id) or Prompt("dynamic-cid-enter_cid"),
            self.max_digits or _DIGITS,
            interdigit_timeout=seconds(self.interdigit_timeout),
        )
        enough = len(digits) >= (_DIGITS if self.min_digits is None else self.min_digits)
        if not (digits and enough and search(self.whitelist_regex or r"\d+", digits)):
            return ""
        await play(call, _ACCEPTED)
        return digits

    async def _from_list(self, call: Call, capture: str) -> Branch:
        """Take the list's caller id and call the rest of what was captured."""
        listed = directory_of(call).lists.get(self.id)
        if listed is None:
            call.warn(unknown("list", self.id))
            await answer(call)
            await play(call, Prompt("fault-can_not_be_completed_at_this_time"))
            await hard_stop(call)
            return None
        if self.idx_name:
            key, number = call.facts.captures.get(self.idx_name, ""), capture
        else:
            key, number = capture[: listed.length], capture[listed.length :]
        entry = next((one for one in listed.entries if one.cid_key == key), None)
        await _take(call, entry.cid_name if entry else "", entry.cid_number if entry else "")
        number = directory_of(call).normal(number)
        redirect(call, number)
        return await self._call(call, number)

    async def _call(self, call: Call, number: str) -> Branch:
        found = await look_up(call, number)
        if found is None or not (found.no_match or self.permit_custom_callflow):
            await play(call, Prompt("disa-invalid_extension"))
            return None
        if self.enforce_call_restriction:
            everybody = (
                directory_of(call).account,
                caller(call, "user")[1],
                caller(call, "device")[1],
            )
            if await refused(call, number, everybody):
                return None
        return found.enter(call)


async def _take(call: Call, name: str, number: str) -> None:
    """Set the caller id; without a number the caller keeps theirs and is told."""
    facts = call.facts
    if not number:
        await play(call, Prompt("dynamic-cid-invalid_using_default"))
    facts.caller_name, facts.caller_number = (
        name or facts.caller_name,
        number or facts.caller_number,
    )
