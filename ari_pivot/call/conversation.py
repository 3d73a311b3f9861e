"""The caller and who has answered, together in a bridge."""

from dataclasses import dataclass

from ari_pivot.ari.operations import HANGUP
from ari_pivot.call.bridge import Bridge, add
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Plan, Progress
from ari_pivot.errors import AsteriskError

_NORMAL, _ELSEWHERE = 16, 26  # Q.850 causes


@dataclass(slots=True)
class Conversation:
    """It lasts until one of them leaves, or until it has been told to `end`.

    Somebody else may take the place of who has answered.
    """

    call: Call
    attempt: Attempt
    bridge: Bridge
    ended_by: str = ""

    async def last(self, plan: Plan) -> str:
        """Wait for its end; return who or what ended it, as `Dialled` says it."""
        self._begin()
        keys = self.call.caller.digits
        mark = len(keys)

        def pressed() -> bool:
            return any(key in plan.hangup_on for key in keys[mark:])

        def over() -> bool:
            return bool(self._left()) or pressed()

        try:
            while await self.call.until(lambda: over() or self.attempt.taken, plan.time_limit):
                if over():
                    break
                await self._hand_over(self.attempt)
            return self._left() or ("key" if pressed() else "limit")
        finally:
            if self.attempt.borrowed:
                self.attempt.end(_NORMAL)
            del keys[mark:]  # they were for the other side

    def end(self, by: str) -> None:
        """End it; both stay on their lines."""
        self.ended_by = self.ended_by or by
        self.call.wake()

    def _begin(self) -> None:
        facts = self.call.facts
        self.attempt.step(Progress.BRIDGED)
        facts.bridged, facts.other_leg = True, self.attempt.id
        if facts.at_end or facts.cdr_url:
            self.call.reports.owe(self.call)

    async def _hand_over(self, old: Attempt) -> None:
        """Let somebody take the place of who speaks with the caller, unless they have left."""
        new, old.taken = old.taken, None
        if new is None:
            return
        if not await add(self.call, self.bridge, new.leg):
            new.end(_NORMAL)
            return
        self.attempt = new
        self._begin()
        try:
            if not old.leg.ended:
                await self.call.ari.send(HANGUP, channelId=old.id, reason_code=str(_ELSEWHERE))
        except AsteriskError as error:
            if error.status != 404:
                self.call.warn(error)

    def _left(self) -> str:
        if self.call.ended:
            return "caller"
        if self.ended_by:
            return self.ended_by
        return "callee" if self.attempt.leg.ended else "asterisk" if self.bridge.ended else ""
