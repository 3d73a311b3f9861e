"""What every test may use."""

import asyncio

from ari_pivot.simulator.clock import VirtualLoop


def pytest_asyncio_loop_factories(config, item):
    """Run a test marked `virtual` in virtual time."""
    virtual = item.get_closest_marker("virtual") is not None
    return {"loop": VirtualLoop if virtual else asyncio.new_event_loop}
