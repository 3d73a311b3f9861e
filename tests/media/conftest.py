"""A library and the world around it."""

import pytest
from media_fakes import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path / "sounds")
