"""`ari-pivot outbox`: what is owed is seen, sent again and dropped, beside a process that runs."""

import asyncio
import json
import time

import pytest
import yaml
from aiohttp.web import Response
from outbox_fakes import Web as FakeWeb
from outbox_fakes import now, outbox, refusal
from programs import ARI_PIVOT, Program, free_port
from typer.testing import CliRunner
from web_servers import http

from ari_pivot.cli import command
from ari_pivot.report.entry import Report
from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock

DEAD, WAITS = "http://u:hidden@dead.example/cdr?key=hidden", "https://waits.example:8443/hook"


@pytest.fixture
def file(tmp_path):
    """Return a configuration whose database holds one dead report and one that waits."""
    fill(tmp_path, {DEAD: "call-1", WAITS: "call-2"})
    return write(tmp_path)


def write(folder, **sections):
    reports = {"database": f"sqlite:///{folder}/pivot.db"}
    media = {"directory": str(folder), "asterisk_directory": str(folder)}
    path = folder / "ari_pivot.yaml"
    path.write_text(yaml.safe_dump({"reports": reports, "media": media} | sections))
    return path


def fill(folder, calls):
    """Owe a report at each URL; the first has been given up."""
    first = next(iter(calls))
    web = FakeWeb()
    for url in calls:
        web.answers[url] = [refusal(503)]

    async def owe():
        settings = OutboxSettings(first=1e6, longest=1e6)
        async with outbox(web, f"sqlite:///{folder}/pivot.db", settings) as box:
            for url, call in calls.items():
                tries = 1 if url == first else None
                report = {"call_id": call, "url": url, "tries": tries, "params": {"Digits": "1"}}
                await box.put(Report(kind="cdr", created_at=now(), **report))
            await asyncio.sleep(1)

    clock.run(owe())


def run(file, *arguments, says=None):
    return CliRunner().invoke(command, ["outbox", *arguments, "-c", str(file)], input=says)


def listed(file, *arguments):
    return json.loads(run(file, "list", "--json", *arguments).stdout)


def test_what_waits_and_what_is_dead_is_listed_with_its_last_error(file):
    dead, waits = listed(file)
    assert (dead["state"], waits["state"]) == ("dead", "waiting")
    assert (dead["attempts"], dead["error"]) == (1, "answered 503")
    assert dead["origin"] == "http://dead.example"
    assert (dead["call_id"], dead["kind"], dead["params"]) == ("call-1", "cdr", {"Digits": "1"})
    assert "hidden" not in json.dumps([dead, waits])
    text = run(file, "list").stdout
    assert dead["id"][:12] in text
    assert "1 waiting, 1 dead" in text


@pytest.mark.parametrize(
    ("wanted", "calls"),
    [
        (["--state", "dead"], ["call-1"]),
        (["--state", "waiting"], ["call-2"]),
        (["--origin", ":8443"], ["call-2"]),
        (["--origin", "%"], []),
        (["--call", "call-1"], ["call-1"]),
        (["--kind", "webhook"], []),
        (["--kind", "cdr"], ["call-1", "call-2"]),
        (["no-such-id"], []),
    ],
)
def test_which_are_meant_can_be_said(file, wanted, calls):
    assert [one["call_id"] for one in listed(file, *wanted)] == calls


def test_an_id_may_be_cut_short(file):
    (dead, _) = listed(file)
    assert [one["id"] for one in listed(file, dead["id"][:12])] == [dead["id"]]


@pytest.mark.parametrize("doing", ["retry", "drop"])
def test_it_asks_before_it_does_anything(file, doing):
    before = listed(file)
    assert run(file, doing, "--all", says="n\n").exit_code == 1
    assert run(file, doing, "--all", says="").exit_code == 1
    assert listed(file) == before


def test_what_is_dropped_is_gone(file):
    assert run(file, "drop", "--state", "dead", says="y\n").exit_code == 0
    assert [one["call_id"] for one in listed(file)] == ["call-2"]


def test_a_dead_one_that_is_tried_again_waits_and_is_due(file):
    assert run(file, "retry", "--state", "dead", "--yes").exit_code == 0
    (again, _) = listed(file)
    assert (again["state"], again["attempts"]) == ("waiting", 0)
    assert again["due_at"] <= time.time()


@pytest.mark.parametrize("arguments", [[], ["--all", "--state", "dead"]])
def test_all_of_them_must_be_said_and_nothing_beside_it(file, arguments):
    assert run(file, "drop", *arguments, "--yes").exit_code == 2
    assert len(listed(file)) == 2


def test_none_to_be_found_is_told(file):
    assert run(file, "retry", "nothing", "--yes").exit_code == 1


def test_a_database_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "pivot.db").write_text("no database")
    done = run(write(tmp_path), "list")
    assert done.exit_code == 1
    assert "no SQLite database" in done.stderr


async def test_a_process_that_runs_sends_it_again_within_seconds_and_forgets_what_is_dropped(
    tmp_path,
):
    taken = []

    async def take(request):
        taken.append((request.path, (await request.post())["Digits"]))
        return Response(status=204)

    async with http(take) as url:
        calls = {f"{url}/dead": "call-1", f"{url}/waits": "call-2", f"{url}/drop": "call-3"}
        await asyncio.to_thread(fill, tmp_path, calls)
        file = write(
            tmp_path,
            asterisk={"url": f"http://127.0.0.1:{free_port()}"},
            server={"port": free_port()},
            web={"allow": ["127.0.0.1"]},
            log={"format": "json", "level": "debug"},
        )
        process = await Program.start("ari-pivot", [*ARI_PIVOT, str(file)])
        try:
            await process.until(lambda line: line["event"] == "asterisk.lost")
            await asyncio.to_thread(run, file, "drop", "--call", "call-3", "--yes")
            await asyncio.to_thread(run, file, "retry", "--all", "--yes")
            async with asyncio.timeout(20):
                while len(taken) < 2:  # noqa: ASYNC110 - another process sends
                    await asyncio.sleep(0.05)
        finally:
            await process.stop()
    assert sorted(taken) == [("/dead", "1"), ("/waits", "1")]
    assert await asyncio.to_thread(listed, file) == []
