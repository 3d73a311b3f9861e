"""The configuration read again on SIGHUP: whole, or not at all."""

import pytest
from structlog.testing import capture_logs
from web_fakes import Web

from ari_pivot import config
from ari_pivot.ari.client import Ari
from ari_pivot.compose import Outside, compose
from ari_pivot.errors import ConfigError
from ari_pivot.reload import Reload
from ari_pivot.simulator.speech import Pace
from ari_pivot.store.database import Database
from ari_pivot.web.address import Allowed

pytestmark = pytest.mark.virtual

ROUTE = {"numbers": ["1000"], "voice_url": "http://a.example/"}
OTHER = {"numbers": ["2000"], "voice_url": "http://b.example/"}


class Process:
    """A process with one route; `says` is what the file says now, and may be an exception."""

    def __init__(self, tmp_path, **more):
        self.fixed = {"media": {"directory": tmp_path, "asterisk_directory": str(tmp_path)}}
        self.says = self._config({"routes": [ROUTE]} | more)
        outside = Outside(Ari(), Web(), Database("sqlite://", threaded=False), lambda _: Pace())
        self.parts = compose(self.says, outside)
        self.allowed = Allowed(self.says.web.allow)
        self.reload = Reload(self.says, self._read, self.parts, self.allowed)

    def hangs_up(self, says):
        """Send SIGHUP; return the events that are logged, with what they say."""
        self.says = says if isinstance(says, Exception) else self._config(says)
        with capture_logs() as logs:
            self.reload()
        return {line["event"]: line for line in logs}

    def takes(self, number):
        try:
            self.parts.switchboard.router(number, {})
        except ConfigError:
            return False
        return True

    def _config(self, says):
        return config.build(self.fixed | says, "test")

    def _read(self):
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


async def test_the_routes_of_the_new_file_take_the_next_calls(tmp_path):
    process = Process(tmp_path)
    logged = process.hangs_up({"routes": [OTHER]})
    assert (process.takes("1000"), process.takes("2000")) == (False, True)
    assert set(logged) == {"config.reloaded"}


async def test_a_faulty_file_is_refused_and_everything_stays(tmp_path):
    process = Process(tmp_path, web={"allow": ["10.0.0.1"]})
    before = process.parts.switchboard.control
    logged = process.hangs_up(ConfigError("must be a number", where="calls.longest"))
    assert process.takes("1000")
    assert process.parts.switchboard.control is before
    assert logged["config.refused"]["log_level"] == "error"
    assert "calls.longest" in logged["config.refused"]["reason"]
    assert "config.reloaded" not in logged


async def test_a_file_that_was_emptied_is_refused_too(tmp_path):
    process = Process(tmp_path)
    logged = process.hangs_up({})
    assert process.takes("1000")
    assert logged["config.refused"]["reason"] == "routes: are gone: is it half written?"


async def test_a_file_that_reads_well_but_cannot_be_used_changes_nothing_either(tmp_path):
    process = Process(tmp_path)
    before = process.parts.switchboard.media
    process.says = process.says.model_copy(
        update={
            "routes": [],
            "media": process.says.media.model_copy(update={"prompts": {"x": "shout://x"}}),
        }
    )
    with capture_logs() as logs:
        process.reload()
    assert process.takes("1000")
    assert process.parts.switchboard.media is before
    assert [line["event"] for line in logs] == ["config.refused"]


async def test_limits_keys_webhooks_and_addresses_are_taken_over(tmp_path):
    process = Process(tmp_path)
    process.hangs_up(
        {
            "routes": [ROUTE],
            "calls": {"at_once": 3, "per_second": 4, "longest": 5, "verbs": 6, "drain": 7},
            "web": {"allow": ["10.0.0.0/8"], "breaker_failures": 2, "retries": 4},
            "webhooks": [{"hook": "all", "uri": "http://hook.example/"}],
            "fallback": {"media": ""},
        }
    )
    board = process.parts.switchboard
    assert (board.admission.at_once, board.admission.per_second) == (3, 4)
    assert (board.longest, board.verbs) == (5, 6)
    assert board.control.fallback is None
    assert board.control.asker.retries == 4
    assert process.allowed.permits("x", "10.1.2.3")
    assert process.parts.webhooks.wanted("CHANNEL_CREATE")
    assert process.reload.config.calls.drain == 7


async def test_what_was_allowed_before_is_not_any_more(tmp_path):
    process = Process(tmp_path, web={"allow": ["10.0.0.0/8", "crm.example"]})
    process.hangs_up({"routes": [ROUTE]})
    assert not process.allowed.permits("crm.example", "10.1.2.3")


async def test_what_needs_a_new_start_is_named_until_it_had_one_or_is_as_before(tmp_path):
    process = Process(tmp_path)
    changed = {"routes": [OTHER], "server": {"port": 9}, "web": {"per_host": 3, "retries": 1}}
    logged = process.hangs_up(changed)
    assert logged["config.needs_restart"]["settings"] == ["server.port", "web.per_host"]
    assert process.takes("2000")
    assert "config.needs_restart" in process.hangs_up(changed)
    assert "config.needs_restart" not in process.hangs_up({"routes": [OTHER]})
