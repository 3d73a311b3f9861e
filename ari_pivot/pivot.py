"""The life of a call: ask, do as told, ask again, report."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from ari_pivot import redact
from ari_pivot.call.answer import answer, give_back, hangup
from ari_pivot.call.call import FALLBACK, Call
from ari_pivot.call.ending import settle
from ari_pivot.call.instructions import Action, Instructions, Pivot, absolute
from ari_pivot.call.play import Played, play
from ari_pivot.call.source import Source
from ari_pivot.call.waiting import Waiting, entertained
from ari_pivot.errors import (
    AsteriskError,
    CallEnded,
    Code,
    InstructionError,
    PivotError,
    WebError,
)
from ari_pivot.reconcile import silence
from ari_pivot.web.ask import Answer, Asker

log = structlog.get_logger()

_BURST = 10.0  # seconds over which the faster of the two guards counts


async def _at_once(_: Call) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Control:
    """What the life of a call needs beside the call.

    `owe` is told when a call's report changes, `written` is awaited until that is durable, `report`
    at its end. `documents` a call may ask for in all, `burst` in ten seconds. `debug` has every
    call kept in the debug log. `waiting` is heard while an answer takes long.
    """

    asker: Asker
    fallback: Source | None
    owe: Callable[[Call], None]
    report: Callable[[Call], Awaitable[None]]
    documents: int = 1000
    burst: int = 50
    debug: bool = False
    written: Callable[[Call], Awaitable[None]] = _at_once
    waiting: Waiting | None = None


async def run(call: Call, instructions: Instructions, control: Control) -> None:
    """Run a call from its first instructions to its end."""
    call.customer = _Customer(control)
    try:
        await _Talk(call, control).follow(instructions)
        await hangup(call, by="callee" if call.left_by == "callee" else "pivot")
    except CallEnded:
        log.debug("call.left", doing=call.doing)
    except PivotError as error:
        await fail(call, error, control)


@dataclass(frozen=True, slots=True)
class _Customer:
    """The customer's web server, for instructions that ask beside the call's own talk."""

    control: Control

    @property
    def account(self) -> str:
        return self.control.asker.account

    async def follow(self, call: Call, pivot: Pivot) -> None:
        talk = _Talk(call, self.control, own=False)
        await talk.follow(await talk.ask(pivot))


@dataclass(slots=True)
class _Talk:
    """An exchange with the customer's server: where it stands.

    What the call owes at its end is decided by its `own` talk, not by those beside.
    """

    call: Call
    control: Control
    own: bool = True
    action: Action | None = None
    base: str = ""
    asked: deque[float] = field(default_factory=deque)
    documents: int = 0

    async def follow(self, instructions: Instructions | None) -> None:
        """Do as told, and ask again, until there is nothing more to do.

        Raises CallEnded, and the failure that no `_` child took.
        """
        while instructions:
            try:
                pivot = await instructions.run(self.call)
                self.call.begin("")
                instructions = await self.ask(pivot) if pivot else self.resume()
            except CallEnded:
                raise
            except PivotError as error:
                if error.code == Code.VERB_LIMIT:  # then there is no more to be done instead
                    raise
                otherwise = (self.action and self.action.otherwise) or self.resume()
                if otherwise is None:
                    raise
                self.call.warn(error, "error")
                self.action, instructions = None, otherwise

    def resume(self) -> Instructions | None:
        """Return to the instructions that called those which are over."""
        return self.call.outer.pop() if self.call.outer else None

    async def ask(self, pivot: Pivot) -> Instructions | None:
        """Ask for the next instructions; None when the answer is that there are none."""
        if pivot.action:
            self.action, self.base = pivot.action, ""
        self.guard()
        self.call.left_by = ""  # what follows is what the answer says
        action = self.action
        if action is None:
            raise PivotError("no pivot action to go on with")
        if pivot.action and self.own:
            self.call.facts.cdr_scheme = action.req_format
            self.call.facts.debug = action.debug or self.control.debug
            self.owe(action.cdr_url if action.req_format == "twiml" else "")
            await self.control.written(self.call)  # a server that was asked is told the end
        async with entertained(self.call, self.control.waiting):
            answer = await self.answer(pivot, action)
        self.base = answer.url
        # A callflow takes the call over: from here webhooks tell its end. Source: KAZOO, pivot_call
        self.owe(action.cdr_url if answer.language == "twiml" else "")
        if answer.language == "twiml":  # it ends the call at its end. Source: KAZOO, kzt_twiml
            self.call.outer.clear()
        return answer.instructions

    async def answer(self, pivot: Pivot, action: Action) -> Answer:
        """Ask, and where that fails ask the fallback URL; raises what the last one raises."""
        asker = self.control.asker
        try:
            return await asker.ask(pivot, action, self.call, self.base, self.documents)
        except (WebError, InstructionError) as error:
            if not action.fallback_url:
                raise
            self.call.warn(error, "error")
            self.guard()
            url = redact.credentials(absolute(self.base, pivot.url).partition("#")[0])
            params = {"ErrorCode": error.code, "ErrorUrl": url}
        fallback = Pivot(action.fallback_url, action.fallback_method, params)
        return await asker.ask(fallback, action, self.call, "", self.documents)

    def owe(self, cdr_url: str) -> None:
        """Have written down what is owed at the end, and how the call stands by now."""
        facts = self.call.facts
        if self.own and (cdr_url or facts.cdr_url):
            facts.cdr_url = cdr_url
            self.control.owe(self.call)

    def guard(self) -> None:
        """Stop a call that only asks: documents in all, and in ten seconds."""
        now = self.call.clock()
        self.documents += 1
        self.asked.append(now)
        while self.asked[0] < now - _BURST:
            self.asked.popleft()
        if self.documents > self.control.documents or len(self.asked) > self.control.burst:
            raise PivotError("asks for documents in a loop", code=Code.CALL_LIMIT, where=self.base)


async def take_over(call: Call, control: Control) -> None:
    """End a call whose process has died, whatever that has had played to it."""
    await silence(call.ari, call.caller.id)
    error = PivotError("ari_pivot was restarted during the call", code=Code.RESTARTED)
    await fail(call, error, control)


async def turn_away(call: Call, refusal: PivotError) -> None:
    """Give a call back that is one too many, without anything that costs."""
    call.warn(refusal, "error")
    try:
        await give_back(call, reason(refusal))
    except CallEnded:
        pass
    except PivotError:
        await let_go(call)
    settle(call)


async def fail(call: Call, error: PivotError, control: Control) -> None:
    """End a call that went wrong: the fallback sound, or back to the dialplan."""
    call.warn(error, "error")
    call.begin(FALLBACK)
    try:
        if await _said(call, control.fallback):
            await hangup(call)
        else:
            await give_back(call, reason(error))
    except CallEnded:
        pass
    except PivotError as worse:
        call.warn(worse, "error")
        await let_go(call)


def reason(error: PivotError) -> str:
    """Say what the dialplan is told of an error, in `PIVOT_REASON`."""
    return f"{error.code} {error.message}"[:200]


async def let_go(call: Call) -> None:
    """Hang up; what Asterisk says against it is only noted."""
    try:
        await hangup(call)
    except PivotError as error:
        call.warn(error, "error")


async def _said(call: Call, fallback: Source | None) -> bool:
    """Answer and play the fallback sound; False when there is none, or none to be heard."""
    try:
        if fallback:
            await answer(call)
        return fallback is not None and await play(call, fallback) is not Played.FAILED
    except AsteriskError as error:
        call.warn(error, "error")
        return False
