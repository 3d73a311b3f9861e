"""An Asterisk that is too old is told of."""

import pytest
from structlog.testing import capture_logs

from ari_pivot.ari.version import look_at, shortcoming


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("22.10.1", False), ("22.11.0-rc1", False), ("20.20.1", False), ("23.4.1", False),
        ("24.0.0", False), ("22.10.0", True), ("22.9", True), ("20.20.0", True), ("21.12.0", True),
        ("18.26.2", True), ("16.28.0~dfsg-0+deb11u4", True), ("unknown", True),
    ],
)  # fmt: skip
def test_versions_with_known_deadlocks_are_old(version, old):
    assert bool(shortcoming(version)) is old


class Asterisk:
    async def send(self, operation, **params):
        assert (operation.name, params) == ("asterisk.getInfo", {"only": "system"})
        return {"system": {"version": "22.9.0"}}


async def test_that_it_is_old_is_said_when_it_is_connected():
    with capture_logs() as logs:
        await look_at(Asterisk())
    assert [(one["event"], one["version"]) for one in logs] == [("asterisk.old", "22.9.0")]
