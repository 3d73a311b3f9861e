"""The configuration read again while calls live: taken whole, or refused whole."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog

from ari_pivot.compose import Parts, configure
from ari_pivot.config import Config
from ari_pivot.errors import ConfigError, PivotError
from ari_pivot.web.address import Allowed

log = structlog.get_logger()

#: What takes effect with the next call or request; everything else with the next start.
_AT_ONCE = (
    "routes", "fallback", "webhooks", "directory", "calls", "media.prompts", "debug.all",
    "web.allow", "web.auth_token", "web.shared_keys", "web.account_id", "web.connect_timeout",
    "web.retries", "web.strict", "web.waiting", "web.breaker_failures", "web.breaker_pause",
    "reports.first", "reports.longest", "reports.give_up_after",
)  # fmt: skip


class Reload:
    """`config` is what holds now; `read` reads what is to, and raises ConfigError."""

    def __init__(
        self, config: Config, read: Callable[[], Config], parts: Parts, allowed: Allowed
    ) -> None:
        self.config = config
        self._read = read
        self._parts = parts
        self._allowed = allowed
        self._started_with = config

    def __call__(self) -> None:
        """Read it and do as it says, or say what is wrong and go on as before; never raises."""
        try:
            config = self._read()
            if self.config.routes and not config.routes:
                raise ConfigError("are gone: is it half written?", where="routes")
            configure(self._parts, config)
        except PivotError as error:
            log.error("config.refused", reason=str(error), hint="the one before holds on")
            return
        self._allowed.configure(config.web.allow)
        self.config = config
        if waiting := [*needing_a_start(self._started_with, config)]:
            log.warning("config.needs_restart", settings=waiting)
        log.info("config.reloaded")


def needing_a_start(before: Config, after: Config) -> Iterator[str]:
    """Yield the names of the settings that differ and take effect only with the next start."""
    old, new = _flat(before.model_dump()), _flat(after.model_dump())
    for name in sorted(old.keys() | new.keys()):
        at_once = any(name == one or name.startswith(f"{one}.") for one in _AT_ONCE)
        if not at_once and old.get(name) != new.get(name):
            yield name


def _flat(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by `section.name`."""
    return {
        f"{section}.{name}" if isinstance(settings, dict) else section: value
        for section, settings in sections.items()
        for name, value in (settings.items() if isinstance(settings, dict) else [("", settings)])
    }
