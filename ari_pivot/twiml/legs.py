"""The legs of a <Dial>: what is told of them, and asked about them before they are put through."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ari_pivot.call.arrival import sid
from ari_pivot.call.aside import aside
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Progress, Status, Target
from ari_pivot.call.facts import Facts
from ari_pivot.call.instructions import Action, Pivot, absolute
from ari_pivot.call.owed import Owed
from ari_pivot.call.play import send_dtmf
from ari_pivot.call.sip import SipAnswer, sip_answer
from ari_pivot.errors import CallEnded, PivotError
from ari_pivot.twiml.nouns import Noun
from ari_pivot.twiml.params import about, moment
from ari_pivot.twiml.sip import Sip

#: What became of a leg, as TwiML says it.
STATUSES = {status: status.value for status in Status} | {Status.ANSWERED: "completed"}

_EVENTS = {
    Progress.INITIATED: ("initiated", "initiated"),
    Progress.RINGING: ("ringing", "ringing"),
    Progress.ANSWERED: ("answered", "in-progress"),
    Progress.ENDED: ("completed", ""),
}


@dataclass(slots=True)
class Legs:
    """`nouns` say what is wanted of each target; `recorded` is what is told of the recording."""

    call: Call
    nouns: Sequence[tuple[Target, Noun]]
    recorded: Callable[[], dict[str, Any]] = dict
    _told: Counter[str] = field(default_factory=Counter)
    _sending: list["asyncio.Task[None]"] = field(default_factory=list)
    _learning: list["asyncio.Task[None]"] = field(default_factory=list)
    _said: dict[str, SipAnswer] = field(default_factory=dict)  # by the id of the leg

    def noun(self, attempt: Attempt) -> Noun:
        return next(
            noun
            for target, noun in self.nouns
            if any(one is attempt.target for one in target.chain())
        )

    @property
    def screened(self) -> bool:
        """Whether anything is done with who answers before they are put through."""
        return any(noun.url or noun.keys for _, noun in self.nouns)

    async def screen(self, attempt: Attempt) -> bool:
        """Send digits, run the document; False where it declines or fails. Raises CallEnded."""
        noun = self.noun(attempt)
        await asyncio.gather(*self._learning)  # its document is told what it said
        with aside(self.call, attempt, self.facts(attempt)) as apart:
            if noun.keys:
                await send_dtmf(apart, noun.keys)
            if not noun.url:
                return True
            url = absolute(noun.base, noun.url)
            try:
                action = Action(url, noun.method, req_format="twiml")
                await apart.customer.follow(apart, Pivot(url, noun.method, action=action))
            except CallEnded:
                raise
            except PivotError as error:
                self.call.warn(error, "error")
                return False
        return True

    def tell(self, attempt: Attempt, step: Progress) -> None:
        """Owe the status callback of a step, where it is wanted."""
        noun = self.noun(attempt)
        if isinstance(noun, Sip) and step in {Progress.RINGING, Progress.ANSWERED}:
            self._learning.append(asyncio.create_task(self._learn(attempt)))
        event, status = _EVENTS.get(step, ("", ""))
        if not noun.status_callback or event not in noun.status_callback_event:
            return
        owed = Owed(
            kind="callback",
            url=absolute(noun.base, noun.status_callback),
            params=self._params(attempt, status),
            method=cast("Literal['GET', 'POST']", noun.status_callback_method),
            scheme="twiml",
        )
        self._sending.append(asyncio.create_task(self.call.reports.send(self.call, owed)))

    async def _learn(self, attempt: Attempt) -> None:
        answer = await sip_answer(self.call, attempt.id, answered=attempt.answered)
        if answer.call_id:
            self._said[attempt.id] = answer

    def sip_told(self, attempt: Attempt) -> dict[str, str]:
        """Return what the action is told of a <Sip>; what is not known is left out."""
        answer, status = self._said.get(attempt.id, SipAnswer()), sip_status(attempt)
        told = {"DialSipCallId": answer.call_id, "DialSipResponseCode": str(status or "")}
        told |= {f"DialSipHeader_{name}": value for name, value in answer.headers.items()}
        return {name: value for name, value in told.items() if value}

    async def told(self) -> None:
        """Return when every status callback is written down, and what legs said is known."""
        await asyncio.gather(*self._sending, *self._learning)

    def _params(self, attempt: Attempt, status: str) -> dict[str, Any]:
        number = self._told[attempt.id]
        self._told[attempt.id] += 1
        params = about(self.facts(attempt), self.call.customer.account)
        params |= {
            "CallStatus": status or STATUSES[attempt.status or Status.FAILED],
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(number),
            "Timestamp": moment(self.call.clock()),
        }
        if Progress.ENDED in attempt.at:
            seconds = duration(attempt)
            params |= {"CallDuration": str(seconds), "Duration": str(math.ceil(seconds / 60))}
            if code := sip_status(attempt):
                params["SipResponseCode"] = str(code)
            if attempt.answered:
                params |= self.recorded()
        return params

    def facts(self, attempt: Attempt) -> Facts:
        caller, shown = self.call.facts, attempt.target.identity
        said = self._said.get(attempt.id, SipAnswer())
        return Facts(
            id=attempt.id,
            sid=sid(attempt.id),
            parent=caller.sid,
            caller_number=shown.number if shown else caller.caller_number,
            caller_name=shown.name if shown else caller.caller_name,
            dialled=attempt.target.name,
            sip_call_id=said.call_id,
            sip_headers=dict(said.headers),
            language=caller.language,
            language_set=caller.language_set,
            started_at=attempt.at[Progress.INITIATED],
            answered_at=attempt.at.get(Progress.ANSWERED),
        )


def duration(attempt: Attempt) -> int:
    """Return the whole seconds between answer and end."""
    at = attempt.at
    answered = at.get(Progress.ANSWERED)
    return 0 if answered is None else round(at[Progress.ENDED] - answered)


def sip_status(attempt: Attempt) -> int:
    """Return the last SIP status of a leg, 0 where there was none."""
    return 200 if attempt.answered else attempt.sip
