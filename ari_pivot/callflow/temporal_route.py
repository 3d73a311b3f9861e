"""temporal_route: branch by the time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import switches
from ari_pivot.callflow.ask import ask, seconds
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module
from ari_pivot.callflow.recurrence import applies

_ACTIONS = {"1": "enable", "2": "disable", "3": "reset"}
_STATES = {"enable": switches.ON, "disable": switches.OFF, "reset": switches.UNSET}
_SAYS = {
    "enable": "temporal-marked_enabled",
    "disable": "temporal-marked_disabled",
    "reset": "temporal-marker_reset",
}
_RULE_SET = "rule_set"


class TemporalRoute(Module):
    """The child is the first rule, or set of rules, of the directory that applies now.

    Asked are `rules`, then the children, then `rule_set`, whose child is `rule_set`. An action
    enables or disables `rules` for all calls, until it is reset. Source: KAZOO, cf_temporal_route.
    """

    action: Maybe[Literal["menu", "enable", "disable", "reset"]] = None
    interdigit_timeout: Maybe[Integer] = None
    rule_set: str = ""
    rules: list[str] = Field(default_factory=list)
    timezone: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        if self.action:
            await answer(call)
            await self._switch(call, self.action)
            return None
        now = datetime.fromtimestamp(call.clock(), self._zone(call))
        for id_, child in self._named(call, children):
            rule = directory_of(call).temporal_rules.get(id_)
            if rule is None:
                continue
            forced = await switches.state(call, f"temporal-{id_}")
            if forced == switches.ON or (forced != switches.OFF and applies(rule, now)):
                return child
        return NEXT

    def _named(self, call: Call, children: Children) -> Iterator[tuple[str, str]]:
        """Yield ids of rules, each with the child to take, in the order in which they count."""
        sets = directory_of(call).temporal_rule_sets
        for id_ in [*self.rules, *(child for child in children if child != NEXT)]:
            yield from (
                (rule, id_) for rule in (sets[id_].temporal_rules if id_ in sets else [id_])
            )
        if self.rule_set in sets:
            yield from ((rule, _RULE_SET) for rule in sets[self.rule_set].temporal_rules)

    def _zone(self, call: Call) -> ZoneInfo:
        everybody = directory_of(call)
        parties = caller(call, "device")[1], caller(call, "user")[1], everybody.account
        known = [one.timezone for one in parties if one and one.timezone]
        for name in [self.timezone, *known]:
            try:
                return ZoneInfo(name)
            except (ValueError, KeyError, OSError):
                continue
        return ZoneInfo(everybody.timezone)

    async def _switch(self, call: Call, action: str) -> None:
        while action not in _STATES:
            pause = seconds(self.interdigit_timeout)
            digits = await ask(call, Prompt("temporal-menu"), 1, interdigit_timeout=pause)
            action = _ACTIONS.get(digits, action)
        for id_ in self.rules:
            await switches.set_state(call, f"temporal-{id_}", _STATES[action])
        await play(call, Prompt(_SAYS[action]))
