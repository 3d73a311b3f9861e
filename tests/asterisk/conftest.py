"""A real Asterisk for the tests, where one can be had; `REQUIRE_ASTERISK=1` takes no excuse."""

import asyncio
import os

import lab
import pytest
from scenario import load
from stage import play_all, staged

REQUIRED = os.environ.get("REQUIRE_ASTERISK", "") not in {"", "0"}


def pytest_collection_modifyitems(items):
    """Give every test here its mark, and the time that making a lab takes."""
    for item in items:
        if item.path.parent.name == "asterisk":
            item.add_marker(pytest.mark.asterisk)
            item.add_marker(pytest.mark.timeout(600))


def pytest_terminal_summary(terminalreporter):
    """Say how much did not run for want of an Asterisk."""
    skipped = [
        one for one in terminalreporter.stats.get("skipped", ()) if "asterisk" in one.keywords
    ]
    if skipped:
        reason = skipped[0].longrepr[2] if isinstance(skipped[0].longrepr, tuple) else ""
        terminalreporter.write_line(
            f"{len(skipped)} scenarios on a real Asterisk did not run: "
            + reason.removeprefix("Skipped: "),
            yellow=True,
        )


def bring_up(version):
    try:
        return lab.up(version)
    except lab.NoLab as reason:
        if REQUIRED:
            pytest.fail(f"REQUIRE_ASTERISK is set, and: {reason}")
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def asterisk():
    """Return the lab's settings, Asterisk 22."""
    return bring_up("22")


@pytest.fixture(scope="session")
def asterisk_16():
    """Return the settings of an Asterisk that takes commands over HTTP only."""
    return bring_up("16")


@pytest.fixture(scope="session")
def outcomes(asterisk, request, tmp_path_factory):
    """Return what came of every scenario that this run asks for, all played at once."""
    return play_wanted("outcomes", asterisk, request, tmp_path_factory)


@pytest.fixture(scope="session")
def outcomes_over_http(asterisk_16, request, tmp_path_factory):
    """Return the same for those that are played on Asterisk 16."""
    return play_wanted("outcomes_over_http", asterisk_16, request, tmp_path_factory)


def play_wanted(fixture, settings, request, tmp_path_factory):
    wanted = {
        item.callspec.params["scenario"].name
        for item in request.session.items
        if fixture in getattr(item, "fixturenames", ()) and hasattr(item, "callspec")
    }
    chosen = [one for one in load() if one.name in wanted]
    return asyncio.run(play_all(chosen, settings, tmp_path_factory.mktemp("scenarios")))


@pytest.fixture
async def stage(asterisk, tmp_path):
    """Give a stage to what is not played beside others."""
    async with staged(asterisk, tmp_path) as made:
        yield made
