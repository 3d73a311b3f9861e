"""What every test may use."""

import asyncio

import hypothesis

from ari_pivot.simulator.clock import VirtualLoop

# How long an example takes depends on the machine: no test fails for that.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


def pytest_asyncio_loop_factories(config, item):
    """Run a test marked `virtual` in virtual time."""
    virtual = item.get_closest_marker("virtual") is not None
    return {"loop": VirtualLoop if virtual else asyncio.new_event_loop}
