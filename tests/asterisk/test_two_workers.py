"""Two workers on one PostgreSQL and one Asterisk: what is left by the one that is killed."""

import asyncio
import signal

import pytest
from programs import ARI_PIVOT, Program, free_port
from test_connection_lost import script
from test_process_killed import cdrs, kill
from test_real_recordings import fetch, until_told

pytestmark = pytest.mark.timeout(300)  # a worker is dead a minute after its last sign of life

RECORDS = '<Response><Record maxLength="60" playBeep="false" recordingStatusCallback="status"/></Response>'


async def second(stage, port):
    """Start another worker of the same configuration, with a name and folders of its own."""
    mine = {"ASTERISK__APP": f"{stage.app}-two", "REPORTS__WORKER": "two",
            "SERVER__PORT": str(port),
            "RECORDINGS__DIRECTORY": str(stage.folder / "two")}  # fmt: skip
    command = [*ARI_PIVOT, str(stage.folder / "ari_pivot.yaml")]
    environment = {f"ARI_PIVOT__{name}": value for name, value in mine.items()}
    worker = await Program.start("second", command, environment=environment)
    stage.stack.push_async_callback(worker.stop)
    await worker.until(lambda line: line["event"] == "asterisk.connected")
    return worker


async def test_the_other_delivers_reports_and_finishes_recordings(stage, postgresql):
    url = await asyncio.to_thread(postgresql.new)
    talks = script(RECORDS, do=[{"at": 1, "speak": 30}], status={"status": 204})
    owes = script("<Response/>", cdr=[{"status": 503}, {"status": 204}])
    reports = {"database": url, "worker": "one", "first": 3600, "longest": 3600}
    await stage.open({"1000": talks, "2000": owes}, reports=reports)
    other = await second(stage, port := free_port())
    await stage.call("2000", owes)
    await stage.reported("2000")  # and refused
    caller = await stage.call("1000", talks)
    await stage.pivot.until(lambda line: line.get("name") == "Record")
    await asyncio.sleep(2)  # he speaks

    await kill(stage)
    taken = await other.until(lambda line: line["event"] == "worker.taken_over", 100)
    await stage.reported("1000")
    (told,) = await until_told(stage, "status")

    assert (taken["workers"], taken["calls"]) == (["one"], 1)
    assert told["RecordingStatus"] == "completed"
    recording = told["RecordingUrl"].rpartition("/")[2]  # its host is that of the dead one
    assert len(await fetch(f"http://127.0.0.1:{port}/recordings/{recording}")) > 16_000
    assert [one.kind for one in stage.web.asked["2000"]].count("cdr") == 1  # it waits its hour
    await stage.lab.end(caller)
    await other.stop(signal.SIGTERM)
    await stage.start()  # the one that was killed comes back, and tells nothing again
    await stage.pivot.stop()
    assert len(cdrs(stage)) == len(await until_told(stage, "status")) == 1
