"""Hearing the keys of two who speak, and doing what they stand for. Source: KAZOO, konami."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from ari_pivot.call.call import Call
from ari_pivot.call.conversation import Conversation
from ari_pivot.call.dialled import Target
from ari_pivot.callflow.directory import caller
from ari_pivot.callflow.metaflow.command import Pressed
from ari_pivot.callflow.metaflow.metaflows import Metaflows, Node, of, read
from ari_pivot.callflow.module import NEXT, Branch
from ari_pivot.errors import CallEnded, PivotError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose metaflows they are: the caller's, or those of who has answered."""

    metaflows: Metaflows
    is_caller: bool

    def listens_to(self, *, caller: bool) -> bool:
        """Tell whether the keys of one of the two count."""
        listens = self.metaflows.listen_on
        return listens == "both" or (listens == "self") == (caller == self.is_caller)


def owners_of(call: Call) -> list[Owner]:
    """Return the caller as the owner of metaflows.

    They are those of the callflow that has taken the number, and those of the telephone that calls,
    if it is one of the directory. Source: KAZOO, cf_route_win.
    """
    device, user = caller(call, "device")[1], caller(call, "user")[1]
    own = of(call, device, [user]) if device or user else None
    theirs = [read(call, call.facts.metaflows), own]
    return [Owner(one, is_caller=True) for one in theirs if one]


class Way(Protocol):
    """One way to somebody, with their metaflows."""

    @property
    def target(self) -> Target: ...

    @property
    def metaflows(self) -> Metaflows | None: ...


@dataclass(slots=True)
class Listener:
    """Runs beside a conversation; `then` is where the caller goes after it."""

    ways: Sequence[Way]
    caller: Sequence[Owner]
    then: Branch = None
    _taken: dict[bool, int] = field(default_factory=dict)

    @property
    def hears(self) -> bool:
        """Whether any keys do anything."""
        return bool(self.caller) or any(way.metaflows for way in self.ways)

    def owners(self, talk: Conversation) -> list[Owner]:
        """Return whose metaflows hold: the caller's, and those of who has answered."""
        theirs = next(
            (way.metaflows for way in self.ways if way.target is talk.attempt.target), None
        )
        return [
            *self.caller,
            *([Owner(theirs, is_caller=False)] if theirs else []),
        ]

    async def listen(self, talk: Conversation) -> None:
        """Wait for a binding digit, collect what follows, do it, and again."""
        self._catch_up(talk)
        while True:
            await talk.call.until(lambda: self._new(talk) is not None)
            side = self._new(talk)
            if side is None:
                continue
            key = self._take(talk, caller=side)
            heard = (one for one in self.owners(talk) if one.listens_to(caller=side))
            theirs = [one.metaflows for one in heard if one.metaflows.binding_digit == key]
            if theirs:
                digits = await self._collect(talk, theirs[0], caller=side)
                found = filter(None, (one.find(digits) for one in theirs))
                await self._do(talk, next(found, None), caller=side)
                self._catch_up(talk)  # what was pressed meanwhile was for what ran

    async def _collect(self, talk: Conversation, metaflows: Metaflows, *, caller: bool) -> str:
        """Return what is pressed, until nothing is for a while."""
        digits = ""
        while await talk.call.until(
            lambda: len(self._keys(talk, caller=caller)) > self._taken[caller], metaflows.seconds
        ):
            digits += self._take(talk, caller=caller)
        return digits

    async def _do(
        self, talk: Conversation, found: "tuple[Node, str] | None", *, caller: bool
    ) -> None:
        """Do one after the other; what goes wrong is noted."""
        if found is None:
            return
        node: Node | None
        node, capture = found
        while node:
            log.debug("call.metaflow", call=talk.call.facts.id, name=node.module)
            try:
                await node.command.run(Pressed(talk, caller, capture, self._go))
            except CallEnded:
                raise
            except PivotError as error:
                talk.call.warn(error)
            node = node.children.get(NEXT)

    def _go(self, branch: Branch) -> None:
        self.then = branch

    def _catch_up(self, talk: Conversation) -> None:
        self._taken = {side: len(self._keys(talk, caller=side)) for side in (True, False)}

    def _new(self, talk: Conversation) -> bool | None:
        """Return who has pressed a key: True is the caller, None nobody."""
        return next(
            (side for side in (True, False)
             if len(self._keys(talk, caller=side)) > self._taken[side]), None
        )  # fmt: skip

    def _take(self, talk: Conversation, *, caller: bool) -> str:
        self._taken[caller] += 1
        return self._keys(talk, caller=caller)[self._taken[caller] - 1]

    def _keys(self, talk: Conversation, *, caller: bool) -> list[str]:
        return talk.call.caller.digits if caller else talk.attempt.leg.digits
