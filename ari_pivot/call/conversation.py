"""The caller and who has answered, together in a bridge."""

from dataclasses import dataclass

from ari_pivot.call.bridge import Bridge
from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Attempt, Plan, Progress


@dataclass(slots=True)
class Conversation:
    """It lasts until one of them leaves, or until it has been told to `end`."""

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

        await self.call.until(lambda: self._left() or pressed(), plan.time_limit)
        ended_by = self._left() or ("key" if pressed() else "limit")
        del keys[mark:]  # they were for the other side
        return ended_by

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

    def _left(self) -> str:
        if self.call.ended:
            return "caller"
        if self.ended_by:
            return self.ended_by
        return "callee" if self.attempt.leg.ended else "asterisk" if self.bridge.ended else ""
