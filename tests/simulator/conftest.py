"""What the simulator's tests share."""

import logging

import pytest
import structlog


@pytest.fixture
def quiet():
    """Log nothing: what is printed is looked at."""
    nothing = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=nothing)
    yield
    structlog.reset_defaults()
