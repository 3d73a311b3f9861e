"""What every test may use."""

import asyncio
import os

import hypothesis
import postgres_server
import pytest

from ari_pivot.simulator.clock import VirtualLoop

# How long an example takes depends on the machine: no test fails for that.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


def pytest_asyncio_loop_factories(config, item):
    """Run a test marked `virtual` in virtual time."""
    virtual = item.get_closest_marker("virtual") is not None
    return {"loop": VirtualLoop if virtual else asyncio.new_event_loop}


@pytest.fixture(scope="session")
def postgresql():
    """Return a real PostgreSQL, where one can be had; `REQUIRE_POSTGRES=1` takes no excuse."""
    try:
        with postgres_server.running() as server:
            yield server
    except postgres_server.NoPostgres as reason:
        if os.environ.get("REQUIRE_POSTGRES", "") not in {"", "0"}:
            pytest.fail(f"REQUIRE_POSTGRES is set, and: {reason}")
        pytest.skip(f"no PostgreSQL: {reason}")
