"""The debug log: what is kept of a call, and for how long."""

import asyncio

import pytest
from structlog.testing import capture_logs

from ari_pivot.report.debug import DebugLog
from ari_pivot.store.database import Database

pytestmark = pytest.mark.virtual

EPOCH = 1_800_000_000.0


def now():
    return EPOCH + asyncio.get_running_loop().time()


@pytest.fixture
async def database():
    database = Database("sqlite://", threaded=False)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def log(database):
    return DebugLog(database, keep=100, now=now)


async def test_documents_of_a_call_come_back_in_their_order(log):
    log.write("one", {"uri": "http://a/", "iteration": 1})
    log.write("two", {"uri": "http://b/"})
    await asyncio.sleep(5)
    log.write("one", {"resp_status_code": 200, "resp_headers": {"a": "b"}})
    assert await log.documents("one") == [
        {"created": EPOCH, "uri": "http://a/", "iteration": 1},
        {"created": EPOCH + 5, "resp_status_code": 200, "resp_headers": {"a": "b"}},
    ]
    assert await log.documents("unknown") == []


async def test_calls_are_listed_the_latest_first(log):
    for call in ("one", "two", "two", "three"):
        log.write(call, {})
        await asyncio.sleep(1)
    listed = await log.calls(2)
    assert [(call["call_id"], call["documents"]) for call in listed] == [("three", 1), ("two", 2)]
    assert listed[1]["created"] == EPOCH + 1


async def test_credentials_of_urls_are_not_kept(log):
    secret = "http://ann:hidden@web.test/voice"
    log.write("one", {"uri": secret, "resp_headers": {"location": secret}})
    log.write("one", {"resp_body": f"<Redirect>{secret}</Redirect>"})
    documents = await log.documents("one")
    assert "hidden" not in str(documents)
    assert documents[0]["uri"] == "http://web.test/voice"
    assert documents[1]["resp_body"] == "<Redirect>http://web.test/voice</Redirect>"


async def test_a_body_is_kept_up_to_64_kilobytes(log):
    log.write("one", {"resp_body": "x" * 100_000})
    (document,) = await log.documents("one")
    assert len(document["resp_body"]) == 65_536


async def test_what_is_old_is_forgotten(log):
    log.write("old", {})
    await asyncio.sleep(90)
    log.write("new", {})
    await asyncio.sleep(20)
    await log.sweep()
    assert [call["call_id"] for call in await log.calls()] == ["new"]


async def test_what_is_old_is_looked_for_every_hour_whatever_happens(database, log):
    running = asyncio.create_task(log.run())
    log.write("old", {})
    await asyncio.sleep(3700)
    assert await log.calls() == []
    await database.close()
    with capture_logs() as logs:
        await asyncio.sleep(3600)
    assert [entry["event"] for entry in logs] == ["debug.not_swept"]
    assert not running.done()
    running.cancel()


async def test_a_database_that_fails_is_said_and_stops_no_call(tmp_path):
    (tmp_path / "file").write_text("")
    database = Database(f"sqlite:///{tmp_path}/file/pivot.db", threaded=False)
    log = DebugLog(database, now=now)
    with capture_logs() as logs:
        log.write("one", {"uri": "http://a/"})
        await asyncio.sleep(1)
    await database.close()
    assert [(entry["event"], entry["call_id"]) for entry in logs] == [("debug.not_kept", "one")]
