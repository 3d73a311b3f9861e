"""Those who can be dialled, as the script says."""

import asyncio
from collections.abc import Callable, Mapping

from ari_pivot.simulator.asterisk.dialling import Leg
from ari_pivot.simulator.asterisk.far import FarEnd
from ari_pivot.simulator.script import Party

_BUSY, _DECLINED, _NOT_FOUND = 486, 603, 404  # SIP
_NOBODY = Party(fail=_NOT_FOUND)


class Callee(FarEnd):
    """Somebody who is dialled. Times are the loop's, None for what did not happen."""

    def __init__(self, to: str, party: Party) -> None:
        self.to = to
        self.answered_at: float | None = None
        self.bridged_at: float | None = None
        self.ended_at: float | None = None
        self.hung_up = False
        self.cause: int | None = None
        self.sip: int | None = None
        self._party = party
        self._leg: Leg | None = None
        self._loop = asyncio.get_running_loop()
        self.dialled_at = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def dialled(self, leg: Leg) -> None:
        self.dialled_at, self._leg = self._loop.time(), leg
        if self._party.ring or self._party.no_answer:
            leg.ring()
        if not self._party.no_answer:
            self._later(self._party.ring, self._decide, leg)

    def answered(self) -> None:
        self.answered_at = self._loop.time()
        for place, key in enumerate(self._party.press or ""):
            self._loop.call_later(1.1 + 0.2 * place, self._press, key)
        if self._party.talk is not None:
            self._later(self._party.talk, self._leave)

    def bridged(self) -> None:
        self.bridged_at = self.bridged_at or self._loop.time()

    def gone(self, cause: int, sip: int) -> None:
        self.ended_at = self._loop.time()
        self.cause, self.sip = cause, sip
        if self._timer:
            self._timer.cancel()

    def _decide(self, leg: Leg) -> None:
        party = self._party
        if party.answer:
            leg.answer()
        elif party.busy:
            leg.refuse(_BUSY)
        else:
            leg.refuse(party.fail or (_DECLINED if party.reject is True else party.reject or 0))

    def _press(self, key: str) -> None:
        if self._leg and self.ended_at is None:
            self._leg.press(key, 0.1)

    def _leave(self) -> None:
        if self._leg and self._party.refer:
            self._leg.refer(self._party.refer)
        elif self._leg:
            self.hung_up = True
            self._leg.leave()

    def _later(self, seconds: float, then: Callable[..., None], *args: object) -> None:
        self._timer = self._loop.call_later(seconds, then, *args)


class Parties:
    """Everybody who can be dialled, and who was."""

    def __init__(self, scripted: Mapping[str, Party]) -> None:
        self._scripted = scripted
        self.dialled: list[Callee] = []

    def find(self, endpoint: str) -> Callee:
        """Return who stands behind an endpoint, `PJSIP/+15550002222@trunk` or `PJSIP/alice`."""
        names = _names(endpoint)
        known = next((name for name in names if name in self._scripted), None)
        callee = Callee(known or names[0], self._scripted.get(known or "", _NOBODY))
        self.dialled.append(callee)
        return callee


def _names(endpoint: str) -> list[str]:
    """Return what an endpoint may be called in a script, what it is called here first.

    `PJSIP/trunk/sip:bob@example.com` is `sip:bob@example.com`, `Local/100@context` is `100`.
    """
    technology, _, resource = endpoint.partition("/")
    if technology == "Local":
        resource = resource.partition("/")[0]  # behind it stand options
    last = resource.rpartition("/")[2]
    scheme, colon, address = last.rpartition(":")
    user = address.partition("@")[0]
    return (
        [last, user, resource, endpoint] if colon and scheme else [user, last, resource, endpoint]
    )
