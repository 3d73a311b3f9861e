"""<Dial>: put the caller through to somebody."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Dialled, Identity, Plan, Status, Target
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.numbers import e164
from ari_pivot.call.source import Tone
from ari_pivot.errors import AsteriskError, CallEnded, Code, InstructionError
from ari_pivot.twiml.action import after
from ari_pivot.twiml.application import Application
from ari_pivot.twiml.client import Client
from ari_pivot.twiml.conference import Conference
from ari_pivot.twiml.legs import STATUSES, Legs, duration
from ari_pivot.twiml.meeting import Meeting
from ari_pivot.twiml.nouns import Noun
from ari_pivot.twiml.number import Number
from ari_pivot.twiml.queue import Queue
from ari_pivot.twiml.sip import Sip
from ari_pivot.twiml.tape import RecordedDial, Tape
from ari_pivot.twiml.user import Device, User
from ari_pivot.twiml.verb import Flag, Method, Verb

_MOST = 10  # nouns
_REFERRED = "ReferTransferTarget"

#: The countries whose tones there are; Asterisk's have the same names.
_TONES = (
    "at|au|bg|br|be|ch|cl|cn|cz|de|dk|ee|es|fi|fr|gr|hu|il|in|it|lt|jp|mx|my|nl|no|nz|ph|pl|pt|ru"
    "|se|sg|th|uk|us|us-old|tw|ve|za"
)


class Dial(Verb, RecordedDial):
    """Who answers first is put through; `timeout` and `timeLimit` in seconds.

    Without `action` the next verb follows. The caller is answered at once, with `answerOnBridge`
    when somebody is. With `referUrl`, a REFER of who was dialled ends the conversation, and that
    URL says how the caller goes on. `hangupOn` and `strategy` are KAZOO's. Source: TwiML reference,
    Dial.
    """

    nests: ClassVar = (Number, Sip, Client, Device, User, Application, Conference, Queue)
    nest_code: ClassVar = 13215
    codes: ClassVar = {
        "method": 13210, "timeout": 13212, "hangupOnStar": 13213, "callerId": 13214,
        "timeLimit": 13216, "record": 13217,
    }  # fmt: skip

    without_effect: ClassVar = {
        "callReason": "not shown to who is called",
        "events": "no such events",
        "passports": "who carries the call signs it",
        "recordingConfigurationId": "no recording configurations",
    }

    action: str | None = None
    method: Method = "POST"
    timeout: int = Field(default=30, ge=1, le=600)
    time_limit: int = Field(default=14_400, ge=1)
    caller_id: str = Field(default="", max_length=256)
    hangup_on_star: Flag = False
    answer_on_bridge: Flag = False
    ring_tone: str = Field(default="", pattern=f"^({_TONES})$")
    sequential: Flag = False
    refer_url: str = ""
    refer_method: Method = "POST"
    call_reason: str = ""
    events: str = ""
    passports: str = ""
    hangup_on: str = Field(default="", pattern=r"^[0-9*#]?$")
    strategy: Literal["simultaneous", "single"] = "simultaneous"
    text: str = ""

    @model_validator(mode="after")
    def _few(self) -> "Dial":
        if len(self.children) > _MOST:
            raise ValueError(f"more than {_MOST} to dial")
        if len(self.children) > 1 and any(isinstance(one, Meeting) for one in self.children):
            raise ValueError("has a conference or queue, and something else")
        return self

    async def run(self, call: Call) -> Pivot | None:
        if call.facts.parent:
            raise InstructionError(
                "a dialled leg cannot dial", code=Code.DIAL_IN_LEG, where=self.where
            )
        told = await self._meet(call) if self._meeting else await self._legs(call)
        if (to := told.pop(_REFERRED, "")) and not call.ended:
            return Pivot(self.refer_url, self.refer_method, {_REFERRED: to})
        return await after(call, self.action, self.method, told, self.base)

    @property
    def _meeting(self) -> Meeting | None:
        return next((one for one in self.children if isinstance(one, Meeting)), None)

    async def _meet(self, call: Call) -> dict[str, Any]:
        """Put the caller where others are; an Asterisk that refuses is a result."""
        failed = {"DialCallStatus": "failed", "DialBridged": "false"}
        try:
            return await self._meeting.meet(call, self) if self._meeting else failed
        except CallEnded:
            if not call.caller.ended:
                raise
            return failed | {"DialCallStatus": "canceled"}
        except AsteriskError as error:
            call.warn(error)
            return failed

    async def _legs(self, call: Call) -> dict[str, Any]:
        tape = Tape(self, call)
        legs = Legs(call, list(self._targets(call)), lambda: tape.told)
        try:
            dialled = await self._dial(call, legs, tape)
        finally:
            await legs.told()
            await tape.end()
        return _told(dialled, legs) | tape.told

    async def _dial(self, call: Call, legs: Legs, tape: Tape) -> Dialled:
        """Dial; a caller who leaves, and an Asterisk that refuses, are results."""
        plan = Plan(
            targets=[target for target, _ in legs.nouns],
            sequential=self.sequential or self.strategy == "single",
            ringback=Tone(f"ring;tonezone={self.ring_tone}") if self.ring_tone else None,
            time_limit=self.time_limit,
            hangup_on="*" if self.hangup_on_star else self.hangup_on,
            screen=legs.screen if legs.screened else None,
            bridged=tape.bridged,
            on_progress=legs.tell,
        )
        try:
            if not self.answer_on_bridge:
                await answer(call)
            if not plan.targets:
                return Dialled(Status.FAILED, ())
            await tape.ringing()
            return await dial(call, plan)
        except CallEnded:
            if not call.caller.ended:
                raise
            return Dialled(Status.CANCELED, ())
        except AsteriskError as error:
            call.warn(error)
            return Dialled(Status.FAILED, ())

    def _targets(self, call: Call) -> Iterator[tuple[Target, Noun]]:
        """Yield who may be dialled; who may not is noted."""
        plain = Number(text=self.text, where=self.where)
        for noun in self.children or ([plain] if self.text else []):
            try:
                shown = self._shown(call, noun)
                for target in noun.targets(call, self.timeout, shown):
                    yield (target.referring() if self.refer_url else target), noun
            except InstructionError as error:
                call.warn(error)

    def _shown(self, call: Call, noun: Noun) -> Identity | None:
        """Return who is shown to be calling, None for the caller; raises InstructionError.

        A number has to be one of the call's own, or one that the configuration allows.
        """
        if not self.caller_id:
            return None
        facts, region = call.facts, call.directory.region
        shown = e164(self.caller_id.removeprefix("client:"), region)
        own = {facts.caller_number, facts.dialled, *call.directory.devices}
        if not isinstance(noun, Sip) and shown not in own and not call.directory.may_show(shown):
            raise InstructionError(
                f"{shown!r} may not be shown", code=Code.CALLER_ID, where=f"{self.where}/@callerId"
            )
        return Identity(shown)


def _told(dialled: Dialled, legs: Legs) -> dict[str, Any]:
    """Return what `action` is told."""
    told = {
        "DialCallStatus": STATUSES[dialled.status],
        "DialBridged": str(dialled.winner is not None).lower(),
    }
    if attempt := dialled.decisive or next(iter(reversed(dialled.attempts)), None):
        leg = legs.facts(attempt)
        told |= {"DialCallSid": leg.sid, "DialCallDuration": str(duration(attempt))}
        told |= attempt.returned
        if isinstance(legs.noun(attempt), Sip):
            told |= legs.sip_told(attempt)
    if dialled.ended_by == "refer" and dialled.winner:
        told[_REFERRED] = dialled.winner.leg.refer_to
    return told
